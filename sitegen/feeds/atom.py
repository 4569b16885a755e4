"""Atom 1.0 (RFC 4287) by feedgen."""

from collections.abc import Sequence

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import Element, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
from sitegen.feeds.markup import element, enclose, insert, show_images
from sitegen.feeds.text import one_line
from sitegen.model import Source


def draw_atom(feed: Feed, items: Sequence[Item], config: Config) -> bytes:
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
    if feed.year:
        generator.elements.elements = (Element("fh:archive"),)
    elif feed.complete:
        generator.elements.elements = (Element("fh:complete"),)
    return insert(generator.atom_str(), (draw_entry(item, feed.language) for item in items), b"</feed>")


def draw_entry(item: Item, language: str) -> str:
    """Return an entry."""
    parts = [
        element("id", item.uri),
        element("title", item.title),
        element("updated", item.updated.isoformat()),
        element("published", item.published.isoformat()),
    ]
    for name, uri in item.authors:
        parts.append(enclose("author", element("name", name) + (element("uri", uri) if uri else "")))
    parts.append(element("link", href=item.url, rel="alternate", type="text/html"))
    if item.source_url:
        parts.append(element("link", href=item.source_url, rel="via"))
    for found in item.enclosures:
        length = {"length": str(found.length)} if found.length else {}
        parts.append(element("link", href=found.url, rel="enclosure", type=found.type, **length))
    parts += [element("category", term=tag) for tag in item.tags]
    if item.content:
        parts.append(element("summary", item.summary))
        parts.append(enclose("content", item.content_xml, type="html"))
    else:
        parts.append(element("summary", item.summary_html, type="html"))
    if item.rights:
        parts.append(element("rights", item.rights))
    if item.source and item.source.feed:
        parts.append(state_source(item.source, item.updated.isoformat()))
    if item.comments:
        parts.append(element("thr:total", str(item.comments.count)))
    parts.append(show_images(item.images))
    other = {"xml__lang": item.language} if item.language not in ("", language) else {}
    return enclose("entry", "".join(parts), **other)


def state_source(source: Source, updated: str) -> str:
    """Return the feed that a republished post is from, with all that Atom asks of one (RFC 4287, section 4.2.11)."""
    parts = element("id", source.feed) + element("title", one_line(source.name)) + element("updated", updated)
    parts += element("link", href=source.feed, rel="self")
    return enclose("source", parts + (element("link", href=source.home, rel="alternate") if source.home else ""))
