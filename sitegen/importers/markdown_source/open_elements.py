"""Tracks the elements of raw HTML that are open, closes them, and names the images in links without text."""

import re
from collections import Counter
from html import escape
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import HEADINGS
from sitegen.importers.markdown_source.embeds import label
from sitegen.importers.markdown_source.html_tokens import FOREIGN, OPTIONAL, STRUCTURE

_ANCHOR = re.compile(rb"\s(?:id|name)\s*=", re.IGNORECASE)
_HASH_NAME = lazy_regex.compile(r"(?=[a-z]*+\d)[0-9a-z]*+(?:\d[0-9a-z]*+)?", re.IGNORECASE)


class LinkedImage(Struct, frozen=True):
    """An image in a link without an alternative text: the span to write it to, and the image's URL."""

    start: int
    end: int
    url: str
    is_markdown: bool = False
    is_missing: bool = False


class OpenElement(Struct):
    """An element that is open, or the edge of a block of Markdown (with the name "").

    `is_split` is whether it was moved out of a paragraph. For a link, `images` are the edits that name its images if
    the link has no text. `text_events` is the number of events with text before it.
    """

    name: str
    start: int
    end: int
    text_events: int
    is_markdown: bool = False
    is_split: bool = False
    url: str = ""
    images: tuple[LinkedImage, ...] = ()


class OpenElements:
    """Holds the open elements of a document, the outermost first, and the edits of its UTF-8 bytes.

    `text_events` is the number of events with text so far, without those in the text of an image (`is_in_image`).
    Edits are counted in `dropped`.
    """

    def __init__(self, data: bytes, dropped: Counter[str]) -> None:
        self.data, self.dropped = data, dropped
        self.edits: list[tuple[int, int, bytes]] = []
        self.stack: list[OpenElement] = []
        self.text_events = 0
        self.is_in_image = False

    def edit(self, start: int, end: int, new: bytes, category: str) -> None:
        """Add an edit, and count it in a category."""
        self.edits.append((start, end, new))
        self.dropped[category] += 1

    def add_text(self) -> None:
        """Count an event with text."""
        self.text_events += not self.is_in_image

    def has_text(self, item: OpenElement) -> bool:
        """Return whether there was text since the start of an element."""
        return self.text_events > item.text_events

    def find_end_of_text(self, end: int) -> int:
        """Return where the text before an offset ends, without the space at its end."""
        while end and self.data[end - 1 : end].isspace():
            end -= 1
        return end

    def find_link(self) -> OpenElement | None:
        """Return the innermost open link, of HTML or of Markdown."""
        return next((item for item in reversed(self.stack) if item.name == "a" or item.is_markdown), None)

    def find(self, name: str) -> int | None:
        """Return the depth of the element that an end tag closes, within the block of Markdown for inline elements."""
        for position in range(len(self.stack) - 1, -1, -1):
            item = self.stack[position]
            if item.name == name:
                return position
            if not item.name and name not in STRUCTURE:
                return None
        return None

    def is_in_foreign(self) -> bool:
        """Return whether an SVG image or a formula is open, in which there are other elements than in HTML."""
        return any(item.name in FOREIGN for item in self.stack)

    def end_implied(self, name: str) -> None:
        """End an element with an optional end tag, if it is the innermost one."""
        if self.stack and self.stack[-1].name == name:
            self.stack.pop()

    def end_links(self, position: int) -> bool:
        """End a link of HTML in which another one begins; return False for a link of Markdown, which no tag ends."""
        for depth in range(len(self.stack) - 1, -1, -1):
            item = self.stack[depth]
            if item.is_markdown:
                return False
            if item.name == "a":
                self.close_down_to(depth, position)
            if not item.name:
                break
        return True

    def close_inline(self, position: int) -> None:
        """Close the open elements that are not blocks at an offset."""
        depth = len(self.stack)
        while depth and self.stack[depth - 1].name and self.stack[depth - 1].name not in STRUCTURE:
            depth -= 1
        self.close_down_to(depth, position)

    def close_down_to(self, depth: int, position: int, *, only_inline: bool = False) -> None:
        """Close the open elements above a depth at an offset; blocks stay open if `only_inline`."""
        if len(self.stack) == depth:
            return
        still_open = [item for item in self.stack[depth:] if only_inline and item.name in STRUCTURE]
        ended = [
            item for item in reversed(self.stack[depth:]) if item.name and not (only_inline and item.name in STRUCTURE)
        ]
        names = [item.name for item in ended if item.name not in OPTIONAL and not self.drop_empty(item)]
        if names:
            self.edit(position, position, "".join(f"</{name}>" for name in names).encode(), "end tag added")
        self.stack[depth:] = still_open

    def name_images(self, link: OpenElement) -> None:
        """Write the alternative texts of the images in a link: they are the link's name, if it has no other."""
        for position, image in enumerate(link.images):
            name = _name_image(image.url, link.url) if not position and not self.has_text(link) else ""
            if image.is_markdown and name:
                self.edits.append((image.start, image.end, f"![{label(name)}".encode()))
            elif not image.is_markdown and (name or image.is_missing):
                self.edits.append((image.start, image.end, f' alt="{escape(name)}"'.encode()))
        if not self.has_text(link):
            self.dropped["alternative text made for an image in a link"] += 1
        elif any(image.is_missing for image in link.images):
            self.dropped["empty alternative text added to an image"] += 1

    def drop_empty(self, link: OpenElement) -> bool:
        """Name the images of a link; return whether it, or a heading, has no text, and its start tag was removed."""
        if link.name in HEADINGS and not self.has_text(link):
            self.edit(link.start, link.end, b"", "heading without text")
            return True
        if link.name != "a":
            return False
        if link.images:
            self.name_images(link)
        elif not self.has_text(link) and not _ANCHOR.search(self.data, link.start, link.end):
            self.edit(link.start, link.end, b"", "link without text")
            return True
        return False


def _name_image(image: str, link: str) -> str:
    """Return words for an image that is alone in a link: those of its file's name, otherwise where the link leads."""
    stem = unquote(_path_of(image)).rstrip("/").rpartition("/")[2].rpartition(".")[0]
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    if any(len(word) > 2 and word.isalpha() for word in words) and not (len(words) == 1 and _HASH_NAME.fullmatch(stem)):
        return " ".join(words)[:100].capitalize()
    host = re.match(r"(?:https?:)?//(?:www\.)?([^/?#:]+)", link)
    return host[1] if host else "Image"


def _path_of(url: str) -> str:
    """Return the path of a URL, the whole string if it is not a URL."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url
