"""RSS 2.0 by feedgen."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sitegen.config.schema import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.channel import feed_image, resolve
from sitegen.feeds.feedgen_extension import COMMENTS, ITUNES, Element, start, title_of
from sitegen.feeds.rendered_item import RenderedItem
from sitegen.feeds.text import one_line
from sitegen.feeds.types import COMMENT_FEEDS, Feed

IMAGES = frozenset({"", ".gif", ".jpeg", ".jpg", ".png"})
"""The suffixes of images that RSS 2.0 knows."""

MAX_CHARACTERS = 255
"""The longest name that Apple Podcasts takes."""


def render_rss(feed: Feed, items: Sequence[RenderedItem], config: Config) -> bytes:
    """Return a feed as RSS 2.0, after the Best Practices Profile of the RSS Advisory Board."""
    generator = start(feed, items, config)
    own, home = absolute(feed.url, config.base_url), absolute(feed.home, config.base_url)
    generator.link(href=own, rel="self", type="application/rss+xml")
    # feedgen uses the last link as the channel's, with any relation.
    generator.link(href=home, rel="alternate")
    generator.elements.elements = tuple(channel_elements(feed, config))
    more = [ITUNES] if _is_podcast(feed, config) else []
    more += [COMMENTS] if config.feeds.post_comments else []
    for namespaces in more:
        generator.elements.namespaces = {**generator.elements.namespaces, **namespaces}
    end = b"</channel></rss>"
    shown = (part for item in items for part in item.show_rss(feed.language, full=feed.full))
    # As in the items: see escape_plain. Nothing in the head is HTML.
    head = generator.rss_str().removesuffix(end).replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")
    return b"".join((head, *shown, end))


def channel_elements(feed: Feed, config: Config) -> list[Element]:
    """Return the elements of a channel that feedgen does not write: links, image, archive or complete (RFC 5005)."""
    links = {"prev-archive": feed.previous, "next-archive": feed.next, "current": feed.current}
    elements = [
        Element("atom:link", attributes={"rel": rel, "href": absolute(url, config.base_url)})
        for rel, url in links.items()
        if url
    ]
    elements += [Element("atom:link", attributes={"rel": "hub", "href": hub}) for hub in config.feeds.hubs]
    if feed.archive:
        elements.append(Element("fh:archive"))
    elif feed.complete:
        elements.append(Element("fh:complete"))
    image = feed_image(config)
    if image and PurePosixPath(urlsplit(image).path).suffix.lower() in IMAGES:
        # Validators compare title and link with those of the channel.
        parts = {"url": image, "title": title_of(feed, config), "link": absolute(feed.home, config.base_url)}
        elements.append(Element("image", children=tuple(Element(name, text) for name, text in parts.items())))
    return elements + (podcast_elements(config) if _is_podcast(feed, config) else [])


def _is_podcast(feed: Feed, config: Config) -> bool:
    return bool(config.feeds.podcast.category) and feed.subject not in COMMENT_FEEDS


def podcast_elements(config: Config) -> list[Element]:
    """Return what podcast directories ask of a channel."""
    podcast = config.feeds.podcast
    author = one_line(podcast.author) or one_line(config.author) or one_line(config.title)
    inner = (Element("itunes:category", attributes={"text": podcast.subcategory}),) if podcast.subcategory else ()
    owner = (Element("itunes:name", author[:MAX_CHARACTERS]), Element("itunes:email", podcast.email))
    return [
        Element("itunes:author", author[:MAX_CHARACTERS]),
        Element("itunes:type", podcast.type),
        Element("itunes:explicit", str(podcast.explicit).lower()),
        Element("itunes:image", attributes={"href": resolve(podcast.image, config)}),
        Element("itunes:category", attributes={"text": podcast.category}, children=inner),
        Element("itunes:owner", children=owner),
    ]
