"""End blocks of Python-Markdown where CommonMark ends them: at a list item or a heading without indent."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockQuoteProcessor, ListIndentProcessor

_ITEM = re.compile(r" {0,3}(?:[*+-]|[0-9]{1,9}\.) +\S")
_STARTS = re.compile(r" {0,3}(?:(?:[*+-]|[0-9]{1,9}\.) +\S|#{1,6} |(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$)")
_QUOTED = re.compile(r" {0,3}>")


class IndentedBlockProcessor(ListIndentProcessor):
    """Ends an indented block at a list item without indent.

    The stock class reads the item as a line of that block.
    """

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse an indented block into its list item."""
        lines = blocks[0].split("\n")
        for index in range(1, len(lines)):
            if _ITEM.match(lines[index]):
                blocks[0] = "\n".join(lines[:index])
                blocks.insert(1, "\n".join(lines[index:]))
                break
        super().run(parent, blocks)


class QuoteBlockProcessor(BlockQuoteProcessor):
    """Ends a quote at a list item, a heading or a rule without a `>`."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse a quote, and leave the lines after it for the next blocks."""
        lines = blocks[0].split("\n")
        quoted = False
        for index, line in enumerate(lines):
            if _QUOTED.match(line):
                quoted = True
            elif quoted and _STARTS.match(line):
                blocks[0] = "\n".join(lines[:index])
                blocks.insert(1, "\n".join(lines[index:]))
                break
        super().run(parent, blocks)


def use_ascii_digits(lists: Any) -> None:
    """Make a list processor accept only ASCII digits as numbers of items.

    The stock class accepts digits of all scripts and replaces them: a paragraph that begins with `۱.` would
    lose its digit.
    """
    for name in ("RE", "CHILD_RE", "INDENT_RE"):
        expression: re.Pattern[str] | None = getattr(lists, name, None)
        if expression is not None:  # the names are not documented
            setattr(lists, name, re.compile(expression.pattern.replace(r"\d", "[0-9]"), expression.flags))
