"""Stages of Python-Markdown that first check whether there is anything to do."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import ETX, STX, AtomicString

from sitegen.markdown.engines.unclosed_html import has_html

_BLANK = re.compile("\n +(?=\n)")


class WhitespaceStage(NormalizeWhitespace):
    """Finds lines of spaces by the line break before them, which is faster."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with spaces for tabs, LF line ends, and nothing in blank lines."""
        source = "\n".join(lines).replace(STX, "").replace(ETX, "")
        source = source.replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
        if "\t" in source:
            source = source.expandtabs(self.md.tab_length)
        if " \n" in source and "\n " in source:
            source = _BLANK.sub("\n", source)
        return source.split("\n")


class HtmlStage(HtmlBlockPreprocessor):
    """Reads the Markdown as HTML only if it has a character that HTML uses."""

    def run(self, lines: list[str]) -> list[str]:
        """Replace blocks of HTML with placeholders."""
        return super().run(lines) if has_html(lines) else lines


class AttributesStage(AttrListTreeprocessor):
    """Searches for attribute lists only in a tree that has a brace in its text."""

    def run(self, doc: Element) -> None:
        """Set the attributes that are written after elements."""
        for element in doc.iter():
            text, tail = element.text, element.tail
            if (text and "{" in text) or (tail and "{" in tail):
                super().run(doc)
                return


class LineBreakStage(PrettifyTreeprocessor):
    """Checks only once for each element name whether it is a block."""

    def run(self, root: Element) -> None:
        """Add line breaks between blocks and after `br`."""
        self._separate(root, {})
        for element in root.iter("br"):
            tail = element.tail
            element.tail = f"\n{tail}" if tail and tail.strip() else "\n"
        for element in root.iter("pre"):
            if len(element) and element[0].tag == "code":
                code = element[0]
                if not len(code) and code.text is not None:
                    code.text = AtomicString(code.text.rstrip() + "\n")

    def _separate(self, element: Element, blocks: dict[Any, bool]) -> None:
        tag = element.tag
        if self._is_block(tag, blocks) and tag not in ("code", "pre"):
            if len(element) and not (element.text and element.text.strip()) and self._is_block(element[0].tag, blocks):
                element.text = "\n"
            for child in element:
                if self._is_block(child.tag, blocks):
                    self._separate(child, blocks)
        if not (element.tail and element.tail.strip()):
            element.tail = "\n"

    def _is_block(self, tag: Any, blocks: dict[Any, bool]) -> bool:
        known = blocks.get(tag)
        if known is None:
            known = blocks[tag] = self.md.is_block_level(tag)
        return known


class UnescapeStage(UnescapeTreeprocessor):
    """Searches for escaped characters only in strings that have a placeholder of one."""

    def run(self, root: Element) -> None:
        """Restore the characters that were escaped with a backslash."""
        for element in root.iter():
            text, tail = element.text, element.tail
            if text and STX in text and element.tag != "code":
                element.text = self.unescape(text)
            if tail and STX in tail:
                element.tail = self.unescape(tail)
            for name, value in element.items():
                if value and STX in value:
                    element.set(name, self.unescape(value))
