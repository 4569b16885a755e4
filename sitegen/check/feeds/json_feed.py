"""Checks of JSON Feed 1.1."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.content import check_content
from sitegen.check.feeds.values import (
    URI,
    FeedLocation,
    check_language,
    check_media_type,
    check_unique,
    check_url,
    read_rfc_3339,
)
from sitegen.errors import Problem
from sitegen.formats.html_elements import names

VERSION = "https://jsonfeed.org/version/1.1"
FEED = names(
    "version title home_page_url feed_url description user_comment next_url icon favicon authors language expired "
    "hubs items"
)
ITEM = names(
    "id url external_url title content_html content_text summary image banner_image date_published date_modified "
    "authors tags language attachments"
)


class DuplicateKeyError(ValueError):
    """A key occurs twice in an object."""


def read_json(data: bytes) -> tuple[Any, Problem | None]:
    """Return the value of a JSON document, or the problem if it cannot be parsed; a duplicate key is one."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise DuplicateKeyError("a key occurs twice in one object")
        return table

    try:
        return json.loads(data.decode(), object_pairs_hook=unique), None
    except UnicodeDecodeError:
        return None, FeedLocation().problem("the file is not UTF-8")
    except (ValueError, RecursionError) as error:
        return None, FeedLocation().problem(f"the file is not JSON: {error}")


def check_json(data: bytes, feed: Any) -> Iterator[Problem]:
    """Yield what is wrong with a JSON Feed, given its parsed value."""
    location = FeedLocation()
    if not isinstance(feed, dict):
        yield location.problem("the JSON document is not an object")
        return
    if re.search(rb"\\u[dD][89a-fA-F]", data) and has_surrogate(feed):
        yield location.problem("a string contains half of a character (a lone surrogate)")
    if feed.get("version") != VERSION:
        yield location.problem(f'the version is not "{VERSION}"')
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        yield location.problem("the feed has no title")
    for name in ("home_page_url", "feed_url"):
        yield from check_url(location, name, text_in(feed, name))
    yield from check_shared_elements(location, feed, FEED)
    if "language" not in feed:
        yield location.problem("the feed does not say its language")
    yield from check_optional_elements(location, feed)
    if not isinstance(feed.get("items"), list):
        yield location.problem("the feed has no list of items")
        return
    yield from check_items(feed["items"])


def check_feed_url(feed: Any, location: str) -> Iterator[Problem]:
    """Yield a problem if a JSON Feed names another URL than this one as its own."""
    own = text_in(feed, "feed_url")
    if own and own != location:
        yield FeedLocation().problem(
            f"feed_url leads to {own}, but the feed is at {location}", "is the base URL right?"
        )


def check_optional_elements(location: FeedLocation, feed: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with elements that few feeds have."""
    for hub in rows(feed, "hubs"):
        yield from check_url(location, "the URL of a hub", text_in(hub, "url"))
        if not text_in(hub, "type"):
            yield location.problem("a hub has no type", "for example WebSub")
    for name in ("next_url", "icon", "favicon"):
        if name in feed:
            yield from check_url(location, name, text_in(feed, name))
    if text_in(feed, "next_url") and text_in(feed, "next_url") == text_in(feed, "feed_url"):
        yield location.problem("next_url is the feed itself", "it leads to the document with the posts before")
    if not isinstance(feed.get("expired", False), bool):
        yield location.problem("expired is neither true nor false")


def has_surrogate(value: Any) -> bool:
    """Return whether a string of a JSON value contains a lone surrogate."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def text_in(table: Any, name: str) -> str:
    """Return the text under a key, "" if there is none."""
    value = table.get(name, "") if isinstance(table, dict) else ""
    return value if isinstance(value, str) else ""


def rows(table: dict[str, Any], name: str) -> list[Any]:
    """Return the list under a key, an empty one if there is none."""
    value = table.get(name, [])
    return value if isinstance(value, list) else []


def check_shared_elements(location: FeedLocation, table: dict[str, Any], known: frozenset[str]) -> Iterator[Problem]:
    """Yield what is wrong with the keys that feeds and items share."""
    for name, value in table.items():
        if name.startswith("_"):
            if not isinstance(value, dict):
                yield location.problem(f"the extension {name} is not an object")
        elif name not in known:
            yield location.problem(f'JSON Feed has no key "{name}" here', "extensions begin with an underscore")
        elif name not in ("items", "authors", "tags", "attachments", "hubs", "expired") and not isinstance(value, str):
            yield location.problem(f"{name} is not a string")
        elif name in ("authors", "tags", "attachments", "hubs") and not isinstance(value, list):
            yield location.problem(f"{name} is not a list")
    for author in rows(table, "authors"):
        if not any(text_in(author, name) for name in ("name", "url", "avatar")):
            yield location.problem("an author has neither name nor URL")
        for name in ("url", "avatar"):
            if isinstance(author, dict) and name in author:
                yield from check_url(location, f"the {name} of an author", text_in(author, name))
    if isinstance(table.get("language"), str):
        yield from check_language(location, table["language"])


def check_items(items: list[Any]) -> Iterator[Problem]:
    """Yield what is wrong with the items, each and together."""
    ids: dict[str, str] = {}
    dates = []
    for number, item in enumerate(items, 1):
        location = FeedLocation(f'item {number} ("{text_in(item, "title")[:60]}")')
        if not isinstance(item, dict):
            yield location.problem("the item is not an object")
            continue
        yield from check_shared_elements(location, item, ITEM)
        yield from check_item(location, item)
        if text_in(item, "id"):
            yield from check_unique(location, ids, "the id", item["id"])
        if published := read_rfc_3339(text_in(item, "date_published")):
            dates.append(published)
    if dates != sorted(dates, reverse=True):
        yield FeedLocation().problem("the items are not ordered from the newest to the oldest")


def check_item(location: FeedLocation, item: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with one item."""
    if not text_in(item, "id"):
        yield location.problem("the item has no id", "an id must be a string and never change")
    if "content_html" not in item and "content_text" not in item:
        yield location.problem("the item has neither content_html nor content_text")
    if isinstance(item.get("content_html"), str):
        yield from check_content(location, item["content_html"])
    yield from check_url(location, "the url of the item", text_in(item, "url"))
    for name in ("external_url", "image", "banner_image"):
        if name in item:
            yield from check_url(location, name, text_in(item, name))
    for name in ("date_published", "date_modified"):
        if (name in item or name == "date_published") and read_rfc_3339(text_in(item, name)) is None:
            yield location.problem(f'{name} is not a date of RFC 3339: "{item.get(name, "")}"')
    published, modified = (read_rfc_3339(text_in(item, name)) for name in ("date_published", "date_modified"))
    if published and modified and modified < published:
        yield location.problem("the item was modified before it was published")
    if any(not isinstance(tag, str) or not tag for tag in rows(item, "tags")):
        yield location.problem("a tag is not a string")
    for attachment in rows(item, "attachments"):
        yield from check_attachment(location, attachment)


def check_attachment(location: FeedLocation, attachment: Any) -> Iterator[Problem]:
    """Yield what is wrong with an attachment of an item."""
    if not URI.fullmatch(text_in(attachment, "url")):
        yield from check_url(location, "the URL of an attachment", text_in(attachment, "url"))
    yield from check_media_type(location, "an attachment", text_in(attachment, "mime_type"))
    table = attachment if isinstance(attachment, dict) else {}
    for name, number_types in (("size_in_bytes", (int,)), ("duration_in_seconds", (int, float))):
        number = table.get(name, 0)
        if type(number) not in number_types or number < 0:
            yield location.problem(f"{name} is not a number")
