"""Atom 1.0 (RFC 4287) by feedgen."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import LANG, THR, Drawn, Element, put, put_images, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
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
    for item in items:
        generator.add_entry(Drawn(draw_entry(item, feed.language)), order="append")
    return bytes(generator.atom_str())


def draw_entry(item: Item, language: str) -> Any:
    """Return an entry; feedgen's documents have no namespace of their own, but say that they have Atom's."""
    element = etree.Element("entry")
    if item.language not in ("", language):
        element.set(LANG, item.language)
    put(element, "id", item.uri)
    put(element, "title", item.title)
    put(element, "updated", item.updated.isoformat())
    put(element, "published", item.published.isoformat())
    for name, uri in item.authors:
        author = etree.SubElement(element, "author")
        put(author, "name", name)
        if uri:
            put(author, "uri", uri)
    put(element, "link", "", href=item.url, rel="alternate", type="text/html")
    if item.source_url:
        put(element, "link", "", href=item.source_url, rel="via")
    for found in item.enclosures:
        length = {"length": str(found.length)} if found.length else {}
        put(element, "link", "", href=found.url, rel="enclosure", type=found.type, **length)
    for tag in item.tags:
        put(element, "category", "", term=tag)
    if item.content:
        put(element, "summary", item.summary)
        put(element, "content", item.content, type="html")
    else:
        put(element, "summary", item.summary_html, type="html")
    if item.rights:
        put(element, "rights", item.rights)
    if item.source and item.source.feed:
        put_source(element, item.source, item.updated.isoformat())
    if item.comments:
        put(element, f"{THR}total", str(item.comments.count))
    put_images(element, item.images)
    return element


def put_source(parent: Any, source: Source, updated: str) -> None:
    """Append the feed that a republished post is from, with all that Atom asks of one (RFC 4287, section 4.2.11)."""
    element = etree.SubElement(parent, "source")
    put(element, "id", source.feed)
    put(element, "title", one_line(source.name))
    put(element, "updated", updated)
    put(element, "link", "", href=source.feed, rel="self")
    if source.home:
        put(element, "link", "", href=source.home, rel="alternate")
