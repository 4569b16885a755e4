"""JSON Feed 1.1: the head of a feed, and its items, one on each line."""

import json
from typing import Any

from sitegen.config.schema import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.channel import feed_image
from sitegen.feeds.item import Item
from sitegen.feeds.text import one_line
from sitegen.feeds.types import Feed, ItemParts
from sitegen.model import Count

VERSION = "https://jsonfeed.org/version/1.1"


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def render_head(feed: Feed, config: Config) -> bytes:
    """Return the beginning of a feed as JSON Feed 1.1, up to its items."""
    head: dict[str, Any] = {
        "version": VERSION,
        "title": one_line(feed.title) or config.base_url,
        "home_page_url": absolute(feed.home, config.base_url),
        "feed_url": absolute(feed.url, config.base_url),
        "next_url": absolute(feed.previous, config.base_url) if feed.previous else "",
        "icon": feed_image(config),
        "description": one_line(feed.description),
        "language": feed.language,
        "authors": [{"name": one_line(config.author)}] if one_line(config.author) else None,
        "hubs": [{"type": "WebSub", "url": hub} for hub in config.feeds.hubs],
    }
    return encode({key: value for key, value in head.items() if value})[:-1].encode() + b',"items":[\n'


def render_object(item: Item) -> ItemParts:
    """Return an item as an object of JSON Feed, without unknown values.

    Counts are in an extension of our own, `_sitegen`.
    """
    counts = {
        "views": state_count(item.views),
        "comments": state_count(item.comments),
        "likes": state_count(item.likes),
    }
    front = {
        "id": item.guid,
        "url": item.url,
        "external_url": item.source_url,
        "title": item.title,
    }
    middle = {
        "summary": item.summary,
        "image": item.image or (item.images[0].url if item.images else ""),
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat() if item.updated != item.published else "",
        "authors": [{"name": name, "url": url} if url else {"name": name} for name, url in item.authors],
        "tags": item.tags,
    }
    end = {
        "attachments": [
            {"url": found.url, "mime_type": found.type} | ({"size_in_bytes": found.length} if found.length else {})
            for found in item.enclosures
        ],
        "_sitegen": {name: count for name, count in counts.items() if count},
    }
    known = _encode_known(end)
    return ItemParts(
        f"{_encode_known(front)[:-1]},".encode(),
        f'"content_html":{encode(item.content)}'.encode(),
        b"",
        f'"content_html":{encode(item.attributed_summary)}'.encode(),
        f",{_encode_known(middle)[1:-1]}".encode(),
        f",{known[1:]}".encode() if known != "{}" else b"}",
    )


def _encode_known(values: dict[str, Any]) -> str:
    return encode({key: value for key, value in values.items() if value})


def state_count(count: Count | None) -> dict[str, Any]:
    """Return a count with who counted and when."""
    if count is None:
        return {}
    known = {"count": count.count, "on": one_line(count.on), "at": count.at.isoformat() if count.at else ""}
    return {key: value for key, value in known.items() if value != ""}
