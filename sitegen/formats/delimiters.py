r"""Find spans between two delimiters in linear time, even if closing delimiters are missing.

A search for `<p[^>]*>` in `<p <p <p <p` reads the rest of the string once for each `<p`. An expression that ends in
`(?:>|(?P<unclosed>\Z))` reads it once: where the closing delimiter is missing for one start, it is missing for all
later ones. The functions of this module treat such a match as none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import AnyStr


def find_closed(pattern: re.Pattern[AnyStr], string: AnyStr) -> Iterator[re.Match[AnyStr]]:
    """Yield the matches of an expression, except those that end in the group `unclosed`."""
    for match in pattern.finditer(string):
        if match.lastgroup != "unclosed":
            yield match


def search_closed(pattern: re.Pattern[AnyStr], string: AnyStr) -> re.Match[AnyStr] | None:
    """Return the first match of an expression that does not end in the group `unclosed`."""
    return next(find_closed(pattern, string), None)


def replace_closed(pattern: re.Pattern[AnyStr], replacement: AnyStr, string: AnyStr) -> AnyStr:
    """Replace each match that does not end in the group `unclosed` with a literal string."""
    return pattern.sub(lambda match: match[0] if match.lastgroup == "unclosed" else replacement, string)


class NextMatch:
    """Finds the next match of an expression from ascending positions, and reads the string only once."""

    def __init__(self, pattern: re.Pattern[str], string: str) -> None:
        self._matches = pattern.finditer(string)
        self._match = next(self._matches, None)

    def find(self, position: int) -> re.Match[str] | None:
        """Return the first match that begins at a position or after it."""
        while self._match is not None and self._match.start() < position:
            self._match = next(self._matches, None)
        return self._match


def remove_spans(string: str, start: re.Pattern[str], ends: Mapping[str, Sequence[re.Pattern[str]]]) -> str:
    """Remove each span from a match of `start` to the next match of an expression in `ends` for its lower case.

    The first of these expressions that matches ends the span. A start without an end is not removed.
    """
    found = {end: NextMatch(end, string) for expressions in ends.values() for end in expressions}
    remaining: list[str] = []
    position = 0
    for opening in start.finditer(string):
        if opening.start() >= position:
            matches = (found[end].find(opening.end()) for end in ends[opening[0].lower()])
            if closing := next(filter(None, matches), None):
                remaining.append(string[position : opening.start()])
                position = closing.end()
    return "".join((*remaining, string[position:]))


_TAG = re.compile(r"<[^>]*+(?:>|(?P<unclosed>\Z))")
_CODE = re.compile(r"<(?:pre|code)\b")
_CODE_ENDS = {f"<{name}": (re.compile(f"</{name}>"),) for name in ("pre", "code")}


def remove_code(html: str) -> str:
    """Remove the `pre` and `code` elements of HTML whose tags are in lower case."""
    return remove_spans(html, _CODE, _CODE_ENDS) if "<pre" in html or "<code" in html else html


def remove_tags(html: str) -> str:
    """Remove what is between angle brackets."""
    return replace_closed(_TAG, "", html)
