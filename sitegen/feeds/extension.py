"""A feedgen extension for all that feedgen leaves out: elements are put into channels, feeds and entries as given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
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


@dataclass(frozen=True, slots=True)
class Element:
    """An element to be: its name is "prefix:name", or a bare name in the document's own vocabulary."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Element", ...] = ()


def append(parent: Any, element: Element) -> None:
    """Append an element, with its children, to one of lxml."""
    prefix, _, name = element.name.rpartition(":")
    tag = f"{{{PREFIXES[prefix]}}}{name}" if prefix else name
    child = etree.SubElement(parent, tag, dict(element.attributes))
    child.text = element.text or None
    for grandchild in element.children:
        append(child, grandchild)


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


class EntryElements(BaseEntryExtension):  # type: ignore[misc]  # feedgen carries no types
    """Holds the elements that one entry gets besides feedgen's own, and its language where that is another."""

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()
        self.language = ""

    def extend_rss(self, feed: Any) -> Any:
        """Append the elements to an RSS item, and end its line."""
        for element in self.elements:
            append(feed, element)
        feed.tail = "\n"
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Append the elements to an Atom entry."""
        if self.language:
            feed.set(LANG, self.language)
        return self.extend_rss(feed)


def media(image: Image) -> Element:
    """Return an image as Media RSS says it."""
    attributes = {"url": image.url, "type": image.type, "medium": "image", "fileSize": str(image.bytes)}
    if image.width and image.height:
        attributes |= {"width": str(image.width), "height": str(image.height)}
    children = (Element("media:description", image.description, {"type": "plain"}),) if image.description else ()
    return Element("media:content", attributes=attributes, children=children)


def start(feed: Feed, items: Sequence[Item], config: Config) -> Any:
    """Return a feedgen generator with all that RSS and Atom say alike of a whole feed.

    The feed is as old as the newest change of a post in it, never as old as its file: else two builds
    would differ.
    """
    generator = FeedGenerator()
    generator.register_extension("elements", ChannelElements, EntryElements)
    generator.title(one_line(feed.title) or config.base_url)
    generator.description(one_line(feed.description) or one_line(feed.title) or config.base_url)
    generator.language(feed.language)
    generator.generator("sitegen")
    generator.updated(max((item.updated for item in items), default=NEVER))
    if config.rights:
        generator.rights(one_line(config.rights))
    return generator
