"""HTML blocks within lists, quotes, admonitions and tabs of Python-Markdown, which parses them as inline HTML."""

import re
from typing import Any, cast
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from sitegen.formats import lazy_regex

_PLACEHOLDER = lazy_regex.compile(r"\s*\x02wzxhzdk:(\d+)\x03")
_TAG_NAME = lazy_regex.compile(r"</?([a-z][a-z0-9-]*)", re.IGNORECASE)


class NestedHtmlProcessor(Treeprocessor):
    """Remove the paragraph around an HTML block, which a paragraph must not contain (WHATWG HTML, 4.4.1)."""

    def run(self, root: Element) -> None:
        """Unwrap the paragraphs of a document that begin with the tag of a block."""
        if not self.md.htmlStash.rawHtmlBlocks:
            return
        for paragraph in root.iter("p"):
            if not paragraph.attrib and self._begins_with_block(paragraph.text or ""):
                # An element without a tag is serialized as its content.
                paragraph.tag = cast("Any", None)
                paragraph.tail = "\n"

    def _begins_with_block(self, text: str) -> bool:
        match = _PLACEHOLDER.match(text)
        if match is None:
            return False
        html: object = self.md.htmlStash.rawHtmlBlocks[int(match[1])]
        name = _TAG_NAME.match(html) if isinstance(html, str) else None
        return name is not None and self.md.is_block_level(name[1].lower())
