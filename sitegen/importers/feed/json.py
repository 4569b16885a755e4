"""Reads the items of a JSON Feed (versions 1 and 1.1)."""

import json
from collections.abc import Iterator, Mapping
from html import escape

from sitegen.formats.dates import read_date
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Dropped, HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.plain_text import text_to_html
from sitegen.importers.feed.document import (
    MAX_FEED_BYTES,
    FeedDocument,
    aliases_from_link,
    make_document,
    slug_from_link,
)
from sitegen.importers.suggest_settings import suggest_site

_FEED_KEYS = frozenset((
    "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon",
    "authors", "author", "language", "expired", "hubs", "items",
))  # fmt: skip
"""Keys about the feed itself, for which a site has settings."""

_IGNORED = ("id", "mime_type", "size_in_bytes", "duration_in_seconds")
"""Keys of items and attachments without content for readers."""


def read_json_feed(archive: Archive, name: str, options: Options) -> FeedDocument:
    """Return the items of a feed; raise UnreadableError for a file that is too large or not JSON."""
    try:
        value = json.loads(read_text(archive, name, MAX_FEED_BYTES))
    except RecursionError:
        raise UnreadableError("the JSON is nested too deep") from None
    except ValueError as error:
        raise UnreadableError(f"the JSON is cut off or broken: {error}") from None
    entries = value.get("items") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise UnreadableError("the feed has no list of items")
    authors = value.get("authors") if isinstance(value.get("authors"), list) else [value.get("author")]
    author = authors[0] if len(authors) == 1 else None
    names = {name: name for name in ("title", "description", "language", "author")}
    items: list[Item] = [suggest_site({**value, "author": author}, **names)]
    for number, entry in enumerate(entries, 1):
        where = Location(name, number)
        if isinstance(entry, dict):
            items += _read_json_item(
                Payload(entry, "items", _IGNORED), where, str(value.get("language") or ""), options
            )
        else:
            items.append(Skipped(where, "not an item of a feed"))
    about = Payload(value, "the feed", _FEED_KEYS)
    items += [Dropped(Location(name), f"`{key}` of {about.record_type}") for key in about.unread()]
    return make_document(name, items, str(value.get("feed_url") or ""), str(value.get("next_url") or ""))


def _read_json_item(entry: Payload, where: Location, language: str, options: Options) -> Iterator[Item]:
    def text(*names: str) -> str:
        return next((str(entry[one]) for one in names if isinstance(entry.get(one), str | int)), "")

    html = text("content_html") or text_to_html(text("content_text", "summary"))
    if not html and not text("title"):
        yield Skipped(where, "the item has neither a title nor content")
        return
    date = updated = None
    for one in ("date_published", "date_modified"):
        try:
            moment = read_date(text(one), options.zone, options.date_order) if text(one) else None
        except ValueError as error:
            yield Note(where, str(error))
            continue
        date, updated = (moment, None) if one == "date_published" else (date or moment, moment if date else None)
    link = text("url")
    authors = entry.get("authors") if isinstance(entry.get("authors"), list) else [entry.get("author")]
    tags = entry.get("tags") if isinstance(entry.get("tags"), list) else []
    html += "".join(
        f'<p><a href="{escape(one["url"])}">{escape(str(one.get("title") or "Attachment"))}</a></p>'
        for one in entry.get("attachments") or ()
        if isinstance(one, Mapping) and isinstance(one.get("url"), str) and one["url"] not in html
    )
    yield ImportedPost(
        where=where,
        title=text("title"),
        body=HtmlBody(html, link),
        date=date or options.date,
        updated=updated if updated != date else None,
        slug=slug_from_link(link),
        id=text("id") or link,
        records=(entry,),
        authors=tuple(str(one["name"]) for one in authors or () if isinstance(one, Mapping) and one.get("name")),
        source_url=text("external_url"),
        tags=tuple(str(tag) for tag in tags or () if isinstance(tag, str | int)),
        summary=text("summary") if text("content_html") or text("content_text") else "",
        image=text("image", "banner_image"),
        language=text("language") or language,
        aliases=aliases_from_link(link),
        urls=(link,),
    )
