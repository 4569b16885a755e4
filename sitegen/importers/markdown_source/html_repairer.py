"""Repairs the raw HTML of Markdown with a CommonMark parser: reads its events, and collects edits at their offsets."""

import re
from collections import Counter
from typing import Any

from sitegen.importers.markdown_source.html_tokens import OPTIONAL
from sitegen.importers.markdown_source.links import parse_events
from sitegen.importers.markdown_source.open_elements import LinkedImage, OpenElement, OpenElements
from sitegen.importers.markdown_source.tag_repairer import OPEN_COMMENT, TagRepairer

CONTAINERS = frozenset(("List", "BlockQuote", "Table", "FootnoteDefinition"))
_EMPHASIS = frozenset(("Emphasis", "Strong", "Strikethrough"))
_WITHOUT_TEXT = frozenset(("Table", "TableHead", "TableRow", "TableCell", "List", "Item"))
ESCAPED_TAG = "backslash before a tag written as an entity"

_HEADING = re.compile(rb"[ ]{0,3}#{1,6}[ \t]*")
_LOOSE = re.compile(rb"<(/?[A-Za-z][!-;=?-~]{0,60})[^<>]{0,400}>")


def repair(text: str, dropped: Counter[str]) -> str:
    """Repair the raw HTML of Markdown with a parser, and count the changes."""
    data = text.encode("utf-8", "replace")
    repairer = _HtmlRepairer(data, dropped)
    for event, span in parse_events(data.decode()):
        repairer.take(event, span["start"], span["end"])
    return repairer.finish()


class _HtmlRepairer:
    """Tracks the blocks of Markdown while it reads the events of the parser, and passes raw HTML to a TagRepairer."""

    def __init__(self, data: bytes, dropped: Counter[str]) -> None:
        self._data = data
        self._elements = OpenElements(data, dropped)
        self._tags = TagRepairer(self._elements)
        self._last_comment_end = data.rfind(b"-->")
        self._last = 0
        self._html: int | None = None
        self._image: tuple[int, str] | None = None
        self._in_code = False

    def take(self, event: Any, start: int, end: int) -> None:
        """Take one event of the parser."""
        if event.__class__ is str:
            self._last = end
            return
        if "Text" in event:  # most events
            text = event["Text"]
            if self._image is None and text.strip():  # a non-breaking space is not text
                self._elements.text_events += 1
            if "<" in text and self._tags.script is None and not self._in_code:
                self._escape(start, end)
            self._last = end
            return
        ((event_type, value),) = event.items()
        if event_type == "Start":
            self._start(value, start)
        elif event_type == "End":
            self._end(value, end)
        elif event_type == "InlineHtml":
            self._tags.repair(start, end, is_inline=True)
            self._last = end
        elif event_type != "Html":
            if self._image is None and (event_type == "Code" or value.strip()):
                self._elements.text_events += 1
            self._last = end

    def _escape(self, start: int, end: int) -> None:
        """Escape what CommonMark reads as text and Python-Markdown as a tag, such as `<program.nim>`."""
        position = self._data.find(b"<", start, end)
        while position >= 0:
            if match := _LOOSE.match(self._data, position):
                # Python-Markdown shows the backslash and opens the element.
                is_escaped = self._data[position - 1 : position] == b"\\"
                category = f"<{match[1].decode()}> is not an element: shown as text"
                self._elements.edit(
                    position - is_escaped, position + 1, b"&lt;", ESCAPED_TAG if is_escaped else category
                )
            elif self._data.startswith(b"<!--", position) and self._last_comment_end < position:
                self._elements.edit(position, position + 1, b"&lt;", OPEN_COMMENT)
            position = self._data.find(b"<", position + 1, end)

    def finish(self) -> str:
        """Return the text with all edits."""
        if self._tags.script is not None:
            self._tags.end_script(len(self._data))
        closing = [item.name for item in reversed(self._elements.stack) if item.name and item.name not in OPTIONAL]
        if closing:
            self._elements.dropped["end tag added"] += len(closing)
        parts, position = [], 0
        for start, end, new in sorted(self._elements.edits, key=lambda edit: (edit[0], edit[1])):
            if start >= position:
                parts += [self._data[position:start], new]
                position = end
        tail = "".join(f"</{name}>" for name in closing)
        body = b"".join((*parts, self._data[position:])).decode("utf-8", "replace")
        return f"{body.rstrip()}\n\n{tail}\n" if tail else body

    def _start(self, value: Any, start: int) -> None:
        name = next(iter(value)) if value.__class__ is dict else value
        if name == "HtmlBlock":
            self._html = start
        elif name == "Link":
            self._elements.end_links(start)
            self._elements.stack.append(
                OpenElement(
                    "", start, start, self._elements.text_events, is_markdown=True, url=value["Link"]["dest_url"]
                )
            )
        elif name == "Image":
            self._elements.is_in_image = True
            self._image = start, value["Image"]["dest_url"]
        elif name == "CodeBlock":
            self._in_code = True
        elif name not in _EMPHASIS:
            if name in ("List", "BlockQuote"):
                self._elements.close_inline(self._last)
            self._tags.containers += name in CONTAINERS
            if name == "Paragraph" and self._elements.stack and self._elements.stack[-1].name == "p":
                self._elements.stack.pop()  # its end tag is one too many now
            self._elements.stack.append(OpenElement("", start, start, self._elements.text_events))

    def _end(self, value: Any, end: int) -> None:
        name = next(iter(value)) if value.__class__ is dict else value
        if name == "HtmlBlock":
            first, self._html = self._html or 0, None
            depth = len(self._elements.stack)
            self._tags.repair(first, end, is_inline=False)
            self._tags.escape_marks(first, end)
            if not any(item.name == "pre" for item in self._elements.stack):
                self._elements.close_down_to(depth, self._elements.find_end_of_text(end), only_inline=True)
        elif name == "Image":
            self._end_image(end)
        elif name == "CodeBlock":
            self._in_code = False
        elif name not in _EMPHASIS:
            edge = len(self._elements.stack) - 1
            while edge >= 0 and self._elements.stack[edge].name:
                edge -= 1
            if edge >= 0:
                self._elements.close_down_to(edge + 1, self._last if name != "Link" else end)
                item = self._elements.stack.pop()
                if name == "Link":
                    self._end_link(item, end)
                elif name == "Heading" and not self._elements.has_text(item):
                    self._drop_marks(item)
            self._tags.containers -= name in CONTAINERS
        if name not in _WITHOUT_TEXT:
            self._last = end

    def _drop_marks(self, heading: OpenElement) -> None:
        if marks := _HEADING.match(self._data, heading.start):
            self._elements.edit(heading.start, marks.end(), b"", "heading without text")

    def _end_image(self, end: int) -> None:
        start, url = self._image or (end, "")
        self._image, self._elements.is_in_image = None, False
        link = self._elements.find_link()
        if not self._data.startswith((b"![]", b"![ ]"), start):
            self._elements.add_text()
        elif link is not None:
            link.images += (LinkedImage(start, start + 2, url, is_markdown=True),)
        self._last = end

    def _end_link(self, link: OpenElement, end: int) -> None:
        """Give a Markdown link without text the alternative text of its images, or remove it."""
        if link.images:
            self._elements.name_images(link)
        elif not self._elements.has_text(link) and self._data.startswith(b"[", link.start):
            self._elements.edit(link.start, end, b"", "link without text")
