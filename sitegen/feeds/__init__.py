"""Feeds: a site's posts for programs that read them, in RSS 2.0, Atom 1.0 and JSON Feed 1.1, and OPML of them all.

Nothing here imports feedgen or lxml before a feed is rendered.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.feeds.plan import feed_links, plan_feeds
from sitegen.feeds.types import MEDIA_TYPES, Feed, FeedItem, ImageFact, ImageFacts, OpmlOutline

if TYPE_CHECKING:
    from sitegen.feeds.rendered_item import RenderedItem

__all__ = [
    "MEDIA_TYPES",
    "Feed",
    "FeedItem",
    "ImageFact",
    "ImageFacts",
    "OpmlOutline",
    "feed_links",
    "load",
    "plan_feeds",
    "render_document",
]


def load() -> None:
    """Import the libraries that write feeds, so that processes forked after this share them."""
    import sitegen.feeds.atom.feed  # noqa: PLC0415 - loads feedgen and lxml
    import sitegen.feeds.rss.channel  # noqa: F401, PLC0415 - as above


def render_document(feed: Feed, items: "Sequence[RenderedItem]", config: Config) -> bytes:
    """Return the bytes of a feed: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 or OPML 2.0, by its `kind`.

    `items` are the feed's posts, in its order, rendered in its format; an OPML document has none.
    """
    match feed.kind:
        case "rss":
            from sitegen.feeds.rss.channel import render_rss  # noqa: PLC0415 - loads feedgen and lxml

            return render_rss(feed, items, config)
        case "atom":
            from sitegen.feeds.atom.feed import render_atom  # noqa: PLC0415 - loads feedgen and lxml

            return render_atom(feed, items, config)
        case "json":
            from sitegen.feeds.json_feed import render_head  # noqa: PLC0415 - an unchanged build renders no feed

            rows = b",\n".join(b"".join(item.show_json(feed.language, full=feed.full)) for item in items)
            return render_head(feed, config) + rows + b"\n]}\n"
        case "opml":
            from sitegen.feeds.opml import render_opml  # noqa: PLC0415 - loads lxml

            return render_opml(feed, config)
        case kind:
            raise ValueError(f"unknown feed format: {kind!r}")
