"""End blocks of Python-Markdown where CommonMark ends them: at a list item or a heading without indent."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockQuoteProcessor, ListIndentProcessor

from sitegen.formats import lazy_regex
from sitegen.markdown.admonitions import ALERTS

_ITEM = lazy_regex.compile(r" {0,3}(?:[*+-]|[0-9]{1,9}\.) +\S")
_STARTS = lazy_regex.compile(r" {0,3}(?:(?:[*+-]|[0-9]{1,9}\.) +\S|#{1,6} |(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$)")
_QUOTED = re.compile(r" {0,3}>")
_ALERT = lazy_regex.compile(rf"[ >]*\[!(?:{'|'.join(ALERTS)})\]", re.IGNORECASE)


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
        above = self.lastChild(parent)
        if above is not None and above.tag == "blockquote" and (_is_alert(blocks[0]) or _is_alert(_text_of(above))):
            stop = SubElement(parent, "hr")  # the stock class goes on with a quote that is right above
            super().run(parent, blocks)
            parent.remove(stop)
        else:
            super().run(parent, blocks)


def _is_alert(text: str) -> bool:
    return _ALERT.match(text) is not None


def _text_of(quote: Element) -> str:
    """Return the text that a quote begins with."""
    return (quote[0].text or "") if len(quote) else ""


def use_ascii_digits(lists: Any) -> None:
    """Make a list processor accept only ASCII digits as numbers of items.

    The stock class accepts digits of all scripts and replaces them: a paragraph that begins with `۱.` would
    lose its digit.
    """
    for name in ("RE", "CHILD_RE", "INDENT_RE"):
        expression: re.Pattern[str] | None = getattr(lists, name, None)
        if expression is not None:  # the names are not documented
            setattr(lists, name, lazy_regex.compile(expression.pattern.replace(r"\d", "[0-9]"), expression.flags))
