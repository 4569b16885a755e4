"""RSS 2.0 by feedgen."""

from collections.abc import Sequence
from email.utils import format_datetime

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import Element, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
from sitegen.feeds.markup import element, enclose, insert, show_images
from sitegen.feeds.text import one_line


def draw_rss(feed: Feed, items: Sequence[Item], config: Config) -> bytes:
    """Return a feed as RSS 2.0, after the Best Practices Profile of the RSS Advisory Board."""
    generator = start(feed, items, config)
    own, home = absolute(feed.url, config.base_url), absolute(feed.home, config.base_url)
    generator.link(href=own, rel="self", type="application/rss+xml")
    # feedgen takes the last link for the channel's, whatever its relation.
    generator.link(href=home, rel="alternate")
    generator.elements.elements = tuple(channel_elements(feed, config))
    return insert(generator.rss_str(), (draw_item(item, feed.language) for item in items), b"</channel></rss>")


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


def draw_item(item: Item, language: str) -> str:
    """Return an item in the order that validators ask for: title, link, description, content, then the rest."""
    parts = [
        element("title", item.title),
        element("link", item.url),
        element("description", item.summary_html),
        enclose("content:encoded", item.content_xml) if item.content else "",
        element("guid", item.guid, isPermaLink="true" if item.guid == item.url else "false"),
        *(element("category", tag) for tag in item.tags),
    ]
    for enclosure in item.enclosures[:1]:
        parts.append(element("enclosure", url=enclosure.url, length=str(enclosure.length), type=enclosure.type))
    parts.append(element("pubDate", format_datetime(item.published)))
    if item.source and item.source.feed:
        parts.append(element("source", one_line(item.source.name), url=item.source.feed))
    parts += [element("dc:creator", name) for name, _ in item.authors]
    if item.language not in ("", language):
        parts.append(element("dc:language", item.language))
    if item.source_url:
        parts.append(element("dc:source", item.source_url))
        parts.append(element("atom:link", rel="via", href=item.source_url))
    if item.comments:
        parts.append(element("slash:comments", str(item.comments.count)))
        parts.append(element("thr:total", str(item.comments.count)))
    parts.append(show_images(item.images))
    return enclose("item", "".join(parts))
