"""Rendered items: a post in each format, as bytes that any feed can contain."""

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from sitegen.config.schema import Config
from sitegen.feeds.atom.entry import render_entry
from sitegen.feeds.item import describe
from sitegen.feeds.json_feed import render_object
from sitegen.feeds.rss.item import render_item as render_rss_item
from sitegen.feeds.text import write_cdata
from sitegen.feeds.types import FeedItem, ImageFact, ImageFacts, ItemParts

_Parts = ItemParts | None
_ENCODER = Encoder()
_read = Decoder(
    tuple[str, str, tuple[tuple[str, ImageFact | None], ...], bytes, _Parts, _Parts, _Parts],
).decode


class RenderedItem(Struct, frozen=True):
    """A post as bytes, rendered once for all feeds that contain it.

    `content` is the post's HTML as character data of XML, which RSS and Atom have in common; empty if feeds contain
    only the post's summary. `rss`, `atom` and `json` are the markup around it, None if the format was not asked for.
    `images` are what was known of the files of the post's images and enclosures.
    """

    updated: datetime
    language: str
    images: tuple[tuple[str, ImageFact | None], ...]
    content: bytes
    rss: ItemParts | None
    atom: ItemParts | None
    json: ItemParts | None

    def has(self, kind: str) -> bool:
        """Return whether the item was rendered in a format."""
        return getattr(self, kind) is not None

    def said_in(self, language: str) -> str:
        """Return the item's language as a feed in another language says it, "" if there is nothing to say."""
        return self.language if self.language != language else ""

    def show_rss(self, language: str, *, full: bool) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, whole or as a summary, for RSS."""
        if self.rss is None:
            raise ValueError("the item was not rendered for RSS")
        yield self.rss.before
        yield from self._show_content(self.rss, full=full)
        yield self.rss.after
        if said := self.said_in(language):
            yield f"<dc:language>{said}</dc:language>".encode()
        yield self.rss.end

    def show_atom(self, language: str, *, full: bool) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, whole or as a summary, for Atom."""
        if self.atom is None:
            raise ValueError("the item was not rendered for Atom")
        said = self.said_in(language)
        yield f'<entry xml:lang="{said}"'.encode() if said else b"<entry"
        yield self.atom.before
        yield from self._show_content(self.atom, full=full)
        yield self.atom.end

    def show_json(self, language: str, *, full: bool) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, whole or as a summary, for JSON Feed."""
        if self.json is None:
            raise ValueError("the item was not rendered for JSON Feed")
        yield self.json.before
        yield self.json.opening if full and self.content else self.json.summary
        yield self.json.after
        if said := self.said_in(language):
            yield f',"language":"{said}"'.encode()
        yield self.json.end

    def _show_content(self, parts: ItemParts, *, full: bool) -> tuple[bytes, ...]:
        return (parts.opening, self.content, parts.closing) if full and self.content else (parts.summary,)

    def pack(self) -> bytes:
        """Return all fields as bytes."""
        fields = (self.updated.isoformat(), self.language, self.images, self.content, self.rss, self.atom, self.json)
        return _ENCODER.encode(fields)


def unpack(data: bytes) -> RenderedItem:
    """Return the item that some bytes were made from."""
    updated, language, images, content, rss, atom, json = _read(data)
    return RenderedItem(datetime.fromisoformat(updated), language, images, content, rss, atom, json)


def render_item(item: FeedItem, config: Config, image_facts: ImageFacts, formats: Collection[str]) -> RenderedItem:
    """Render a post in some formats: "rss", "atom", "json"."""
    stated = describe(item, config, image_facts)
    return RenderedItem(
        stated.updated,
        stated.language,
        tuple((url, image_facts(url)) for url in stated.files),
        write_cdata(stated.content).encode() if stated.content else b"",
        render_rss_item(stated) if "rss" in formats else None,
        render_entry(stated) if "atom" in formats else None,
        render_object(stated) if "json" in formats else None,
    )
