"""Blocks of Python-Markdown that end where CommonMark ends them: at a list item or a heading at the margin."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockQuoteProcessor, ListIndentProcessor

_ITEM = re.compile(r" {0,3}(?:[*+-]|[0-9]{1,9}\.) +\S")
_STARTS = re.compile(r" {0,3}(?:(?:[*+-]|[0-9]{1,9}\.) +\S|#{1,6} |(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$)")
_QUOTED = re.compile(r" {0,3}>")


class IndentedBlockProcessor(ListIndentProcessor):
    """Let a list item at the margin end an indented block above it.

    The stock class takes it for a line of that block.
    """

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Read an indented block into the list item that it belongs to."""
        lines = blocks[0].split("\n")
        for place in range(1, len(lines)):
            if _ITEM.match(lines[place]):
                blocks[0] = "\n".join(lines[:place])
                blocks.insert(1, "\n".join(lines[place:]))
                break
        super().run(parent, blocks)


class QuoteBlockProcessor(BlockQuoteProcessor):
    """Let a list item, a heading or a rule without a mark end a quote above it."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Read a quote, and leave what ends it for the blocks that follow."""
        lines = blocks[0].split("\n")
        quoted = False
        for place, line in enumerate(lines):
            if _QUOTED.match(line):
                quoted = True
            elif quoted and _STARTS.match(line):
                blocks[0] = "\n".join(lines[:place])
                blocks.insert(1, "\n".join(lines[place:]))
                break
        super().run(parent, blocks)


def use_ascii_digits(lists: Any) -> None:
    """Let only ASCII digits number the items that a list processor finds.

    The stock class takes digits of all scripts and shows them as its own numbers: a paragraph that begins with `۱.`
    would lose its digit.
    """
    for name in ("RE", "CHILD_RE", "INDENT_RE"):
        expression: re.Pattern[str] | None = getattr(lists, name, None)
        if expression is not None:  # the names are not documented
            setattr(lists, name, re.compile(expression.pattern.replace(r"\d", "[0-9]"), expression.flags))
