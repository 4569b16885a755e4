"""Flaws of JSON Feed 1.1."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.content import judge_content
from sitegen.check.feeds.values import (
    URI,
    Flaw,
    Place,
    judge_language,
    judge_media_type,
    judge_same,
    judge_url,
    read_rfc_3339,
)
from sitegen.feeds.text import words

VERSION = "https://jsonfeed.org/version/1.1"
FEED = words(
    "version title home_page_url feed_url description user_comment next_url icon favicon authors language expired "
    "hubs items"
)
ITEM = words(
    "id url external_url title content_html content_text summary image banner_image date_published date_modified "
    "authors tags language attachments"
)


class TwiceError(ValueError):
    """A key stands twice in an object."""


def read_json(data: bytes) -> tuple[Any, Flaw | None]:
    """Return the value of a JSON document, or the flaw for which there is none; a doubled key is one."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise TwiceError("a key stands twice in one object")
        return table

    try:
        return json.loads(data.decode(), object_pairs_hook=unique), None
    except UnicodeDecodeError:
        return None, Place().flaw("the file is not UTF-8")
    except (ValueError, RecursionError) as error:
        return None, Place().flaw(f"the file is not JSON: {error}")


def judge_json(data: bytes, feed: Any) -> Iterator[Flaw]:
    """Yield what is wrong with a JSON Feed, of which the value is at hand."""
    place = Place()
    if not isinstance(feed, dict):
        yield place.flaw("the file is JSON, but no object")
        return
    if re.search(rb"\\u[dD][89a-fA-F]", data) and has_surrogate(feed):
        yield place.flaw("a text holds half of a character (a lone surrogate)")
    if feed.get("version") != VERSION:
        yield place.flaw(f'the version is not "{VERSION}"')
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        yield place.flaw("the feed has no title")
    for name in ("home_page_url", "feed_url"):
        yield from judge_url(place, name, text_in(feed, name))
    yield from judge_common(place, feed, FEED)
    if "language" not in feed:
        yield place.flaw("the feed does not say its language")
    yield from judge_rare(place, feed)
    if not isinstance(feed.get("items"), list):
        yield place.flaw("the feed has no list of items")
        return
    yield from judge_items(feed["items"])


def judge_place(feed: Any, place: str) -> Iterator[Flaw]:
    """Yield a flaw if a JSON Feed says of itself that it stands elsewhere than at this URL."""
    own = text_in(feed, "feed_url")
    if own and own != place:
        yield Place().flaw(f"feed_url leads to {own}, but the feed stands at {place}", "is the base URL right?")


def judge_rare(place: Place, feed: dict[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong with that which few feeds have."""
    for hub in rows(feed, "hubs"):
        yield from judge_url(place, "the URL of a hub", text_in(hub, "url"))
        if not text_in(hub, "type"):
            yield place.flaw("a hub has no type", "for example WebSub")
    for name in ("next_url", "icon", "favicon"):
        if name in feed:
            yield from judge_url(place, name, text_in(feed, name))
    if text_in(feed, "next_url") and text_in(feed, "next_url") == text_in(feed, "feed_url"):
        yield place.flaw("next_url is the feed itself", "it leads to the document with the posts before")
    if not isinstance(feed.get("expired", False), bool):
        yield place.flaw("expired is neither true nor false")


def has_surrogate(value: Any) -> bool:
    """Tell whether a text in a JSON value holds a lone surrogate."""
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


def judge_common(place: Place, table: dict[str, Any], known: frozenset[str]) -> Iterator[Flaw]:
    """Yield what is wrong with that which feeds and items have alike."""
    for name, value in table.items():
        if name.startswith("_"):
            if not isinstance(value, dict):
                yield place.flaw(f"the extension {name} is not an object")
        elif name not in known:
            yield place.flaw(f'JSON Feed has no key "{name}" here', "extensions begin with an underscore")
        elif name not in ("items", "authors", "tags", "attachments", "hubs", "expired") and not isinstance(value, str):
            yield place.flaw(f"{name} is not a text")
        elif name in ("authors", "tags", "attachments", "hubs") and not isinstance(value, list):
            yield place.flaw(f"{name} is not a list")
    for author in rows(table, "authors"):
        if not any(text_in(author, name) for name in ("name", "url", "avatar")):
            yield place.flaw("an author has neither name nor URL")
        for name in ("url", "avatar"):
            if isinstance(author, dict) and name in author:
                yield from judge_url(place, f"the {name} of an author", text_in(author, name))
    if isinstance(table.get("language"), str):
        yield from judge_language(place, table["language"])


def judge_items(items: list[Any]) -> Iterator[Flaw]:
    """Yield what is wrong with the items, each and together."""
    ids: dict[str, str] = {}
    dates = []
    for number, item in enumerate(items, 1):
        place = Place(f'item {number} ("{text_in(item, "title")[:60]}")')
        if not isinstance(item, dict):
            yield place.flaw("the item is not an object")
            continue
        yield from judge_common(place, item, ITEM)
        yield from judge_item(place, item)
        if text_in(item, "id"):
            yield from judge_same(place, ids, "the id", item["id"])
        if published := read_rfc_3339(text_in(item, "date_published")):
            dates.append(published)
    if dates != sorted(dates, reverse=True):
        yield Place().flaw("the items are not ordered from the newest to the oldest")


def judge_item(place: Place, item: dict[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong with one item."""
    if not text_in(item, "id"):
        yield place.flaw("the item has no id", "an id is a text, and for ever")
    if "content_html" not in item and "content_text" not in item:
        yield place.flaw("the item has neither content_html nor content_text")
    if isinstance(item.get("content_html"), str):
        yield from judge_content(place, item["content_html"])
    yield from judge_url(place, "the url of the item", text_in(item, "url"))
    for name in ("external_url", "image", "banner_image"):
        if name in item:
            yield from judge_url(place, name, text_in(item, name))
    for name in ("date_published", "date_modified"):
        if (name in item or name == "date_published") and read_rfc_3339(text_in(item, name)) is None:
            yield place.flaw(f'{name} is not a date of RFC 3339: "{item.get(name, "")}"')
    published, modified = (read_rfc_3339(text_in(item, name)) for name in ("date_published", "date_modified"))
    if published and modified and modified < published:
        yield place.flaw("the item was modified before it was published")
    if any(not isinstance(tag, str) or not tag for tag in rows(item, "tags")):
        yield place.flaw("a tag is not a text")
    for attachment in rows(item, "attachments"):
        yield from judge_attachment(place, attachment)


def judge_attachment(place: Place, attachment: Any) -> Iterator[Flaw]:
    """Yield what is wrong with an attachment of an item."""
    if not URI.fullmatch(text_in(attachment, "url")):
        yield from judge_url(place, "the URL of an attachment", text_in(attachment, "url"))
    yield from judge_media_type(place, "an attachment", text_in(attachment, "mime_type"))
    table = attachment if isinstance(attachment, dict) else {}
    for name, kinds in (("size_in_bytes", (int,)), ("duration_in_seconds", (int, float))):
        number = table.get(name, 0)
        if type(number) not in kinds or number < 0:
            yield place.flaw(f"{name} is not a number")
