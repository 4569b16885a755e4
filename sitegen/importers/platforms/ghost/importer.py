"""Imports Ghost's JSON export, read as a stream: its tables joined by id."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sitegen.formats.dates import read_date
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.json_stream import JsonPath, read_values
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import open_text
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.clean_html import drop_classes
from sitegen.importers.convert.html_tree import Element, drop_all, find_class, make, remove, replace, words
from sitegen.importers.platforms.ghost.editor_text import write_editor_text
from sitegen.model import FrozenDict

SMALL = frozenset(["posts_meta", "posts_tags", "posts_authors", "tags", "users"])
READ_TABLES = SMALL | {"posts"}
COLUMNS = frozenset((
    "uuid", "html", "lexical", "mobiledoc", "plaintext", "comment_id", "created_at", "created_by", "updated_at",
    "updated_by", "published_at", "published_by", "author_id", "email_recipient_filter", "newsletter_id", "page",
    "show_title_and_feature_image", "status", "visibility",
))  # fmt: skip
"""Columns that keep the same text in another form, or steer Ghost."""

ROOT_URL = "__GHOST_URL__"
FURNITURE = {
    "subscribe or share button": ("kg-signup-card", "kg-cta-card", "kg-email-cta-card"),
    "text for e-mail readers only": ("kg-email-card",),
    "player's controls": (
        "kg-audio-player-container",
        "kg-video-overlay",
        "kg-video-player-container",
        "kg-audio-thumbnail",
    ),
}


@dataclass(slots=True)
class _Tables:
    """Holds the small tables of an export: rows by id, and relations by a post's id."""

    tags: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    users: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    meta: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    post_tags: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    post_authors: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    def wants(self, path: JsonPath) -> bool:
        """Return whether a path leads to a row of a small table; note down the names of tables that are not read."""
        inner = path[2:] if path[:1] == ("db",) else path
        if len(inner) == 2 and inner[0] == "data" and inner[1] not in READ_TABLES:
            self.others.add(str(inner[1]))
        return _table(path) in SMALL


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each post of each export: the small tables are read first, then the posts one at a time."""
    home = options.old_url.rstrip("/")
    for name in archive.find("*.json"):
        tables, rows = _Tables(), 0
        try:
            with open_text(archive, name) as file:
                for path, row in read_values(file, tables.wants, archive.limits.max_item_bytes):
                    if isinstance(row, Mapping):
                        _take_row(tables, _table(path), row)
        except UnreadableError:
            pass  # the second reading meets the same fault, and reports it
        try:
            with open_text(archive, name) as file:
                for _, row in read_values(file, lambda path: _table(path) == "posts", archive.limits.max_item_bytes):
                    rows += 1
                    where = Location(f"{name}#posts", rows)
                    if isinstance(row, Mapping):
                        yield from _read_post(row, tables, where, home)
                    else:
                        yield Skipped(where, str(row) if isinstance(row, UnreadableError) else "it is no post")
        except UnreadableError as error:
            yield Note(Location(name), f"read as far as the post {rows}: {error}")
        if not rows:
            yield Skipped(Location(name), "it contains no posts")
        elif tables.others:
            yield Note(Location(name), f"tables that hold no posts were not read: {', '.join(sorted(tables.others))}")


def _table(path: JsonPath) -> str:
    """Return the table that a path leads to a row of: `db, 0, data, posts, 7`, also without the wrapper."""
    inner = path[2:] if path[:1] == ("db",) else path
    named = len(inner) == 3 and inner[0] == "data" and isinstance(inner[2], int)
    return str(inner[1]) if named else ""


def _take_row(tables: _Tables, table: str, row: Mapping[str, Any]) -> None:
    identity, post = str(row.get("id")), str(row.get("post_id"))
    order = row.get("sort_order") if isinstance(row.get("sort_order"), int) else 0
    match table:
        case "tags":
            tables.tags[identity] = {"name": row.get("name"), "visibility": row.get("visibility")}
        case "users":
            tables.users[identity] = {"name": row.get("name")}
        case "posts_meta":
            tables.meta[post] = {name: value for name, value in row.items() if value}
        case "posts_tags":
            tables.post_tags.setdefault(post, []).append((order or 0, str(row.get("tag_id"))))
        case "posts_authors":
            tables.post_authors.setdefault(post, []).append((order or 0, str(row.get("author_id"))))


def _read_post(values: Mapping[str, Any], tables: _Tables, where: Location, home: str) -> Iterator[Item]:
    """Yield a post; `home` is the URL of the old site, "" if it is not known."""
    row = Payload(values, "posts", COLUMNS)
    identity, title = str(row.get("id") or ""), str(row.get("title") or "")
    dropped: Counter[str] = Counter()
    text = _text_of(row, dropped)
    if text is None:
        yield Skipped(where, f'"{title}" has no text in the export')
        return
    doubts: list[str] = []
    status, visibility = str(row.get("status") or "published"), str(row.get("visibility") or "public")
    draft = {"draft": "it is a draft at Ghost", "scheduled": "Ghost was still to publish it"}.get(status, "")
    kind = str(row.get("type") or ("page" if row.get("page") in (1, True) else "post"))
    meta = Payload(tables.meta.get(identity, {}), "posts_meta", ("id", "post_id"))
    slug = str(row.get("slug") or "")
    canonical = str(row.get("canonical_url") or "").replace(ROOT_URL, "")
    sent = status == "sent" or bool(meta.get("email_only"))
    published = row.get("published_at") if status != "draft" else row.get("published_at") or None
    # Ghost's own internal tags begin with "#": they sort posts for themes and mean nothing to readers.
    tags = [
        str(tables.tags[tag].get("name") or "")
        for _, tag in sorted(tables.post_tags.get(identity, []))
        if tag in tables.tags
    ]
    authors = [
        str(tables.users[user].get("name") or "")
        for _, user in sorted(tables.post_authors.get(identity, []))
        if user in tables.users
    ]
    params = {"featured": True} if row.get("featured") in (1, True) else {}
    yield ImportedPost(
        where=where,
        page=kind == "page",
        title=title,
        body=HtmlBody(text.replace(f"{ROOT_URL}/", f"{home}/").replace(ROOT_URL, f"{home}/"), clean=clean),
        date=_moment(published, doubts),
        updated=_moment(row.get("updated_at"), doubts) if status in ("published", "sent") else None,
        slug=slug if slug != "untitled" else "",
        # Ghost's feed has the id as the guid; before version 1.0 ids were numbers, and the guid was the uuid.
        id=str(row.get("uuid") or "") if not identity or identity.isdigit() else identity,
        key=identity or str(row.get("uuid") or ""),
        authors=tuple(filter(None, authors)),
        source_url=canonical if canonical.startswith("http") else "",
        tags=tuple(tag for tag in tags if tag and not tag.startswith("#")),
        summary=str(row.get("custom_excerpt") or meta.get("meta_description") or ""),
        image=str(row.get("feature_image") or "").replace(ROOT_URL, home),
        image_alt=str(meta.get("feature_image_alt") or ""),
        language=str(row.get("locale") or ""),
        draft=draft,
        paid=visibility in ("paid", "tiers"),
        aliases=(f"/{slug}/",) if slug and status != "draft" and not sent else (),
        params=FrozenDict(params),
        dropped=FrozenDict(dropped),
        records=(row, meta),
    )
    for doubt in doubts:
        yield Note(where, doubt)


def _text_of(row: Mapping[str, Any], dropped: Counter[str]) -> str | None:
    """Return a post's HTML; where the export has none what the editor kept, or the plain text; None without any."""
    if isinstance(row.get("html"), str) and row["html"].strip():
        return str(row["html"])
    if kept := write_editor_text(row.get("lexical"), row.get("mobiledoc"), dropped):
        return kept
    plain = row.get("plaintext")
    if isinstance(plain, str) and plain.strip():
        return "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", plain))
    return "" if row.get("title") and str(row.get("status")) == "draft" else None


def _moment(value: Any, doubts: list[str]) -> datetime | None:
    if not value:
        return None
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            doubts.append(f"{value} is not a date")
            return None
    try:
        return read_date(str(value), UTC)  # the database has no zones: all its moments are in UTC
    except ValueError as error:
        doubts.append(str(error))
        return None


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Take Ghost's boilerplate out, and make its cards plain elements."""
    for card in find_class(tree, "kg-bookmark-card"):
        _settle_bookmark(card)
    for card in find_class(tree, "kg-file-card"):
        _settle_file(card)
    for card in find_class(tree, "kg-video-card", "kg-audio-card"):
        media = next(card.iter("video", "audio"), None)
        if media is not None:
            title = next(iter(find_class(card, "kg-audio-title")), None)
            if title is not None and words(title):
                media.set("title", words(title))
            caption = next(card.iter("figcaption"), None)
            replace(card, make("p", "", media), *([make("p", words(caption))] if caption is not None else []))
    for card in find_class(tree, "kg-toggle-card"):
        drop_all(card.iter("button"), "toggle", dropped)
    for card in find_class(tree, "kg-product-card-rating-active", "kg-product-card-rating"):
        remove(card)
    drop_classes(tree, FURNITURE, dropped)


def _settle_file(card: Element) -> None:
    """Make one link of a file card, whose every part is one."""
    link = next((one for one in card.iter("a") if one.get("href")), None)
    if link is None:
        return
    title, name = (next(iter(find_class(card, f"kg-file-card-{part}")), None) for part in ("title", "filename"))
    caption = next(iter(find_class(card, "kg-file-card-caption")), None)
    label = next((words(node) for node in (title, name, link) if node is not None and words(node)), "File")
    after = [make("p", words(caption))] if caption is not None and words(caption) else []
    replace(card, make("p", "", make("a", label, href=link.get("href") or "")), *after)


def _settle_bookmark(card: Element) -> None:
    link = next(card.iter("a"), None)
    title = next(iter(find_class(card, "kg-bookmark-title")), None)
    about = next(iter(find_class(card, "kg-bookmark-description")), None)
    if link is None:
        return
    url = link.get("href") or ""
    block = make("p", "", make("a", words(title if title is not None else link) or url, href=url))
    replace(
        card, block, *([make("blockquote", "", make("p", words(about)))] if about is not None and words(about) else [])
    )
