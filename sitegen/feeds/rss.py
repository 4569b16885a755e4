"""RSS 2.0 by feedgen."""

from collections.abc import Sequence

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.drawn import DrawnItem
from sitegen.feeds.extension import Element, start
from sitegen.feeds.feed import Feed


def draw_rss(feed: Feed, items: Sequence[DrawnItem], config: Config) -> bytes:
    """Return a feed as RSS 2.0, after the Best Practices Profile of the RSS Advisory Board."""
    generator = start(feed, items, config)
    own, home = absolute(feed.url, config.base_url), absolute(feed.home, config.base_url)
    generator.link(href=own, rel="self", type="application/rss+xml")
    # feedgen takes the last link for the channel's, whatever its relation.
    generator.link(href=home, rel="alternate")
    generator.elements.elements = tuple(channel_elements(feed, config))
    end = b"</channel></rss>"
    shown = (part for item in items for part in item.show_rss(feed.language))
    return b"".join((generator.rss_str().removesuffix(end), *shown, end))


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
