"""Where Markdown begins admonitions (`!!! note`) and tabs (`=== "Tab"`), whose content is indented below."""

import re
from collections.abc import Iterator, Sequence

from sitegen.formats import lazy_regex
from sitegen.markdown.engines.fence_lines import Margins, read_outside_code

ADMONITION = lazy_regex.compile(
    r"""!!! ?(?P<type>[A-Za-z][\w-]*(?: +[\w-]+)*)(?: +"(?P<title>[^"\n]*)")? *""", re.ASCII
)
TAB = lazy_regex.compile(r"""===(?P<flags>[!+]{0,2}) ?"(?P<title>[^"\n]+)" *""")
CONTENT_INDENT = 4
"""The number of spaces by which the content is indented below the marker."""

_MARKER = lazy_regex.compile(rf"( *)(?:{ADMONITION.pattern}|{TAB.pattern.replace('title', 'tab')})", re.ASCII)


def may_have_markers(text: str) -> bool:
    """Return whether Markdown may contain admonitions or tabs."""
    return "!!!" in text or ('"' in text and "===" in text)


def find_markers(lines: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of the lines that begin an admonition or a tab, if its content follows, but not within code."""
    wanted = set(_find_candidates(lines))
    if not wanted:
        return
    margins = Margins()
    for number, line, fence in read_outside_code(lines, margins):
        indent = line[: len(line) - len(line.lstrip(" "))]
        if not fence and number in wanted and margins.of_fence(indent) is not None:
            yield number


def _find_candidates(lines: Sequence[str]) -> Iterator[int]:
    for number, line in enumerate(lines):
        marker = _MARKER.fullmatch(line) if "!!!" in line or "===" in line else None
        if marker:
            below = next((lines[later] for later in range(number + 1, len(lines)) if lines[later].strip()), "")
            if below.startswith(" " * (len(marker[1]) + CONTENT_INDENT)):
                yield number
