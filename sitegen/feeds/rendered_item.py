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
from sitegen.feeds.text import escape
from sitegen.feeds.types import FeedItem, ImageFact, ImageFacts

_Parts = tuple[bytes, ...]
_ENCODER = Encoder()
_read = Decoder(
    tuple[str, str, tuple[tuple[str, ImageFact | None], ...], bytes, _Parts, _Parts, _Parts],
).decode


class RenderedItem(Struct, frozen=True):
    """A post as bytes, rendered once for all feeds that contain it.

    `content` is the post's HTML as character data of XML, which RSS and Atom have in common. `rss`, `atom` and
    `json` are the markup around it, split where a feed in another language has the item's language; empty if
    the format was not asked for. `images` are what was known of the files of the
    post's images and enclosures.
    """

    updated: datetime
    language: str
    images: tuple[tuple[str, ImageFact | None], ...]
    content: bytes
    rss: tuple[bytes, ...]
    atom: tuple[bytes, ...]
    json: tuple[bytes, ...]

    def has(self, kind: str) -> bool:
        """Return whether the item was rendered in a format."""
        return bool(getattr(self, kind))

    def said_in(self, language: str) -> str:
        """Return the item's language as a feed in another language says it, "" where there is nothing to say."""
        return self.language if self.language != language else ""

    def show_rss(self, language: str) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, for RSS."""
        before, after, end = self.rss
        yield from (before, self.content, after)
        if said := self.said_in(language):
            yield f"<dc:language>{said}</dc:language>".encode()
        yield end

    def show_atom(self, language: str) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, for Atom."""
        said = self.said_in(language)
        yield f'<entry xml:lang="{said}"'.encode() if said else b"<entry"
        yield self.atom[0]
        yield self.content
        yield self.atom[1]

    def show_json(self, language: str) -> Iterator[bytes]:
        """Yield the item as a feed in a language holds it, for JSON Feed."""
        yield self.json[0]
        if said := self.said_in(language):
            yield f',"language":"{said}"'.encode()
        yield self.json[1]

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
        escape(stated.content).encode(),
        render_rss_item(stated) if "rss" in formats else (),
        render_entry(stated) if "atom" in formats else (),
        render_object(stated) if "json" in formats else (),
    )
