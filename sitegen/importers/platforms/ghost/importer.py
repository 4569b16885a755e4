"""Imports JSON exports of Ghost as a stream, with the tables joined by id."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sitegen.formats.dates import read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.json_stream import JsonPath, read_values
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import open_text
from sitegen.importers.base import HtmlBody, ImportedPost, ImportedTerm, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.clean_html import drop_classes
from sitegen.importers.convert.html_tree import Element, drop_all, find_class, make, remove, replace, unwrap, words
from sitegen.importers.platforms.ghost.editor_text import write_editor_text
from sitegen.importers.suggest_settings import suggest_site

JOINED_TABLES = frozenset(["posts_meta", "posts_tags", "posts_authors", "tags", "users", "settings"])
SETTINGS = ("title", "description", "locale", "timezone")
"""The keys of the settings that are read. Others are keys of the API and passwords."""

READ_TABLES = JOINED_TABLES | {"posts"}
IGNORED_COLUMNS = frozenset((
    "uuid", "html", "lexical", "mobiledoc", "plaintext", "comment_id", "created_at", "created_by", "updated_at",
    "updated_by", "published_at", "published_by", "author_id", "email_recipient_filter", "newsletter_id", "page",
    "show_title_and_feature_image", "status", "visibility",
))  # fmt: skip
"""Columns with the same text in another form, or with settings of Ghost."""

ROOT_URL = "__GHOST_URL__"
INTERNAL_TAG = "#"
"""The beginning of the names of tags that themes use, and that readers do not see."""
BOILERPLATE = {
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
    """Holds the tables that are joined with the posts: rows by id, and relations by the id of the post."""

    tags: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    users: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    meta: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    post_tags: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    post_authors: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    unread_tables: set[str] = field(default_factory=set)

    def is_joined(self, path: JsonPath) -> bool:
        """Return whether a path is that of a row in a joined table; record the names of unread tables."""
        inner = path[2:] if path[:1] == ("db",) else path
        if len(inner) == 2 and inner[0] == "data" and inner[1] not in READ_TABLES:
            self.unread_tables.add(str(inner[1]))
        return _table(path) in JOINED_TABLES


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each post of each export: read the joined tables first, then the posts one at a time."""
    old_url = options.old_url.rstrip("/")
    for name in archive.find("*.json"):
        tables, rows = _Tables(), 0
        try:
            with open_text(archive, name) as file:
                for path, row in read_values(file, tables.is_joined, archive.limits.max_item_bytes):
                    if isinstance(row, Mapping):
                        _add_row(tables, _table(path), row)
        except UnreadableError:
            pass  # the second pass reports the same error
        yield suggest_site(
            tables.settings, title="title", description="description", language="locale", timezone="timezone"
        )
        try:
            with open_text(archive, name) as file:
                for _, row in read_values(file, lambda path: _table(path) == "posts", archive.limits.max_item_bytes):
                    rows += 1
                    where = Location(f"{name}#posts", rows)
                    if isinstance(row, Mapping):
                        yield from _read_post(row, tables, where, old_url)
                    else:
                        yield Skipped(where, str(row) if isinstance(row, UnreadableError) else "it is not a post")
        except UnreadableError as error:
            yield Note(Location(name), f"the file was read up to post {rows}: {error}")
        yield from _find_terms(tables, name)
        if not rows:
            yield Skipped(Location(name), "it contains no posts")
        elif tables.unread_tables:
            yield Note(Location(name), f"tables without posts were not read: {', '.join(sorted(tables.unread_tables))}")


def _table(path: JsonPath) -> str:
    """Return the table of a row, by its path such as `db, 0, data, posts, 7`, also without the wrapper `db, 0`."""
    inner = path[2:] if path[:1] == ("db",) else path
    is_row = len(inner) == 3 and inner[0] == "data" and isinstance(inner[2], int)
    return str(inner[1]) if is_row else ""


def _add_row(tables: _Tables, table: str, row: Mapping[str, Any]) -> None:
    identity, post = str(row.get("id")), str(row.get("post_id"))
    order = row.get("sort_order") if isinstance(row.get("sort_order"), int) else 0
    match table:
        case "tags":
            tables.tags[identity] = {name: row.get(name) for name in ("name", "visibility", "slug", "description")}
        case "settings" if row.get("key") in SETTINGS:
            tables.settings[str(row["key"])] = str(row.get("value") or "")
        case "users":
            tables.users[identity] = {name: row.get(name) for name in ("name", "slug", "bio", "website")}
        case "posts_meta":
            tables.meta[post] = {name: value for name, value in row.items() if value}
        case "posts_tags":
            tables.post_tags.setdefault(post, []).append((order or 0, str(row.get("tag_id"))))
        case "posts_authors":
            tables.post_authors.setdefault(post, []).append((order or 0, str(row.get("author_id"))))


def _find_terms(tables: _Tables, name: str) -> Iterator[ImportedTerm]:
    """Yield the tags and authors of a site, with the paths of their pages in Ghost."""
    for number, row in enumerate(tables.tags.values(), 1):
        yield from _read_term(row, "tags", "tag", "description", Location(f"{name}#tags", number))
    for number, row in enumerate(tables.users.values(), 1):
        yield from _read_term(row, "authors", "author", "bio", Location(f"{name}#users", number))


def _read_term(
    row: Mapping[str, Any], taxonomy: str, folder: str, about: str, where: Location
) -> Iterator[ImportedTerm]:
    """Yield the term in a row, unless only themes use it; `about` is the column with its description."""
    title, slug, text, url = (str(row.get(key) or "").strip() for key in ("name", "slug", about, "website"))
    if title and not title.startswith(INTERNAL_TAG):
        description = HtmlBody(f"<p>{html.escape(text, quote=False)}</p>") if text else None
        yield ImportedTerm(where, taxonomy, title, description, url, (f"/{folder}/{slug}/",) if slug else ())


def _read_post(values: Mapping[str, Any], tables: _Tables, where: Location, old_url: str) -> Iterator[Item]:
    """Yield a post; `old_url` is the URL of the old site, or "" if it is unknown."""
    row = Payload(values, "posts", IGNORED_COLUMNS)
    identity, title = str(row.get("id") or ""), str(row.get("title") or "")
    dropped: Counter[str] = Counter()
    text = _read_content(row, dropped)
    if text is None:
        yield Skipped(where, f'"{title}" has no content in the export')
        return
    warnings: list[str] = []
    status, visibility = str(row.get("status") or "published"), str(row.get("visibility") or "public")
    draft = {"draft": "it is a draft in Ghost", "scheduled": "it was scheduled in Ghost"}.get(status, "")
    post_type = str(row.get("type") or ("page" if row.get("page") in (1, True) else "post"))
    meta = Payload(tables.meta.get(identity, {}), "posts_meta", ("id", "post_id"))
    slug = str(row.get("slug") or "")
    canonical = str(row.get("canonical_url") or "").replace(ROOT_URL, "")
    sent = status == "sent" or bool(meta.get("email_only"))
    published = row.get("published_at") if status != "draft" else row.get("published_at") or None
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
        page=post_type == "page",
        title=title,
        body=HtmlBody(text.replace(f"{ROOT_URL}/", f"{old_url}/").replace(ROOT_URL, f"{old_url}/"), clean=clean),
        date=_parse_date(published, warnings),
        updated=_parse_date(row.get("updated_at"), warnings) if status in ("published", "sent") else None,
        slug=slug if slug != "untitled" else "",
        # The GUID in the feed of Ghost is the id; before version 1.0, ids were numbers and the GUID was the uuid.
        id=str(row.get("uuid") or "") if not identity or identity.isdigit() else identity,
        key=identity or str(row.get("uuid") or ""),
        authors=tuple(filter(None, authors)),
        source_url=canonical if canonical.startswith("http") else "",
        tags=tuple(tag for tag in tags if tag and not tag.startswith(INTERNAL_TAG)),
        summary=str(row.get("custom_excerpt") or meta.get("meta_description") or ""),
        image=str(row.get("feature_image") or "").replace(ROOT_URL, old_url),
        image_alt=str(meta.get("feature_image_alt") or ""),
        language=str(row.get("locale") or ""),
        draft=draft,
        paid=visibility in ("paid", "tiers"),
        aliases=(f"/{slug}/",) if slug and status != "draft" and not sent else (),
        params=FrozenDict(params),
        dropped=FrozenDict(dropped),
        records=(row, meta),
    )
    for warning in warnings:
        yield Note(where, warning)


def _read_content(row: Mapping[str, Any], dropped: Counter[str]) -> str | None:
    """Return the HTML of a post, otherwise its editor content or plain text as HTML; None without content."""
    if isinstance(row.get("html"), str) and row["html"].strip():
        return str(row["html"])
    if editor_html := write_editor_text(row.get("lexical"), row.get("mobiledoc"), dropped):
        return editor_html
    plain = row.get("plaintext")
    if isinstance(plain, str) and plain.strip():
        return "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", plain))
    return "" if row.get("title") and str(row.get("status")) == "draft" else None


def _parse_date(value: Any, warnings: list[str]) -> datetime | None:
    if not value:
        return None
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            warnings.append(f"{value} is not a date")
            return None
    try:
        return read_date(str(value), UTC)  # the database has no time zones: all its dates are in UTC
    except ValueError as error:
        warnings.append(str(error))
        return None


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Drop the boilerplate of Ghost, and replace its cards with plain elements."""
    for card in find_class(tree, "kg-bookmark-card"):
        _replace_bookmark_card(card)
    for card in find_class(tree, "kg-file-card"):
        _replace_file_card(card)
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
    drop_classes(tree, BOILERPLATE, dropped)
    for link in list(tree.iter("a")):
        if "#/portal" in (link.get("href") or ""):
            dropped["link to Ghost's form for subscribers (text imported)"] += 1
            unwrap(link)


def _replace_file_card(card: Element) -> None:
    """Replace a file card, whose parts are all links, with a single link."""
    link = next((one for one in card.iter("a") if one.get("href")), None)
    if link is None:
        return
    title, name = (next(iter(find_class(card, f"kg-file-card-{part}")), None) for part in ("title", "filename"))
    caption = next(iter(find_class(card, "kg-file-card-caption")), None)
    label = next((words(node) for node in (title, name, link) if node is not None and words(node)), "File")
    after = [make("p", words(caption))] if caption is not None and words(caption) else []
    replace(card, make("p", "", make("a", label, href=link.get("href") or "")), *after)


def _replace_bookmark_card(card: Element) -> None:
    link = next(card.iter("a"), None)
    title = next(iter(find_class(card, "kg-bookmark-title")), None)
    description = next(iter(find_class(card, "kg-bookmark-description")), None)
    if link is None:
        return
    url = link.get("href") or ""
    block = make("p", "", make("a", words(title if title is not None else link) or url, href=url))
    replace(
        card,
        block,
        *(
            [make("blockquote", "", make("p", words(description)))]
            if description is not None and words(description)
            else []
        ),
    )
