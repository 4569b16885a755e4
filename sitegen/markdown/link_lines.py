"""Find the lines of a post's links to files of the site."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from html import escape
from urllib.parse import unquote

from sitegen.model import Reference

_BEFORE = frozenset("(<\"'=: \t\n,>")


def locate_references(targets: Sequence[str], text: str, line: int) -> tuple[Reference, ...]:
    """Return each link target with its line, for Markdown that begins at a line of its file.

    Targets are in the order of the page, which is that of the Markdown except for footnotes and link
    definitions. One that is not found, because an extension made it, gets the first line.
    """
    breaks = [match.start() for match in re.finditer("\n", text)]
    found = []
    last = 0
    for target in targets:
        for form in dict.fromkeys((target, unquote(target), escape(target))):
            offset = _find(form, text, last)
            if offset >= 0:
                last = offset + len(form)
            else:
                offset = _find(form, text, 0)
            if offset >= 0:
                break
        found.append(Reference(target, line + bisect_left(breaks, max(offset, 0))))
    return tuple(found)


def _find(target: str, text: str, start: int) -> int:
    """Return the offset of a target that is not the end of a longer one, or -1."""
    offset = text.find(target, start)
    while offset > 0 and text[offset - 1] not in _BEFORE:
        offset = text.find(target, offset + 1)
    return offset
