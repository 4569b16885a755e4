"""RSS 2.0 by feedgen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urljoin

from feedgen.feed import FeedGenerator

from sitegen.config import Config
from sitegen.feeds.content import clean
from sitegen.feeds.extension import ChannelElements, Element, EntryElements
from sitegen.feeds.feed import Feed, FeedItem, ImageFacts
from sitegen.feeds.text import one_line

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def draw_rss(feed: Feed, items: Sequence[FeedItem], config: Config, image_facts: ImageFacts) -> bytes:  # noqa: ARG001
    """Return a feed as RSS 2.0."""
    generator = FeedGenerator()
    generator.register_extension("elements", ChannelElements, EntryElements)
    generator.title(one_line(feed.title))
    generator.description(one_line(feed.description or feed.title))
    generator.language(feed.language)
    generator.generator("sitegen")
    generator.link(href=urljoin(config.base_url, feed.url), rel="self", type="application/rss+xml")
    generator.link(href=urljoin(config.base_url, feed.home), rel="alternate")
    generator.lastBuildDate(max((item.post.updated or item.post.date for item in items), default=NEVER))
    for item in items:
        post = item.post
        permalink = urljoin(config.base_url, post.url)
        entry = generator.add_entry(order="append")
        entry.title(one_line(post.title) or permalink)
        entry.link(href=permalink)
        entry.description(escape(one_line(post.summary or post.title), quote=False), isSummary=True)
        entry.content(clean(item.html, permalink), type="html")
        entry.guid(item.guid, permalink=item.guid == permalink)
        entry.published(post.date)
        for tag in post.tags:
            entry.category(term=one_line(tag.name))
        names = [one_line(author.name) for author in post.authors]
        entry.elements.elements = tuple(Element("dc:creator", name) for name in names)
    return bytes(generator.rss_str(pretty=False))
