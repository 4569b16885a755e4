"""Reads the entries of an RSS or Atom feed through feedparser."""

import html
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from sitegen.errors import Problem, SiteError
from sitegen.formats.dates import read_date
from sitegen.formats.delimiters import replace_closed
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import XmlBytes
from sitegen.importers.base import Dropped, HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.plain_text import text_to_html
from sitegen.importers.feed.blogger import is_type, read_type, reason_to_skip, why_draft
from sitegen.importers.feed.document import (
    MAX_FEED_BYTES,
    FeedDocument,
    aliases_from_link,
    make_document,
    slug_from_link,
)
from sitegen.importers.feed.entities import resolve_references
from sitegen.importers.suggest_settings import suggest_site
from sitegen.model import Count
from sitegen.system.installation import install_hint

MAX_ELEMENTS = 250_000
"""Number of elements that feedparser reads in about ten seconds; real feeds have fewer."""
MAX_TAG_BYTES = 16 * 1024
"""Size limit of a tag without its attribute values, since feedparser needs much memory for each attribute."""

_REPEATED_KEYS = ("links", "authors", "guidislink", "author", "summary", "created", "updated", "media_thumbnail",
             "href", "type", "value", "length", "rel", "base", "language")  # fmt: skip
_FEED_KEYS = frozenset((
    "title", "subtitle", "link", "links", "language", "updated", "published", "generator", "docs", "ttl", "id",
    "author", "authors", "image", "logo", "icon", "rights", "publisher", "tags", "cloud", "sy_updateperiod",
    "sy_updatefrequency", "day", "sy_updatebase", "fh_archive", "fh_complete", "description", "info", "webmaster",
    "errorreportsto",
))  # fmt: skip
"""Keys about the feed itself, for which a site has settings."""

_EMAIL = re.compile(r"(?<![^\s@<>()])[^\s@<>()]++@[^\s@<>()]++")
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|(?P<unclosed>\Z))", re.DOTALL)
_TAG_START = re.compile(r"<\w")
_TAG = re.compile(r"<[A-Za-z/!][^>]*+(?:>|(?P<unclosed>\Z))")
_LONG_TAG = re.compile(rb"<[A-Za-z/][^<>]{%d,}" % MAX_TAG_BYTES)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")


def read_xml(archive: Archive, name: str, options: Options) -> FeedDocument:
    """Return the items of a feed; raise UnreadableError for a file that is too large or damaged."""
    try:
        import feedparser  # noqa: PLC0415 - takes 60 ms, and only this format needs it
    except ImportError:
        hint = install_hint("import")
        raise SiteError([Problem(name, 0, "reading a feed needs the package feedparser", hint)]) from None

    if archive.size(name) > MAX_FEED_BYTES:
        raise UnreadableError(f"it is larger than {MAX_FEED_BYTES >> 20} MB")
    stream = XmlBytes(archive, name)
    pieces: list[bytes] = []
    while piece := stream.read():
        pieces.append(piece)
    stream.close()
    data = re.sub(rb"\A\s*<\?xml[^>]*\?>", b"", b"".join(pieces))
    pieces.clear()
    _check_limits(data)
    data = resolve_references(data)
    # Pass a stream: feedparser would open a file name or a URL.
    parsed = feedparser.parse(
        io.BytesIO(data), sanitize_html=False, response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    feed = parsed.feed
    language = str(feed.get("language", ""))
    authors = _authors(feed)
    names = {"title": "title", "description": "subtitle", "language": "language", "author": "author"}
    items: list[Item] = [suggest_site({**feed, "author": authors[0] if len(authors) == 1 else ""}, **names)]
    if parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        line = _line_of(parsed.bozo_exception)
        items.append(
            Note(
                Location(name, line),
                f"the feed is not well-formed, so parts of it may be missing: {_first_line(parsed.bozo_exception)}",
            )
        )
    if stream.repaired:
        items.append(Note(Location(name), f"{stream.repaired} characters that XML forbids were removed"))
    for number, entry in enumerate(parsed.entries, 1):
        items += _read_entry(_payload(entry, "entries"), Location(name, number), language, options)
    about = _payload(feed, "the feed")
    items += [
        Dropped(Location(name), f"`{key}` of {about.record_type}") for key in about.unread() if key not in _FEED_KEYS
    ]
    if not parsed.entries:
        items.append(Skipped(Location(name), "the feed has no entries"))
    links = {str(link.get("rel")): str(link.get("href")) for link in feed.get("links", ())}
    return make_document(name, items, links.get("self", ""), links.get("prev-archive") or links.get("next") or "")


def _payload(values: Mapping[str, Any], record_type: str) -> Payload:
    """Return an entry of feedparser as a payload that ignores keys which repeat other keys in another form."""
    repeated = [key for key in values if key.endswith(("_detail", "_parsed"))]
    return Payload(dict(values), record_type, (*repeated, *_REPEATED_KEYS))


def _check_limits(data: bytes) -> None:
    """Raise UnreadableError for markup that takes feedparser minutes or all memory."""
    markup = replace_closed(_CDATA, b"", data)
    if markup.count(b"<") - markup.count(b"</") > MAX_ELEMENTS:
        raise UnreadableError(f"it has more than {MAX_ELEMENTS:,} elements")
    for tag in _LONG_TAG.finditer(markup):
        if len(_QUOTED.sub(b"", tag[0])) > MAX_TAG_BYTES:
            raise UnreadableError(f"one of its tags is longer than {MAX_TAG_BYTES >> 10} KB")


def _read_entry(entry: Mapping[str, Any], where: Location, language: str, options: Options) -> Iterator[Item]:
    entry_type = read_type(entry)
    if reason := reason_to_skip(entry_type):
        yield Skipped(where, reason)
        return
    link = str(entry.get("link", ""))
    path = str(entry.get("blogger_filename", "")) or link
    contents = [one for one in entry.get("content", ()) if one.get("value")]
    summary = str(entry.get("summary", ""))
    chosen = next((one for one in contents if "html" in str(one.get("type"))), contents[0] if contents else None)
    body, body_type = (
        (str(chosen["value"]), str(chosen.get("type"))) if chosen else (summary, str(_content_type(entry, "summary")))
    )
    if not body and not entry.get("title"):
        yield Skipped(where, "the entry has neither a title nor content")
        return
    enclosures = [one for one in entry.get("links", ()) if one.get("rel") == "enclosure" and one.get("href")]
    image, links = _media(entry, enclosures, body)
    content = body if body_type != "text/plain" or _has_tag(body) else text_to_html(body)
    date, updated = _moments(entry, options)
    written = str(entry.get("published", entry.get("updated", "")))
    if date is None:
        yield Note(where, f'"{written[:60]}" is not a date' if written else "it has no date")
    origin = entry.get("source") or {}
    yield ImportedPost(
        where=where,
        title=plain(str(entry.get("title", "")), str(_content_type(entry, "title"))),
        body=HtmlBody(content + links, link),
        date=date or options.date,
        updated=updated if updated and date and updated != date else None,
        slug=slug_from_link(path),
        id=str(entry.get("id", "")) or link,
        authors=_authors(entry),
        source=str(origin.get("title", "")),
        source_home=str(origin.get("href", origin.get("link", ""))),
        comments=_comments(entry),
        tags=tuple(dict.fromkeys(_tags(entry))),
        summary=plain(summary, "text/html") if chosen and summary and summary != body else "",
        image=image,
        records=(entry,) if isinstance(entry, Payload) else (),
        language=str(entry.get("language", language)),
        aliases=aliases_from_link(path),
        urls=(link,),
        page=entry_type == "page",
        draft=why_draft(entry),
    )


def _tags(entry: Mapping[str, Any]) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if tag.get("term") and not is_type(tag):
            yield str(tag["term"]).strip()


def _has_tag(text: str) -> bool:
    start = _TAG_START.search(text)
    return start is not None and text.find(">", start.end()) >= 0


def _content_type(entry: Mapping[str, Any], name: str) -> str:
    return str((entry.get(f"{name}_detail") or {}).get("type", "text/html"))


def _moments(entry: Mapping[str, Any], options: Options) -> tuple[datetime | None, datetime | None]:
    """Return the dates on which an entry was published and updated, in their own time zones."""
    published = _moment(entry, "published", options) or _moment(entry, "created", options)
    updated = _moment(entry, "updated", options)
    return published or updated, updated if published else None


def _moment(entry: Mapping[str, Any], name: str, options: Options) -> datetime | None:
    if name not in entry:
        return None
    try:
        return read_date(str(entry[name]), options.zone, options.date_order)
    except ValueError:
        parts = entry.get(f"{name}_parsed")
        return datetime(*parts[:6]).replace(tzinfo=UTC) if parts and parts[0] >= 1000 else None


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    written = str(entry.get("author", ""))
    names = [_name(one, written) for one in entry.get("authors", ())] or [written]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip() and "@" not in name))


def _name(person: Mapping[str, Any], written: str) -> str:
    """Return the name of a person, from the text that names it if feedparser has cut its email address in two.

    It knows no top-level domain of more than four letters: it takes "ography" of "ada@x.photography" for a name.
    """
    _, email, rest = written.partition(str(person.get("email") or "\0"))
    if not email or not rest[:1].isalpha():
        return str(person.get("name", ""))
    name = _EMAIL.sub("", written).strip().strip("<>").strip()
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name.removesuffix("()").strip()


def _comments(entry: Mapping[str, Any]) -> Count | None:
    for name in ("slash_comments", "thr_total"):
        number = str(entry.get(name, ""))
        if number.isascii() and number.isdigit() and len(number) < 10:
            return Count(int(number))
    return None


def _media(entry: Mapping[str, Any], enclosures: list[Any], body: str) -> tuple[str, str]:
    """Return the URL of an entry's image, and links to its audio and video files that are not in the text."""
    media = [*entry.get("media_content", ()), *entry.get("media_thumbnail", ())]
    images = [str(one["href"]) for one in enclosures if str(one.get("type")).startswith("image/")]
    for one in media:
        media_type = f"{one.get('medium', '')} {one.get('type', 'image/')}"
        if one.get("url") and "image" in media_type:
            images.append(str(one["url"]))
    links = ""
    for one in enclosures:
        media_type = str(one.get("type", "")).split("/")[0]
        if media_type != "image" and str(one["href"]) not in body:
            label = {"audio": "Audio", "video": "Video"}.get(media_type, "Attachment")
            links += f'<p><a href="{escape(str(one["href"]))}">{label}</a></p>'
    image = next((url for url in images if url not in body), "")
    return image, links


def plain(text: str, content_type: str) -> str:
    """Return a title or a summary on one line, without markup."""
    if "html" in content_type:
        text = html.unescape(replace_closed(_TAG, " ", text))
    return " ".join(text.split())


def _line_of(error: Exception) -> int:
    line = getattr(error, "getLineNumber", None)
    return int(line() or 0) if callable(line) else 0


def _first_line(error: Exception) -> str:
    message = getattr(error, "getMessage", None)
    return str(message() if callable(message) else error).split("\n")[0][:120]
