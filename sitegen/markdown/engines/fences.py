"""Fenced code blocks of CommonMark for Python-Markdown: with any info string."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.extensions.fenced_code import FencedBlockPreprocessor

from sitegen.markdown.fence_languages import language_of

_OPEN = re.compile(r"((?: {0,3}> ?)+| *)(`{3,}|~{3,}) *(.*)")
_ITEM = re.compile(r" *(?:[*+-]|[0-9]+\.) ")
_ATTRIBUTES = re.compile(r"\{\s*(?:[.#]|\w+=).*\}")
_STOCK_INFO = re.compile(r"""\.?[\w#.+-]* *(?:hl_lines=("|').*?\1 *)?""")


class FencePreprocessor(FencedBlockPreprocessor):
    """Finds fences as CommonMark does, also in list items and quotes, and passes each block to the stock class.

    An unclosed fence extends to the end of its container: the post, the list item or the quote.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Replace fenced code with placeholders."""
        if not any("```" in line or "~~~" in line for line in lines):
            return lines
        done: list[str] = []
        margins = _Margins()
        index = 0
        while index < len(lines):
            line = lines[index]
            opened = _OPEN.fullmatch(line) if "```" in line or "~~~" in line else None
            if opened and opened[2][0] == "`" and "`" in opened[3]:
                opened = None
            margin = margins.of_fence(opened[1]) if opened else None
            if opened is None or margin is None:
                done.append(line)
                margins.add(line)
                index += 1
                continue
            prefix, fence = opened[1], opened[2]
            code, index = _read_code(lines, index + 1, prefix, fence)
            block = super().run([fence + _plain_info(opened[3]), *code, fence])
            if ">" in prefix and not (index < len(lines) and lines[index].lstrip(" ").startswith(">")):
                block.pop()
            done += [f"{margin}{line}" if line or ">" in margin else "" for line in block]
            margins.add(margin + fence)
        return done if done[-2:] == ["", ""] else [*done, "", ""]


class _Margins:
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


def _read_code(lines: Sequence[str], start: int, prefix: str, fence: str) -> tuple[list[str], int]:
    """Return the lines of a block without its prefix, and the index of the line after the block."""
    code: list[str] = []
    depth = prefix.count(">")
    for index in range(start, len(lines)):
        line = lines[index]
        if depth:
            quoted = re.match(rf"(?: {{0,3}}> ?){{{depth}}}", line)
            if quoted is None:
                return code, index
            line = line[quoted.end() :]
        elif prefix:
            bare = line.lstrip(" ")
            if bare and len(prefix) > 3 and not line.startswith(prefix) and not bare.startswith(fence):
                return code, index
            line = line[min(len(prefix), len(line) - len(bare)) :]
        closing = line.strip(" ")
        if closing.startswith(fence) and not closing.strip(fence[0]) and not line.startswith("    "):
            return code, index + 1
        code.append(line)
    while code and not code[-1].strip():
        code.pop()
    return code, len(lines)


def _plain_info(info: str) -> str:
    """Return the part of an info string that the stock class supports."""
    info = info.rstrip()
    if _STOCK_INFO.fullmatch(info):
        return info
    if _ATTRIBUTES.fullmatch(info) and not get_attrs_and_remainder(info[1:-1])[1]:
        return info
    return language_of(info)
