"""A block stage for Python-Markdown that calls only processors that can apply to a block."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser
from markdown.blockprocessors import (
    CodeBlockProcessor,
    HashHeaderProcessor,
    HRProcessor,
    ReferenceProcessor,
    SetextHeaderProcessor,
)
from markdown.extensions.abbr import AbbrBlockprocessor
from markdown.extensions.def_list import DefListIndentProcessor, DefListProcessor
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.extensions.md_in_html import MarkdownInHtmlProcessor
from markdown.extensions.tables import TableProcessor
from markdown.util import STX

from sitegen.markdown.engines.interruptions import IndentedBlockProcessor, QuoteBlockProcessor
from sitegen.markdown.engines.python_markdown_containers import MARK, AdmonitionProcessor, TabProcessor

Steps = tuple[tuple[Callable[..., bool], Callable[..., Any]], ...]

# One bit for each character at the start of a line, after spaces, that is significant for a processor.
_BITS = {character: 1 << index for index, character in enumerate(f">#-_*=:[{STX}{MARK}")}
_INDENTED, _PIPE, _ALWAYS = 1 << 20, 1 << 21, 1 << 22

# The traits that a block must have for a processor of exactly this class to apply to it.
_TRIGGERS: dict[type, int] = {
    MarkdownInHtmlProcessor: _BITS[STX],
    IndentedBlockProcessor: _INDENTED,
    DefListIndentProcessor: _INDENTED,
    CodeBlockProcessor: _INDENTED,
    TableProcessor: _PIPE,
    HashHeaderProcessor: _BITS["#"],
    SetextHeaderProcessor: _BITS["="] | _BITS["-"],
    HRProcessor: _BITS["-"] | _BITS["_"] | _BITS["*"],
    QuoteBlockProcessor: _BITS[">"],
    DefListProcessor: _BITS[":"],
    FootnoteBlockProcessor: _BITS["["],
    AbbrBlockprocessor: _BITS["*"],
    ReferenceProcessor: _BITS["["],
    AdmonitionProcessor: _BITS[MARK] | _INDENTED,
    TabProcessor: _BITS[MARK] | _INDENTED,
}


class BlockStage(BlockParser):
    """The stock block parser with the same result and less work.

    Most processors search each block for lines that begin in a certain way. This class reads the starts of a
    block's lines only once. Processors of other classes get every block.
    """

    _processors: tuple[Any, ...] = ()
    _steps: dict[int, Steps]

    def parseDocument(self, lines: Any) -> Any:  # noqa: N802 - the stock method's name
        """Parse a whole document into a tree."""
        processors = tuple(self.blockprocessors)
        if processors != self._processors:
            self._processors, self._steps = processors, {}
        return super().parseDocument(lines)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 - the same
        """Parse blocks into elements below a parent, and empty the list."""
        while blocks:
            block = blocks[0]
            traits = _traits(block)
            for test, run in self._steps.get(traits) or self._choose(traits):
                if test(parent, block):
                    if run(parent, blocks) is not False:
                        break
                    block = blocks[0]

    def _choose(self, traits: int) -> Steps:
        steps = tuple(
            (processor.test, processor.run)
            for processor in self._processors
            if _TRIGGERS.get(type(processor), _ALWAYS) & (traits | _ALWAYS)
        )
        self._steps[traits] = steps
        return steps


def _traits(block: str) -> int:
    """Return the bits of the first characters of a block's lines, of its indent, and of a pipe."""
    traits = _INDENTED if block.startswith(" ") else 0
    if "|" in block:
        traits |= _PIPE
    if "\n" not in block:
        return traits | _BITS.get(block.lstrip(" ")[:1], 0)
    for line in block.split("\n"):
        traits |= _BITS.get(line.lstrip(" ")[:1], 0)
    return traits
