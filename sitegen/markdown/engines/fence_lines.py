"""The lines of fenced code in Markdown, also within list items, quotes and admonitions, for both engines."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from sitegen.formats import lazy_regex
from sitegen.markdown.code_titles import find_title, join_title
from sitegen.markdown.fence_languages import language_of

_OPEN = lazy_regex.compile(r"((?: {0,3}> ?)+| *)(`{3,}|~{3,}) *(.*)")
_ITEM = lazy_regex.compile(r""" *(?:(?:[*+-]|[0-9]+\.) |!!! ?(?=[A-Za-z])|===[!+]{0,2} ?(?="))""")


def match_fence(line: str) -> re.Match[str] | None:
    """Return the match of a line that begins fenced code: what is before the fence, the fence, and the words after."""
    opened = _OPEN.fullmatch(line) if "```" in line or "~~~" in line else None
    return None if opened and opened[2][0] == "`" and "`" in opened[3] else opened


def ends_fence(line: str, fence: str) -> bool:
    """Return whether a line ends the code that a fence began."""
    bare = line.strip(" ")
    return bare.startswith(fence) and not bare.strip(fence[0])


class Code:
    """The fenced code that the current line is in, while lines are read in order."""

    def __init__(self) -> None:
        self.fence = ""
        self._prefix = ""

    def begin(self, opened: re.Match[str]) -> None:
        """Note a line that begins code, as `match_fence` returns it."""
        self._prefix, self.fence = opened[1], opened[2]

    def contains(self, line: str) -> bool:
        """Return whether a line belongs to the code, also as its end; the code may end before it, as what it is in."""
        if not self.fence:
            return False
        is_quoted = ">" in self._prefix
        bare = line.lstrip("> ") if is_quoted else line.lstrip(" ")
        if ends_fence(bare, self.fence):
            self.fence = ""
            return True
        if is_quoted:
            is_inside = line.lstrip(" ").startswith(">")
        else:
            is_inside = len(self._prefix) < 4 or not bare or line.startswith(self._prefix)
        self.fence = self.fence if is_inside else ""
        return is_inside


class Margins:
    """The indents of the lines so far that a later line can belong to, in ascending order."""

    def __init__(self) -> None:
        self._indents: list[int] = []
        self._contents: list[tuple[int, int] | None] = []
        """For a list item the minimum indent of its content, and the one that Python-Markdown expects."""
        self._blank = True

    def add(self, line: str) -> None:
        """Add the next line."""
        bare = line.lstrip(" ")
        item = _ITEM.match(line) if bare else None
        if item or (bare and self._blank):  # others continue the paragraph above, with any indent
            indent = len(line) - len(bare)
            if item and bare[0] in "!=" and self.of_fence(" " * indent) is None:
                item = None  # it is code
            keep = bisect_left(self._indents, indent)
            counted = (indent // 4 + 1) * 4
            self._indents[keep:] = [indent]
            self._contents[keep:] = [(min(item.end(), counted), counted) if item else None]
        self._blank = not bare

    def of_fence(self, prefix: str) -> str | None:
        """Return the prefix of a block for that of its fence, or None if the fence is inside of indented code."""
        if ">" in prefix:
            return prefix
        indent = len(prefix)
        above = bisect_left(self._indents, indent) - 1
        content = self._contents[above] if above >= 0 else None
        if content and content[0] <= indent < content[1] + 4:
            return " " * content[1]
        return "" if indent < 4 else None


def read_outside_code(lines: Iterable[str], margins: Margins) -> Iterator[tuple[int, str, re.Match[str] | None]]:
    """Yield number and content of each line that is not within code, and for one that opens code its fence.

    `margins` gets each line after it was yielded.
    """
    code = Code()
    for number, line in enumerate(lines):
        if code.contains(line):
            continue
        opened = match_fence(line)
        fence = opened if opened and margins.of_fence(opened[1]) is not None else None
        if fence:
            code.begin(fence)
        yield number, line, fence
        margins.add(line)


def name_titles(text: str) -> str:
    """Return CommonMark whose code blocks have their titles in the names of their languages."""
    if '"' not in text or 'title="' not in text:  # one character is found in a tenth of the time
        return text
    lines = text.split("\n")
    for number, _, fence in read_outside_code(tuple(lines), Margins()):
        if fence and (title := find_title(fence[3])):
            lines[number] = f"{fence[1]}{fence[2]}{join_title(language_of(fence[3]), title)}"
    return "\n".join(lines)
