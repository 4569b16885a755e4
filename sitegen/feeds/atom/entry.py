"""A post as an entry of Atom 1.0 (RFC 4287, section 4.1.2)."""

from functools import lru_cache

from sitegen.feeds.address import to_uri
from sitegen.feeds.item import Item
from sitegen.feeds.text import escape, one_line, quote
from sitegen.feeds.types import ItemParts
from sitegen.feeds.xml_writer import element, enclose, show_images, show_text
from sitegen.model import Source


def render_entry(item: Item) -> ItemParts:
    """Return the XML of an entry after the name of its start tag, which has the entry's language."""
    updated = item.updated.isoformat()
    parts = [
        f"><id>{escape(item.uri)}</id>{show_text('title', item.title)}",
        f"<updated>{updated}</updated><published>{item.published.isoformat()}</published>",
    ]
    parts += [show_author(*author) for author in item.authors]
    parts.append(f'<link href="{quote(item.url)}" rel="alternate" type="text/html"/>')
    if item.source_url:
        parts.append(f'<link href="{quote(item.source_url)}" rel="via"/>')
    if item.comments_feed:
        parts.append(f'<link href="{quote(item.comments_feed)}" rel="replies" type="application/rss+xml"/>')
    for found in item.enclosures:
        length = {"length": str(found.length)} if found.length else {}
        parts.append(element("link", href=found.url, rel="enclosure", type=found.type, **length))
    parts += map(show_category, item.tags)
    end = []
    if item.rights:
        end.append(show_text("rights", item.rights))
    if item.source and item.source.feed:
        end.append(state_source(item.source, updated))
    if item.comments:
        end.append(f"<thr:total>{item.comments.count}</thr:total>")
    end.append(show_images(item.images))
    end.append("</entry>\n")
    return ItemParts(
        "".join(parts).encode(),
        f'{show_text("summary", item.summary)}<content type="html">'.encode(),
        b"</content>",
        element("summary", item.attributed_summary, type="html").encode(),
        end="".join(end).encode(),
    )


@lru_cache(maxsize=4096)
def show_author(name: str, uri: str) -> str:
    """Return an author; cached, because many entries have the same ones."""
    return f"<author><name>{escape(name)}</name>{f'<uri>{escape(uri)}</uri>' if uri else ''}</author>"


@lru_cache(maxsize=4096)
def show_category(name: str) -> str:
    """Return a category; cached, because many entries have the same ones."""
    return f'<category term="{quote(name)}"/>'


def state_source(source: Source, updated: str) -> str:
    """Return the feed of a republished post's source, with what Atom requires (RFC 4287, section 4.2.11)."""
    feed, home = to_uri(source.feed), to_uri(source.home)
    parts = element("id", feed) + show_text("title", one_line(source.name)) + element("updated", updated)
    parts += element("link", href=feed, rel="self")
    return enclose("source", parts + (element("link", href=home, rel="alternate") if home else ""))
