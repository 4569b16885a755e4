"""RSS 2.0 by feedgen."""

from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import Element, media, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item


def draw_rss(feed: Feed, items: Sequence[Item], config: Config) -> bytes:
    """Return a feed as RSS 2.0, after the Best Practices Profile of the RSS Advisory Board."""
    generator = start(feed, items, config)
    own, home = absolute(feed.url, config.base_url), absolute(feed.home, config.base_url)
    generator.link(href=own, rel="self", type="application/rss+xml")
    # feedgen takes the last link for the channel's, whatever its relation.
    generator.link(href=home, rel="alternate")
    generator.elements.elements = tuple(channel_elements(feed, config))
    for item in items:
        add_item(generator, item)
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


def add_item(generator: Any, item: Item) -> None:
    """Add an item in the order that validators ask for: title, link, description, content, then the rest."""
    entry = generator.add_entry(order="append")
    entry.title(item.title)
    entry.link(href=item.url)
    entry.description(item.summary_html, isSummary=True)
    if item.content:
        entry.content(item.content)
    entry.guid(item.guid, permalink=item.guid == item.url)
    if item.tags:
        entry.category([{"term": tag} for tag in item.tags])
    for enclosure in item.enclosures[:1]:
        entry.enclosure(enclosure.url, enclosure.length, enclosure.type)
    if item.source and item.source.feed:
        entry.source(url=item.source.feed, title=item.source.name)
    # feedgen writes times by switching the locale of the whole process, which other threads would notice.
    elements = [Element("pubDate", format_datetime(item.published))]
    elements += [Element("dc:creator", name) for name, _ in item.authors]
    if item.language:
        elements.append(Element("dc:language", item.language))
    if item.source_url:
        elements.append(Element("dc:source", item.source_url))
        elements.append(Element("atom:link", attributes={"rel": "via", "href": item.source_url}))
    if item.comments:
        elements.append(Element("slash:comments", str(item.comments.count)))
        elements.append(Element("thr:total", str(item.comments.count)))
    elements += map(media, item.images)
    entry.elements.elements = tuple(elements)
