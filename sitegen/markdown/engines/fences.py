"""Fenced code blocks for Python-Markdown as CommonMark has them: any words may follow the language."""

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
    """Find fences as CommonMark does, also in list items and quotes, and leave each block to the stock class.

    A fence that is never closed reaches to the end of what it is in: the text, the list item or the quote.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Put fenced code away."""
        if not any("```" in line or "~~~" in line for line in lines):
            return lines
        done: list[str] = []
        margins = _Margins()
        place = 0
        while place < len(lines):
            line = lines[place]
            opened = _OPEN.fullmatch(line) if "```" in line or "~~~" in line else None
            if opened and opened[2][0] == "`" and "`" in opened[3]:
                opened = None
            margin = margins.of_fence(opened[1]) if opened else None
            if opened is None or margin is None:
                done.append(line)
                margins.add(line)
                place += 1
                continue
            prefix, fence = opened[1], opened[2]
            code, place = _read_code(lines, place + 1, prefix, fence)
            block = super().run([fence + _plain_info(opened[3]), *code, fence])
            if ">" in prefix and not (place < len(lines) and lines[place].lstrip(" ").startswith(">")):
                block.pop()
            done += [f"{margin}{line}" if line or ">" in margin else "" for line in block]
            margins.add(margin + fence)
        return done if done[-2:] == ["", ""] else [*done, "", ""]


class _Margins:
    """The indents of the lines so far that a later line can belong to, each less than the next."""

    def __init__(self) -> None:
        self._indents: list[int] = []
        self._contents: list[tuple[int, int] | None] = []
        """For a list item the least indent of its content, and the one that Python-Markdown counts from."""
        self._blank = True

    def add(self, line: str) -> None:
        """Take a line that follows those so far."""
        bare = line.lstrip(" ")
        item = _ITEM.match(line) if bare else None
        if item or (bare and self._blank):  # others go on with the paragraph above, however they are indented
            indent = len(line) - len(bare)
            keep = bisect_left(self._indents, indent)
            counted = (indent // 4 + 1) * 4
            self._indents[keep:] = [indent]
            self._contents[keep:] = [(min(item.end(), counted), counted) if item else None]
        self._blank = not bare

    def of_fence(self, prefix: str) -> str | None:
        """Return what goes before a block whose fence has a prefix, None where the fence is code already."""
        if ">" in prefix:
            return prefix
        indent = len(prefix)
        above = bisect_left(self._indents, indent) - 1
        content = self._contents[above] if above >= 0 else None
        if content and content[0] <= indent < content[1] + 4:
            return " " * content[1]
        return "" if indent < 4 else None


def _read_code(lines: Sequence[str], start: int, prefix: str, fence: str) -> tuple[list[str], int]:
    """Return the lines of a block without its prefix, and the number of the line that follows the block."""
    code: list[str] = []
    depth = prefix.count(">")
    for place in range(start, len(lines)):
        line = lines[place]
        if depth:
            quoted = re.match(rf"(?: {{0,3}}> ?){{{depth}}}", line)
            if quoted is None:
                return code, place
            line = line[quoted.end() :]
        elif prefix:
            bare = line.lstrip(" ")
            if bare and len(prefix) > 3 and not line.startswith(prefix) and not bare.startswith(fence):
                return code, place
            line = line[min(len(prefix), len(line) - len(bare)) :]
        closing = line.strip(" ")
        if closing.startswith(fence) and not closing.strip(fence[0]) and not line.startswith("    "):
            return code, place + 1
        code.append(line)
    while code and not code[-1].strip():
        code.pop()
    return code, len(lines)


def _plain_info(info: str) -> str:
    """Return the words after a fence as far as the stock class understands them."""
    info = info.rstrip()
    if _STOCK_INFO.fullmatch(info):
        return info
    if _ATTRIBUTES.fullmatch(info) and not get_attrs_and_remainder(info[1:-1])[1]:
        return info
    return language_of(info)
