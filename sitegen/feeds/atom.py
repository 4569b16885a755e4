"""Atom 1.0 (RFC 4287) by feedgen."""

from collections.abc import Sequence
from typing import Any

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.extension import Element, media, start
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
from sitegen.feeds.text import one_line


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
        add_entry(generator, item)
    return bytes(generator.atom_str())


def add_entry(generator: Any, item: Item) -> None:
    """Add an entry."""
    entry = generator.add_entry(order="append")
    entry.id(item.uri)
    entry.title(item.title)
    entry.updated(item.updated)
    entry.published(item.published)
    if item.authors:
        entry.author([{"name": name, "uri": uri} if uri else {"name": name} for name, uri in item.authors])
    # feedgen forgets the relation of an entry's links: only the first, to the page, may be left to it.
    entry.link(href=item.url)
    if item.content:
        entry.content(item.content, type="html")
        entry.summary(item.summary)
    else:
        entry.summary(item.summary_html, type="html")
    if item.tags:
        entry.category([{"term": tag} for tag in item.tags])
    if item.rights:
        entry.rights(item.rights)
    entry.elements.language = item.language
    entry.elements.elements = tuple(entry_elements(item))


def entry_elements(item: Item) -> list[Element]:
    """Return what feedgen cannot say of an entry: its source with all that Atom asks of one, counts and images."""
    elements = [Element("link", attributes=attributes) for attributes in entry_links(item)]
    if item.source and item.source.feed:
        links = [("self", item.source.feed), ("alternate", item.source.home)]
        children = [
            Element("id", item.source.feed),
            Element("title", item.source.name),
            Element("updated", item.updated.isoformat()),
        ]
        children += [Element("link", attributes={"rel": rel, "href": url}) for rel, url in links if url]
        elements.append(Element("source", children=tuple(children)))
    if item.comments:
        elements.append(Element("thr:total", str(item.comments.count)))
    return elements + [media(image) for image in item.images]


def entry_links(item: Item) -> list[dict[str, str]]:
    """Return the links of an entry besides that to its page: to the original, and to its enclosures."""
    links = [{"rel": "via", "href": item.source_url}] if item.source_url else []
    for found in item.enclosures:
        length = {"length": str(found.length)} if found.length else {}
        links.append({"rel": "enclosure", "href": found.url, "type": found.type} | length)
    return links
