"""Repairs the tags and comments of raw HTML in Markdown: those that are missing, stray, unknown or unsafe."""

import re
from html import unescape

from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import VOID
from sitegen.importers.markdown_source.html_tokens import (
    BLOCK_MARKS,
    FOREIGN,
    HANDLER,
    KNOWN,
    PARAGRAPH_ENDS,
    RAW,
    STRUCTURE,
    TOKEN,
)
from sitegen.importers.markdown_source.open_elements import LinkedImage, OpenElement, OpenElements
from sitegen.importers.markdown_source.spans import Spans

MAX_OPEN = 256
"""Maximum nesting of elements: browsers allow 512, and each tag is compared with all open elements."""

OPEN_COMMENT = "comment without an end"
BLOCK_IN_LINE = "block element within a line"
BLOCK_MARK = "mark of a heading, quote or rule within HTML shown as text"

_ALT = re.compile(rb"\salt(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?(?=[\s/>]|\Z)", re.IGNORECASE)
_SOURCE = re.compile(rb"\s(?:src|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_GIST = lazy_regex.compile(r"https?://gist\.github\.com/[\w/-]+?(?=\.js\b)")


class TagRepairer:
    """Repairs tags with the elements that are open.

    `script` is the offset of the start tag of a script that is open, and `containers` the number of open blocks of
    Markdown, such as lists, whose content is indented or prefixed.
    """

    def __init__(self, elements: OpenElements) -> None:
        self._elements, self._data = elements, elements.data
        self.script: int | None = None
        self.containers = 0
        self._gist = ""
        self._is_inline = False
        self._plain_blocks = 0

    def repair(self, start: int, end: int, *, is_inline: bool) -> None:
        """Repair the tags and comments in a span of HTML, which is inside of a line if `is_inline`."""
        self._is_inline = is_inline
        position = start
        for token in TOKEN.finditer(self._data, start, end):
            if self.script is None and self._data[position : token.start()].strip():
                self._elements.add_text()
            position = token.end()
            if token["name"] is not None:
                self._token(token)
            elif self.script is None and not token[0].endswith(b"-->"):
                last = self._elements.find_end_of_text(end)
                self._elements.edit(last, last, b" -->", OPEN_COMMENT)
        if self.script is None and self._data[position:end].strip():
            self._elements.add_text()

    def escape_marks(self, start: int, end: int) -> None:
        """Escape what begins a heading, quote or rule for Python-Markdown between inline tags that begin a block.

        CommonMark reads all up to the next blank line as HTML.
        """
        first = TOKEN.search(self._data, start, end)
        if first is None or first["name"] is None or first["name"].decode("utf-8", "replace").lower() in RAW:
            return
        tags = Spans(token.span() for token in TOKEN.finditer(self._data, start, end))
        for match in BLOCK_MARKS.finditer(self._data, start, end):
            position = match.start() + len(match[0]) - len(match[0].lstrip(b" "))
            if not tags.contain(position):
                entity = f"&#{self._data[position]};".encode()
                self._elements.edit(position, position + 1, entity, BLOCK_MARK)

    def end_script(self, end: int) -> None:
        """Remove a script that ends at an offset, or replace it with a link to its page."""
        self._elements.edit(self.script or 0, end, self._gist.encode(), "script")
        self.script = None

    def _token(self, token: re.Match[bytes]) -> None:
        name = token["name"].decode("utf-8", "replace").lower()
        if self.script is not None:
            if token["end"] and name == "script":
                self.end_script(token.end())
            return
        if name not in KNOWN and "-" not in name and not self._elements.is_in_foreign():
            self._elements.edit(
                token.start(), token.start() + 1, b"&lt;", f"<{name[:40]}> is not an element: shown as text"
            )
        elif token["end"]:
            self._end_tag(token, name)
        elif name == "script":
            self.script = token.start()
            found = _GIST.search(_url(token["rest"]))
            self._gist = f"[Code on GitHub Gist]({found[0]})" if found else ""
        else:
            self._start_tag(token, name)

    def _start_tag(self, token: re.Match[bytes], name: str) -> None:
        if len(self._elements.stack) >= MAX_OPEN and name not in VOID:
            self._elements.edit(token.start(), token.end(), b"", f"tag of an element within {MAX_OPEN} others")
            return
        first = token.start("rest")
        for match in HANDLER.finditer(self._data, first, token.end("rest")):
            self._elements.edit(match.start(), match.end(), b"", "event handler")
        if name == "a" and not self._elements.end_links(token.start()):
            self._elements.edit(token.start(), token.end(), b"", "link within a link")
            return
        is_block = self._is_inline and name in PARAGRAPH_ENDS
        is_split = is_block and not self.containers and not (self._elements.stack and self._elements.stack[-1].name)
        if is_block and self._move_block(token, is_plain=name in ("p", "div"), is_split=is_split):
            return
        if name == "img":
            self._image_tag(token)
        is_closed = token["rest"].endswith(b"/")
        if name in VOID or (is_closed and self._elements.is_in_foreign()):
            return
        if is_closed and name not in FOREIGN:
            # HTML has no `<a/>`: browsers parse it as a start tag.
            self._elements.edit(token.end() - 2, token.end(), f"></{name}>".encode(), "end tag added")
            return
        if name in STRUCTURE:
            self._elements.end_implied("p")
        url = _url(token["rest"]) if name == "a" else ""
        self._elements.stack.append(
            OpenElement(name, token.start(), token.end(), self._elements.text_events, is_split=is_split, url=url)
        )

    def _move_block(self, token: re.Match[bytes], *, is_plain: bool, is_split: bool) -> bool:
        """Move a block out of the paragraph that it begins in, if `is_split`; return whether its tag is removed.

        A browser ends the paragraph there, so that the end tag that the Markdown engine writes is one too many.
        """
        if is_split:
            self._elements.edit(token.start(), token.end() if is_plain else token.start(), b"\n\n", BLOCK_IN_LINE)
            self._plain_blocks += is_plain
        elif is_plain:
            self._elements.edit(token.start(), token.end(), b"", BLOCK_IN_LINE)
        return is_plain

    def _image_tag(self, token: re.Match[bytes]) -> None:
        alt = _ALT.search(token["rest"])
        written = unescape(next(filter(None, alt.groups()), b"").decode("utf-8", "replace")).strip() if alt else ""
        position = token.end("rest") - (1 if token["rest"].endswith(b"/") else 0)
        span = (token.start("rest") + alt.start(), token.start("rest") + alt.end()) if alt else (position, position)
        link = self._elements.find_link()
        if written:
            self._elements.add_text()
        if link is not None and not written:
            link.images += (LinkedImage(*span, _url(token["rest"]), is_missing=alt is None),)
        if alt is None and link is None:
            self._elements.edit(*span, b' alt=""', "empty alternative text added to an image")

    def _end_tag(self, token: re.Match[bytes], name: str) -> None:
        position = self._elements.find(name)
        if name == "br":
            self._elements.edit(token.start(), token.end(), b"<br>", "stray end tag")
        elif position is None and name in ("p", "div") and self._is_inline and self._plain_blocks:
            self._plain_blocks -= 1
            self._elements.edits.append((token.start(), token.end(), b"\n\n"))
        elif position is None:
            self._elements.edit(token.start(), token.end(), b"", "stray end tag")
        else:
            self._elements.close_down_to(position + 1, token.start())
            link = self._elements.stack.pop()
            if self._elements.drop_empty(link):
                self._elements.edits.append((token.start(), token.end(), b""))
            elif link.is_split:
                self._elements.edits.append((token.end(), token.end(), b"\n\n"))


def _url(attributes: bytes) -> str:
    match = _SOURCE.search(attributes)
    return unescape(next(filter(None, match.groups()), b"").decode("utf-8", "replace")) if match else ""
