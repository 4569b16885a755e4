"""What feedgen needs to write the feeds that we want: an extension for channels, and items drawn by ourselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from sitegen.config import Config
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Image, Item
from sitegen.feeds.text import one_line

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
PREFIXES = NAMESPACES | {"atom": ATOM}
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC, MEDIA, SLASH, THR = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("dc", "media", "slash", "thr"))


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a channel to be: its name is "prefix:name", or a bare name in the document's own vocabulary."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def append(parent: Any, element: Element) -> None:
    """Append an element to one of lxml."""
    prefix, _, name = element.name.rpartition(":")
    tag = f"{{{PREFIXES[prefix]}}}{name}" if prefix else name
    child = etree.SubElement(parent, tag, dict(element.attributes))
    child.text = element.text or None


class ChannelElements(BaseExtension):  # type: ignore[misc]  # feedgen carries no types
    """Holds the elements that a whole feed gets besides feedgen's own."""

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces to be declared at the root."""
        return dict(NAMESPACES)

    def extend_rss(self, feed: Any) -> Any:
        """Append the elements to the channel of an RSS document, before its items."""
        self.extend_atom(feed[0])
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Append the elements to an Atom feed, before its entries."""
        for element in self.elements:
            append(feed, element)
        feed[-1].tail = "\n"
        return feed


class Drawn:
    """An item or entry that is drawn already; feedgen puts it where it would put one of its own.

    An entry of feedgen's own costs 50 microseconds, most of them for checks of its arguments, loses the relation
    of its links in Atom, and switches the locale of the whole process to write a date.
    """

    def __init__(self, element: Any) -> None:
        element.tail = "\n"
        self.element = element

    def register_extension(self, *_: object) -> None:
        """Take part in no extension: the element is complete."""

    def rss_entry(self) -> Any:
        """Return the item."""
        return self.element

    def atom_entry(self) -> Any:
        """Return the entry."""
        return self.element


def put(parent: Any, tag: str, text: str, **attributes: str) -> Any:
    """Append an element of lxml to another."""
    child = etree.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def put_images(parent: Any, images: Iterable[Image]) -> None:
    """Append images as Media RSS says them."""
    for image in images:
        attributes = {"url": image.url, "type": image.type, "medium": "image", "fileSize": str(image.bytes)}
        if image.width and image.height:
            attributes |= {"width": str(image.width), "height": str(image.height)}
        element = put(parent, f"{MEDIA}content", "", **attributes)
        if image.description:
            put(element, f"{MEDIA}description", image.description, type="plain")


def start(feed: Feed, items: Sequence[Item], config: Config) -> Any:
    """Return a feedgen generator with all that RSS and Atom say alike of a whole feed.

    The feed is as old as the newest change of a post in it, never as old as its file: else two builds
    would differ.
    """
    generator = FeedGenerator()
    generator.register_extension("elements", ChannelElements)
    generator.title(one_line(feed.title) or config.base_url)
    generator.description(one_line(feed.description) or one_line(feed.title) or config.base_url)
    generator.language(feed.language)
    generator.generator("sitegen")
    generator.updated(max((item.updated for item in items), default=NEVER))
    if config.rights:
        generator.rights(one_line(config.rights))
    return generator
