"""Fenced code blocks of CommonMark for Python-Markdown: with any info string."""

import re
from collections.abc import Sequence

from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.extensions.fenced_code import FencedBlockPreprocessor

from sitegen.formats import lazy_regex
from sitegen.markdown.code_titles import find_title, join_title
from sitegen.markdown.engines.fence_lines import Margins, ends_fence, match_fence
from sitegen.markdown.fence_languages import language_of

_ATTRIBUTES = lazy_regex.compile(r"\{\s*(?:[.#]|\w+=).*\}")
_STOCK_INFO = lazy_regex.compile(r"""\.?[\w#.+-]* *(?:hl_lines=("|').*?\1 *)?""")


class FencePreprocessor(FencedBlockPreprocessor):
    """Finds fences as CommonMark does, also in list items and quotes, and passes each block to the stock class.

    An unclosed fence extends to the end of its container: the post, the list item or the quote.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Replace fenced code with placeholders."""
        if not any("```" in line or "~~~" in line for line in lines):
            return lines
        done: list[str] = []
        margins = Margins()
        index = 0
        while index < len(lines):
            line = lines[index]
            opened = match_fence(line)
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
        if ends_fence(line, fence) and not line.startswith("    "):
            return code, index + 1
        code.append(line)
    while code and not code[-1].strip():
        code.pop()
    return code, len(lines)


def _plain_info(info: str) -> str:
    """Return the part of an info string that the stock class supports."""
    info = info.rstrip()
    if title := find_title(info):
        return join_title(language_of(info), title)
    if _STOCK_INFO.fullmatch(info):
        return info
    if _ATTRIBUTES.fullmatch(info) and not get_attrs_and_remainder(info[1:-1])[1]:
        return info
    return language_of(info)
