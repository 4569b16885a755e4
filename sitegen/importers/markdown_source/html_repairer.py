"""Repairs the raw HTML of a Markdown text by reading the whole of it: open elements, and edits at their offsets."""

import re
from collections import Counter
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from sitegen.formats.html_elements import HEADINGS, VOID
from sitegen.importers.markdown_source.embeds import label
from sitegen.importers.markdown_source.html_tokens import (
    BLOCK_MARKS,
    FOREIGN,
    HANDLER,
    KNOWN,
    OPTIONAL,
    PARAGRAPH_ENDS,
    RAW,
    STRUCTURE,
    TOKEN,
)
from sitegen.importers.markdown_source.image_names import name_image
from sitegen.importers.markdown_source.links import parse_events
from sitegen.importers.markdown_source.spans import Spans

CONTAINERS = ("List", "BlockQuote", "Table", "FootnoteDefinition")
OPEN_COMMENT = "comment without an end"
MAX_OPEN = 256
"""Maximum nesting of elements: browsers allow 512, and each tag is compared with all open elements."""

BLOCK_IN_LINE = "block element within a line"
BLOCK_MARK = "mark of a heading, quote or rule within HTML shown as text"
ESCAPED_TAG = "backslash before a tag written as an entity"

_HEADING = re.compile(rb"[ ]{0,3}#{1,6}[ \t]*")
_LOOSE = re.compile(rb"<(/?[A-Za-z][!-;=?-~]{0,60})[^<>]{0,400}>")
_ALT = re.compile(rb"\salt(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?(?=[\s/>]|\Z)", re.IGNORECASE)
_SOURCE = re.compile(rb"\s(?:src|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_ANCHOR = re.compile(rb"\s(?:id|name)\s*=", re.IGNORECASE)
_GIST = re.compile(r"https?://gist\.github\.com/[\w/-]+?(?=\.js\b)")


def repair(text: str, dropped: Counter[str]) -> str:
    """Repair the raw HTML of Markdown with a parser, and count the changes."""
    data = text.encode("utf-8", "replace")
    repairer = _HtmlRepairer(data, dropped)
    for event, span in parse_events(data.decode()):
        repairer.take(event, span["start"], span["end"])
    return repairer.finish()


@dataclass(frozen=True, slots=True)
class _Image:
    """An image in a link without an alternative text: where that is to be written, and the image's URL."""

    start: int
    end: int
    url: str
    is_markdown: bool = False
    is_missing: bool = False


@dataclass(slots=True)
class _Open:
    """An element that is open, or the edge of a block of Markdown (with the name "").

    `is_split` says that it was moved out of a paragraph. For a link, `images` are the edits that name
    its images if the link has no text. `text_events` is their number before it.
    """

    name: str
    start: int
    end: int
    text_events: int
    is_markdown: bool = False
    is_split: bool = False
    url: str = ""
    images: tuple[_Image, ...] = ()


class _HtmlRepairer:
    """Tracks open elements while it reads the events of the parser, and collects edits."""

    def __init__(self, data: bytes, dropped: Counter[str]) -> None:
        self._data, self._dropped = data, dropped
        self._last_comment_end = data.rfind(b"-->")
        self._edits: list[tuple[int, int, bytes]] = []
        self._open: list[_Open] = []
        self._last = 0
        self._html: int | None = None
        self._script: int | None = None
        self._image: tuple[int, str] | None = None
        self._in_code = False
        self._gist = ""
        self._is_inline = False
        self._containers = 0
        self._plain_blocks = 0
        self._text_events = 0

    def take(self, event: Any, start: int, end: int) -> None:
        """Take one event of the parser."""
        if event.__class__ is str:
            self._last = end
            return
        if "Text" in event:  # most events
            text = event["Text"]
            if self._image is None and text.strip():  # a non-breaking space is not text
                self._text_events += 1
            if "<" in text and self._script is None and not self._in_code:
                self._escape(start, end)
            self._last = end
            return
        ((event_type, value),) = event.items()
        if event_type == "Start":
            self._start(value, start)
        elif event_type == "End":
            self._end(value, end)
        elif event_type == "InlineHtml":
            self._is_inline = True
            self._tokens(start, end)
            self._is_inline = False
            self._last = end
        elif event_type != "Html":
            if self._image is None and (event_type == "Code" or value.strip()):
                self._text_events += 1
            self._last = end

    def _escape(self, start: int, end: int) -> None:
        """Escape what CommonMark reads as text and Python-Markdown as a tag, such as `<program.nim>`."""
        position = self._data.find(b"<", start, end)
        while position >= 0:
            if match := _LOOSE.match(self._data, position):
                # Python-Markdown shows the backslash and opens the element.
                is_escaped = self._data[position - 1 : position] == b"\\"
                category = f"<{match[1].decode()}> is not an element: shown as text"
                self._edit(position - is_escaped, position + 1, b"&lt;", ESCAPED_TAG if is_escaped else category)
            elif self._data.startswith(b"<!--", position) and self._last_comment_end < position:
                self._edit(position, position + 1, b"&lt;", OPEN_COMMENT)
            position = self._data.find(b"<", position + 1, end)

    def finish(self) -> str:
        """Return the text with all edits."""
        if self._script is not None:
            self._end_script(len(self._data))
        closing = [item.name for item in reversed(self._open) if item.name and item.name not in OPTIONAL]
        if closing:
            self._dropped["end tag added"] += len(closing)
        parts, position = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: (edit[0], edit[1])):
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
            self._end_links(start)
            self._open.append(
                _Open("", start, start, self._text_events, is_markdown=True, url=value["Link"]["dest_url"])
            )
        elif name == "Image":
            self._image = start, value["Image"]["dest_url"]
        elif name == "CodeBlock":
            self._in_code = True
        elif name not in ("Emphasis", "Strong", "Strikethrough"):
            if name in ("List", "BlockQuote"):
                self._close_inline(self._last)
            self._containers += name in CONTAINERS
            if name == "Paragraph" and self._open and self._open[-1].name == "p":
                self._open.pop()  # its end tag is one too many now
            self._open.append(_Open("", start, start, self._text_events))

    def _end(self, value: Any, end: int) -> None:
        name = next(iter(value)) if value.__class__ is dict else value
        if name == "HtmlBlock":
            first, self._html = self._html or 0, None
            depth = len(self._open)
            self._tokens(first, end)
            self._escape_marks(first, end)
            if not any(item.name == "pre" for item in self._open):
                self._close_down_to(depth, self._end_of_text(end), only_inline=True)
        elif name == "Image":
            self._end_image(end)
        elif name == "CodeBlock":
            self._in_code = False
        elif name not in ("Emphasis", "Strong", "Strikethrough"):
            edge = len(self._open) - 1
            while edge >= 0 and self._open[edge].name:
                edge -= 1
            if edge >= 0:
                self._close_down_to(edge + 1, self._last if name != "Link" else end)
                item = self._open.pop()
                if name == "Link":
                    self._end_link(item, end)
                elif name == "Heading" and not self._has_text(item):
                    self._drop_marks(item)
            self._containers -= name in CONTAINERS
        if name not in ("Table", "TableHead", "TableRow", "TableCell", "List", "Item"):
            self._last = end

    def _drop_marks(self, heading: _Open) -> None:
        if marks := _HEADING.match(self._data, heading.start):
            self._edit(heading.start, marks.end(), b"", "heading without text")

    def _end_image(self, end: int) -> None:
        start, url = self._image or (end, "")
        self._image = None
        link = self._link()
        if not self._data.startswith((b"![]", b"![ ]"), start):
            self._text()
        elif link is not None:
            link.images += (_Image(start, start + 2, url, is_markdown=True),)
        self._last = end

    def _end_link(self, link: _Open, end: int) -> None:
        """Give a Markdown link without text the alternative text of its images, or remove it."""
        if link.images:
            self._name_images(link)
        elif not self._has_text(link) and self._data.startswith(b"[", link.start):
            self._edit(link.start, end, b"", "link without text")

    def _link(self) -> _Open | None:
        return next((item for item in reversed(self._open) if item.name == "a" or item.is_markdown), None)

    def _text(self) -> None:
        self._text_events += self._image is None

    def _has_text(self, item: _Open) -> bool:
        return self._text_events > item.text_events

    def _name_images(self, link: _Open) -> None:
        """Write the alternative texts of the images in a link: they are the link's name, if it has no other."""
        for position, image in enumerate(link.images):
            name = name_image(image.url, link.url) if not position and not self._has_text(link) else ""
            if image.is_markdown and name:
                self._edits.append((image.start, image.end, f"![{label(name)}".encode()))
            elif not image.is_markdown and (name or image.is_missing):
                self._edits.append((image.start, image.end, f' alt="{escape(name)}"'.encode()))
        if not self._has_text(link):
            self._dropped["alternative text made for an image in a link"] += 1
        elif any(image.is_missing for image in link.images):
            self._dropped["empty alternative text added to an image"] += 1

    def _end_of_text(self, end: int) -> int:
        """Return where the text before an offset ends, without the space at its end."""
        while end and self._data[end - 1 : end].isspace():
            end -= 1
        return end

    def _edit(self, start: int, end: int, new: bytes, category: str) -> None:
        self._edits.append((start, end, new))
        self._dropped[category] += 1

    def _tokens(self, start: int, end: int) -> None:
        position = start
        for token in TOKEN.finditer(self._data, start, end):
            if self._script is None and self._data[position : token.start()].strip():
                self._text()
            position = token.end()
            if token["name"] is not None:
                self._token(token)
            elif self._script is None and not token[0].endswith(b"-->"):
                last = self._end_of_text(end)
                self._edit(last, last, b" -->", OPEN_COMMENT)
        if self._script is None and self._data[position:end].strip():
            self._text()

    def _token(self, token: re.Match[bytes]) -> None:
        name = token["name"].decode("utf-8", "replace").lower()
        if self._script is not None:
            if token["end"] and name == "script":
                self._end_script(token.end())
            return
        if name not in KNOWN and "-" not in name and not self._is_in_foreign():
            self._edit(token.start(), token.start() + 1, b"&lt;", f"<{name[:40]}> is not an element: shown as text")
        elif token["end"]:
            self._end_tag(token, name)
        elif name == "script":
            self._script = token.start()
            found = _GIST.search(_url(token["rest"]))
            self._gist = f"[Code on GitHub Gist]({found[0]})" if found else ""
        else:
            self._start_tag(token, name)

    def _is_in_foreign(self) -> bool:
        """Return whether an SVG image or a formula is open, in which there are other elements than in HTML."""
        return any(item.name in FOREIGN for item in self._open)

    def _escape_marks(self, start: int, end: int) -> None:
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
                self._edit(position, position + 1, entity, BLOCK_MARK)

    def _end_script(self, end: int) -> None:
        self._edit(self._script or 0, end, self._gist.encode(), "script")
        self._script = None

    def _start_tag(self, token: re.Match[bytes], name: str) -> None:
        if len(self._open) >= MAX_OPEN and name not in VOID:
            self._edit(token.start(), token.end(), b"", f"tag of an element within {MAX_OPEN} others")
            return
        first = token.start("rest")
        for match in HANDLER.finditer(self._data, first, token.end("rest")):
            self._edit(match.start(), match.end(), b"", "event handler")
        if name == "a" and not self._end_links(token.start()):
            self._edit(token.start(), token.end(), b"", "link within a link")
            return
        is_block = self._is_inline and name in PARAGRAPH_ENDS
        is_split = is_block and not self._containers and not (self._open and self._open[-1].name)
        if is_block and self._move_block(token, is_plain=name in ("p", "div"), is_split=is_split):
            return
        if name == "img":
            self._image_tag(token)
        is_closed = token["rest"].endswith(b"/")
        if name in VOID or (is_closed and self._is_in_foreign()):
            return
        if is_closed and name not in FOREIGN:
            # HTML knows no `<a/>`: browsers take it for a start tag.
            self._edit(token.end() - 2, token.end(), f"></{name}>".encode(), "end tag added")
            return
        if name in STRUCTURE:
            self._implied_end("p")
        url = _url(token["rest"]) if name == "a" else ""
        self._open.append(_Open(name, token.start(), token.end(), self._text_events, is_split=is_split, url=url))

    def _end_links(self, position: int) -> bool:
        """End the raw link that another one begins in; return False if that is one in Markdown, which no tag ends."""
        for depth in range(len(self._open) - 1, -1, -1):
            item = self._open[depth]
            if item.is_markdown:
                return False
            if item.name == "a":
                self._close_down_to(depth, position)
            if not item.name:
                break
        return True

    def _move_block(self, token: re.Match[bytes], *, is_plain: bool, is_split: bool) -> bool:
        """Move a block out of the paragraph that it begins in, if `is_split`; return whether its tag is removed.

        A browser ends the paragraph there, so that the end tag that the Markdown engine writes is one too many.
        """
        if is_split:
            self._edit(token.start(), token.end() if is_plain else token.start(), b"\n\n", BLOCK_IN_LINE)
            self._plain_blocks += is_plain
        elif is_plain:
            self._edit(token.start(), token.end(), b"", BLOCK_IN_LINE)
        return is_plain

    def _image_tag(self, token: re.Match[bytes]) -> None:
        alt = _ALT.search(token["rest"])
        written = unescape(next(filter(None, alt.groups()), b"").decode("utf-8", "replace")).strip() if alt else ""
        position = token.end("rest") - (1 if token["rest"].endswith(b"/") else 0)
        span = (token.start("rest") + alt.start(), token.start("rest") + alt.end()) if alt else (position, position)
        link = self._link()
        if written:
            self._text()
        if link is not None and not written:
            link.images += (_Image(*span, _url(token["rest"]), is_missing=alt is None),)
        if alt is None and link is None:
            self._edit(*span, b' alt=""', "empty alternative text added to an image")

    def _end_tag(self, token: re.Match[bytes], name: str) -> None:
        position = self._find(name)
        if name == "br":
            self._edit(token.start(), token.end(), b"<br>", "stray end tag")
        elif position is None and name in ("p", "div") and self._is_inline and self._plain_blocks:
            self._plain_blocks -= 1
            self._edits.append((token.start(), token.end(), b"\n\n"))
        elif position is None:
            self._edit(token.start(), token.end(), b"", "stray end tag")
        else:
            self._close_down_to(position + 1, token.start())
            link = self._open.pop()
            if self._drop_empty(link):
                self._edits.append((token.start(), token.end(), b""))
            elif link.is_split:
                self._edits.append((token.end(), token.end(), b"\n\n"))

    def _drop_empty(self, link: _Open) -> bool:
        """Name the images of a link; return whether a link or heading without text was removed, by its start tag."""
        if link.name in HEADINGS and not self._has_text(link):
            self._edit(link.start, link.end, b"", "heading without text")
            return True
        if link.name != "a":
            return False
        if link.images:
            self._name_images(link)
        elif not self._has_text(link) and not _ANCHOR.search(self._data, link.start, link.end):
            self._edit(link.start, link.end, b"", "link without text")
            return True
        return False

    def _find(self, name: str) -> int | None:
        """Return which open element an end tag closes: within this block of Markdown, if it is one within lines."""
        for position in range(len(self._open) - 1, -1, -1):
            item = self._open[position]
            if item.name == name:
                return position
            if not item.name and name not in STRUCTURE:
                return None
        return None

    def _implied_end(self, name: str) -> None:
        if self._open and self._open[-1].name == name:
            self._open.pop()

    def _close_inline(self, position: int) -> None:
        depth = len(self._open)
        while depth and self._open[depth - 1].name and self._open[depth - 1].name not in STRUCTURE:
            depth -= 1
        self._close_down_to(depth, position)

    def _close_down_to(self, depth: int, position: int, *, only_inline: bool = False) -> None:
        """Close the open elements above a depth at an offset; blocks stay open if `only_inline`."""
        if len(self._open) == depth:
            return
        still_open = [item for item in self._open[depth:] if only_inline and item.name in STRUCTURE]
        ended = [
            item for item in reversed(self._open[depth:]) if item.name and not (only_inline and item.name in STRUCTURE)
        ]
        names = [item.name for item in ended if item.name not in OPTIONAL and not self._drop_empty(item)]
        if names:
            self._edit(position, position, "".join(f"</{name}>" for name in names).encode(), "end tag added")
        self._open[depth:] = still_open


def _url(attributes: bytes) -> str:
    match = _SOURCE.search(attributes)
    return unescape(next(filter(None, match.groups()), b"").decode("utf-8", "replace")) if match else ""
