"""RSS 2.0 by feedgen."""

from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any

from lxml import etree

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import ATOM, CONTENT, DC, SLASH, THR, Drawn, Element, put, put_images, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
from sitegen.feeds.text import one_line


def draw_rss(feed: Feed, items: Sequence[Item], config: Config) -> bytes:
    """Return a feed as RSS 2.0, after the Best Practices Profile of the RSS Advisory Board."""
    generator = start(feed, items, config)
    own, home = absolute(feed.url, config.base_url), absolute(feed.home, config.base_url)
    generator.link(href=own, rel="self", type="application/rss+xml")
    # feedgen takes the last link for the channel's, whatever its relation.
    generator.link(href=home, rel="alternate")
    generator.elements.elements = tuple(channel_elements(feed, config))
    for item in items:
        generator.add_entry(Drawn(draw_item(item, feed.language)), order="append")
    return bytes(generator.rss_str())


def channel_elements(feed: Feed, config: Config) -> list[Element]:
    """Return the links of a channel that feedgen drops, and its mark as an archive or as complete (RFC 5005)."""
    links = {"prev-archive": feed.previous, "next-archive": feed.next, "current": feed.current}
    elements = [
        Element("atom:link", attributes={"rel": rel, "href": absolute(url, config.base_url)})
        for rel, url in links.items()
        if url
    ]
    elements += [Element("atom:link", attributes={"rel": "hub", "href": hub}) for hub in config.feeds.hubs]
    if feed.year:
        elements.append(Element("fh:archive"))
    elif feed.complete:
        elements.append(Element("fh:complete"))
    return elements


def draw_item(item: Item, language: str) -> Any:
    """Return an item in the order that validators ask for: title, link, description, content, then the rest."""
    element = etree.Element("item")
    put(element, "title", item.title)
    put(element, "link", item.url)
    put(element, "description", item.summary_html)
    if item.content:
        put(element, f"{CONTENT}encoded", item.content)
    put(element, "guid", item.guid, isPermaLink="true" if item.guid == item.url else "false")
    for tag in item.tags:
        put(element, "category", tag)
    for enclosure in item.enclosures[:1]:
        put(element, "enclosure", "", url=enclosure.url, length=str(enclosure.length), type=enclosure.type)
    put(element, "pubDate", format_datetime(item.published))
    if item.source and item.source.feed:
        put(element, "source", one_line(item.source.name), url=item.source.feed)
    for name, _ in item.authors:
        put(element, f"{DC}creator", name)
    if item.language not in ("", language):
        put(element, f"{DC}language", item.language)
    if item.source_url:
        put(element, f"{DC}source", item.source_url)
        put(element, f"{{{ATOM}}}link", "", rel="via", href=item.source_url)
    if item.comments:
        put(element, f"{SLASH}comments", str(item.comments.count))
        put(element, f"{THR}total", str(item.comments.count))
    put_images(element, item.images)
    return element
