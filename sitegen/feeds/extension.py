"""A feedgen extension for all that feedgen leaves out: elements are put into channels, feeds and entries as given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

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
        for element in self.elements:
            append(feed[0], element)
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Append the elements to an Atom feed, before its entries."""
        for element in self.elements:
            append(feed, element)
        return feed


class EntryElements(BaseEntryExtension):  # type: ignore[misc]  # feedgen carries no types
    """Holds the elements that one entry gets besides feedgen's own."""

    def __init__(self) -> None:
        self.elements: tuple[Element, ...] = ()

    def extend_rss(self, feed: Any) -> Any:
        """Append the elements to an RSS item."""
        return self.extend_atom(feed)

    def extend_atom(self, feed: Any) -> Any:
        """Append the elements to an Atom entry."""
        for element in self.elements:
            append(feed, element)
        return feed
