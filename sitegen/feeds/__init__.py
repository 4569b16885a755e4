"""Feeds: a site's posts for programs that read them, in RSS 2.0, Atom 1.0 and JSON Feed 1.1, and OPML of them all.

Nothing here loads feedgen or lxml before a feed is drawn.
"""

from collections.abc import Sequence

from sitegen.config import Config
from sitegen.feeds.feed import MEDIA_TYPES, Feed, FeedItem, ImageFacts, Outline
from sitegen.feeds.planning import plan_feeds

__all__ = ["MEDIA_TYPES", "Feed", "FeedItem", "ImageFacts", "Outline", "draw", "plan_feeds"]


def draw(feed: Feed, items: Sequence[FeedItem], config: Config, image_facts: ImageFacts = lambda _: None) -> bytes:
    """Return the bytes of a feed: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 or OPML 2.0, by its kind.

    `items` are the feed's posts, in its order, with their HTML and guids; an OPML document has none.
    """
    match feed.kind:
        case "rss":
            from sitegen.feeds.rss import draw_rss  # noqa: PLC0415 - loads feedgen and lxml

            return draw_rss(feed, items, config, image_facts)
        case kind:
            raise ValueError(f"no feed is of kind {kind!r}")
