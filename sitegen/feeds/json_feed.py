"""JSON Feed 1.1."""

import json
from collections.abc import Sequence
from typing import Any

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.feed import Feed
from sitegen.feeds.item import Item
from sitegen.feeds.text import one_line
from sitegen.model import Count

VERSION = "https://jsonfeed.org/version/1.1"


def draw_json(feed: Feed, items: Sequence[Item], config: Config) -> bytes:
    """Return a feed as JSON Feed 1.1, an item a line; counts stand in an extension of our own, `_sitegen`."""
    head: dict[str, Any] = {
        "version": VERSION,
        "title": one_line(feed.title),
        "home_page_url": absolute(feed.home, config.base_url),
        "feed_url": absolute(feed.url, config.base_url),
        "description": one_line(feed.description),
        "language": feed.language,
        "authors": [{"name": one_line(config.author)}] if one_line(config.author) else None,
        "hubs": [{"type": "WebSub", "url": hub} for hub in config.feeds.hubs],
    }
    head_text = dump({key: value for key, value in head.items() if value})
    rows = b",\n".join(dump(state_item(item, feed.language)).encode() for item in items)
    return head_text[:-1].encode() + b',"items":[\n' + rows + b"\n]}\n"


def dump(value: object) -> str:
    """Return a value as compact JSON, its text as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def state_item(item: Item, language: str) -> dict[str, Any]:
    """Return an item as an object of JSON Feed, without what is not known of it."""
    counts = {"views": state_count(item.views), "comments": state_count(item.comments)}
    known = {
        "id": item.guid,
        "url": item.url,
        "external_url": item.source_url,
        "title": item.title,
        "content_html": item.content or item.summary_html,
        "summary": item.summary,
        "image": item.image or (item.images[0].url if item.images else ""),
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat() if item.updated != item.published else "",
        "authors": [{"name": name, "url": url} if url else {"name": name} for name, url in item.authors],
        "tags": item.tags,
        "language": item.language if item.language != language else "",
        "attachments": [
            {"url": found.url, "mime_type": found.type} | ({"size_in_bytes": found.length} if found.length else {})
            for found in item.enclosures
        ],
        "_sitegen": {name: count for name, count in counts.items() if count},
    }
    return {key: value for key, value in known.items() if value}


def state_count(count: Count | None) -> dict[str, Any]:
    """Return a count with who counted and when."""
    if count is None:
        return {}
    known = {"count": count.count, "on": one_line(count.on), "at": count.at.isoformat() if count.at else ""}
    return {key: value for key, value in known.items() if value != ""}
