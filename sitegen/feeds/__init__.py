"""Feeds: a site's posts for programs that read them, in RSS 2.0, Atom 1.0 and JSON Feed 1.1, and OPML of them all.

Nothing here loads feedgen or lxml before a feed is drawn.
"""

from collections.abc import Sequence

from sitegen.config import Config
from sitegen.feeds.feed import MEDIA_TYPES, Feed, FeedItem, ImageFacts, Outline
from sitegen.feeds.planning import feed_links, plan_feeds

__all__ = ["MEDIA_TYPES", "Feed", "FeedItem", "ImageFacts", "Outline", "draw", "feed_links", "plan_feeds"]


def draw(feed: Feed, items: Sequence[FeedItem], config: Config, image_facts: ImageFacts = lambda _: None) -> bytes:
    """Return the bytes of a feed: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 or OPML 2.0, by its kind.

    `items` are the feed's posts, in its order, with their HTML and guids; an OPML document has none.
    """
    if feed.kind == "opml":
        from sitegen.feeds.opml import draw_opml  # noqa: PLC0415 - loads lxml

        return draw_opml(feed, config)
    from sitegen.feeds.item import describe  # noqa: PLC0415 - an unchanged build draws no feed

    described = [describe(item, config, image_facts) for item in items]
    match feed.kind:
        case "rss":
            from sitegen.feeds.rss import draw_rss  # noqa: PLC0415 - loads feedgen and lxml

            return draw_rss(feed, described, config)
        case "atom":
            from sitegen.feeds.atom import draw_atom  # noqa: PLC0415 - loads feedgen and lxml

            return draw_atom(feed, described, config)
        case "json":
            from sitegen.feeds.json_feed import draw_json  # noqa: PLC0415 - an unchanged build draws no feed

            return draw_json(feed, described, config)
        case kind:
            raise ValueError(f"no feed is of kind {kind!r}")
