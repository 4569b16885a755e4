"""An extension of feedgen for the elements of a feed's head that it does not write."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec import Struct, field

from sitegen.config.schema import Config
from sitegen.feeds.rendered_item import RenderedItem
from sitegen.feeds.text import escape, looks_like_html, one_line
from sitegen.feeds.types import Feed

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
ITUNES = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}
COMMENTS = {"wfw": "http://wellformedweb.org/CommentAPI/"}
TEXTS = frozenset({"rights", "subtitle", "title"})
"""The text constructs of an Atom feed that feedgen writes."""

PREFIXES = NAMESPACES | ITUNES | {"atom": ATOM}


class Element(Struct, frozen=True):
    """An element to be added to a channel: its name is "prefix:name", or a bare name in the document's vocabulary."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: "tuple[Element, ...]" = ()


def append(parent: Any, element: Element) -> None:
    """Append an element to one of lxml."""
    prefix, _, name = element.name.rpartition(":")
    tag = f"{{{PREFIXES[prefix]}}}{name}" if prefix else name
    child = etree.SubElement(parent, tag, dict(element.attributes))
    child.text = element.text or None
    for inner in element.children:
        append(child, inner)


class ChannelElements(BaseExtension):  # type: ignore[misc]  # feedgen carries no types
    """Holds the elements that a whole feed gets besides feedgen's own."""

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()
        self.namespaces: Mapping[str, str] = NAMESPACES

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces to be declared at the root."""
        return dict(self.namespaces)

    def extend_rss(self, feed: Any) -> Any:
        """Append the elements to the channel of an RSS document, before its items."""
        self.extend(feed[0])
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Append the elements to an Atom feed, before its entries, and set the types of its text constructs."""
        for child in feed:
            if child.tag in TEXTS and looks_like_html(child.text):
                child.set("type", "html")
                child.text = escape(child.text)
        self.extend(feed)
        return feed

    def extend(self, parent: Any) -> None:
        """Append the elements to a channel or a feed."""
        for element in self.elements:
            append(parent, element)
        parent[-1].tail = "\n"


def title_of(feed: Feed, config: Config) -> str:
    """Return the title of a feed, the site's URL if it has none."""
    return one_line(feed.title) or config.base_url


def start(feed: Feed, items: Sequence[RenderedItem], config: Config) -> Any:
    """Return a feedgen generator with the data of a feed that RSS and Atom share.

    The feed is as old as the newest change of a post in it, never as old as its file: else two builds
    would differ.
    """
    generator = FeedGenerator()
    generator.register_extension("elements", ChannelElements)
    generator.title(title_of(feed, config))
    generator.description(one_line(feed.description) or one_line(feed.title) or config.base_url)
    generator.language(feed.language)
    generator.generator("sitegen")
    generator.updated(max((item.updated for item in items), default=NEVER))
    if config.rights:
        generator.rights(one_line(config.rights))
    return generator
