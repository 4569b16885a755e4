"""The lines of a post's file at which its links to files of the site stand."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from html import escape
from urllib.parse import unquote

from sitegen.model import Reference

_BEFORE = frozenset("(<\"'=: \t\n,>")


def locate(targets: Sequence[str], text: str, line: int) -> tuple[Reference, ...]:
    """Find in a text, which begins at a line of its file, where each link's target is written.

    Targets come in the order of the page, which is that of the text but for footnotes and link
    definitions. One that is not found (an extension has made it) gets the text's first line.
    """
    breaks = [match.start() for match in re.finditer("\n", text)]
    found = []
    last = 0
    for target in targets:
        for form in dict.fromkeys((target, unquote(target), escape(target))):
            place = _find(form, text, last)
            if place >= 0:
                last = place + len(form)
            else:
                place = _find(form, text, 0)
            if place >= 0:
                break
        found.append(Reference(target, line + bisect_left(breaks, max(place, 0))))
    return tuple(found)


def _find(target: str, text: str, start: int) -> int:
    """Return where a target is written that is not the end of a longer one, or -1."""
    place = text.find(target, start)
    while place > 0 and text[place - 1] not in _BEFORE:
        place = text.find(target, place + 1)
    return place
