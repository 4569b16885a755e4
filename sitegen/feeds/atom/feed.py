"""Atom 1.0 (RFC 4287) by feedgen."""

from collections.abc import Sequence

from sitegen.config.schema import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.channel import feed_image
from sitegen.feeds.feedgen_extension import Element, start
from sitegen.feeds.rendered_item import RenderedItem
from sitegen.feeds.text import one_line
from sitegen.feeds.types import Feed


def render_atom(feed: Feed, items: Sequence[RenderedItem], config: Config) -> bytes:
    """Return a feed as Atom 1.0; an archive document carries the id of the feed that it belongs to."""
    generator = start(feed, items, config)
    generator.id(absolute(feed.current or feed.url, config.base_url))
    generator.author(name=one_line(config.author) or one_line(config.title) or config.base_url)
    links = [("self", feed.url), ("alternate", feed.home)]
    links += [("current", feed.current), ("prev-archive", feed.previous), ("next-archive", feed.next)]
    for rel, url in links:
        if url:
            kind = "text/html" if rel == "alternate" else "application/atom+xml"
            generator.link(href=absolute(url, config.base_url), rel=rel, type=kind)
    for hub in config.feeds.hubs:
        generator.link(href=hub, rel="hub")
    if image := feed_image(config):
        generator.logo(image)
    if feed.archive:
        generator.elements.elements = (Element("fh:archive"),)
    elif feed.complete:
        generator.elements.elements = (Element("fh:complete"),)
    end = b"</feed>"
    shown = (part for item in items for part in item.show_atom(feed.language, full=feed.full))
    return b"".join((generator.atom_str().removesuffix(end), *shown, end))
