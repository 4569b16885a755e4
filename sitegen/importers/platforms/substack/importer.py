"""Imports a Substack export: posts.csv and posts/<id>.<slug>.html, with the statistics CSV for views."""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sitegen.content.front_matter.counts import read_count
from sitegen.formats.dates import read_date
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.csv_rows import CsvRow, read_header, read_rows
from sitegen.importers.archive.old_url import resolve_old_url
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Dropped, HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.platforms.recognise import SUBSTACK_COLUMNS
from sitegen.importers.platforms.substack.html import clean
from sitegen.model import Count, FrozenDict

STATISTICS = frozenset(["title", "post_date", "views"])
_POST_ID = re.compile(r"\d+(?:\.|$)")
TYPES = ("newsletter", "podcast", "thread", "page", "restack", "video")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each row with a text, then one for each text without a row, as a draft."""
    tables = [name for name in archive.find("*.csv") if set(read_header(archive, name)) >= SUBSTACK_COLUMNS]
    views = _read_statistics(archive)
    texts = {posixpath.basename(name).removesuffix(".html"): name for name in archive.find("*.html")}
    used: set[str] = set()
    old_url, note = _find_old_url(archive, texts, options)
    yield note
    for table in tables:
        for row in read_rows(archive, table):
            if isinstance(row, Skipped):
                yield row
                continue
            identity = row.get("post_id")
            used.add(identity)
            yield from _read_post(archive, row, texts.get(identity), views, options, old_url)
    for identity, name in texts.items():
        if identity not in used and _POST_ID.match(identity):
            yield from _read_orphan(archive, identity, name, old_url)
        elif identity not in used:
            yield Dropped(Location(name), f"page {posixpath.basename(name)}, which is not a post")
    for statistics in (one for found in views.values() for one in found if not one.used):
        yield Dropped(statistics.row.where, "statistics of a post that the export does not contain")


def _find_old_url(archive: Archive, texts: Mapping[str, str], options: Options) -> tuple[str, Note]:
    """Return the publication's URL: where posts link to one another, otherwise where their subscribe buttons lead."""
    posts = {identity: name for identity, name in texts.items() if _POST_ID.match(identity)}
    paths = {f"/p/{identity.partition('.')[2]}": 1000 for identity in posts} | {"/subscribe": 1}
    return resolve_old_url(archive, options, tuple(posts.values()), paths)


def _read_post(
    archive: Archive,
    row: CsvRow,
    text: str | None,
    views: "Views",
    options: Options,
    old_url: str,
) -> Iterator[Item]:
    identity, title = row.get("post_id"), html.unescape(row.get("title"))
    shown = f'"{title or identity}"'
    if text is None:
        yield Skipped(row.where, f"{shown} has no text in the export")
        return
    kind = row.get("type").casefold()
    if kind == "restack":
        yield Skipped(row.where, f"{shown} is a restack of another's post")
        return
    try:
        body = read_text(archive, text)
    except UnreadableError as error:
        yield Skipped(Location(text), f"{shown}: {error}")
        return
    number, _, slug = identity.partition(".")
    date: datetime | None = None
    try:
        date = read_date(row.get("post_date"), options.zone, options.date_order) if row.get("post_date") else None
    except ValueError as error:
        yield Note(row.where, str(error))
    audience = row.get("audience").casefold()
    draft = "" if row.get("is_published").casefold() == "true" else "it is a draft at Substack"
    podcast = row.get("podcast_url")
    count, records = _views_of(title, row.get("post_date"), views)
    path = (f"/{slug}" if kind == "page" else f"/p/{slug}") if slug else ""
    if podcast:
        body += f'<p><a href="{html.escape(podcast)}">Listen to the episode</a></p>'
    yield ImportedPost(
        where=row.where,
        page=kind == "page",
        title=title,
        body=HtmlBody(body, clean=clean),
        date=date,
        slug=slug,
        id=old_url + path if old_url and path else "",  # the feed's guid is the permalink
        key=number,
        records=(row.cells, *records),
        summary=html.unescape(row.get("subtitle")),
        views=count,
        draft=draft,
        paid=audience in ("only_paid", "founding"),
        aliases=(path,) if path else (),
        params=FrozenDict({"kind": kind}) if kind in TYPES and kind not in ("newsletter", "page") else FrozenDict(),
    )


def _read_orphan(archive: Archive, identity: str, name: str, old_url: str) -> Iterator[Item]:
    number, _, slug = identity.partition(".")
    try:
        body = read_text(archive, name)
    except UnreadableError as error:
        yield Skipped(Location(name), str(error))
        return
    yield ImportedPost(
        where=Location(name),
        title=slug.replace("-", " ").capitalize(),
        body=HtmlBody(body, clean=clean),
        slug=slug,
        id=f"{old_url}/p/{slug}" if old_url and slug else "",
        key=number,
        draft="the export's posts.csv does not list it, so that its date and title are not known",
        aliases=(f"/p/{slug}",) if slug else (),
    )


@dataclass(slots=True)
class _Statistics:
    """Holds a row of the statistics with its count of views, and whether a post has it."""

    row: CsvRow
    count: int
    used: bool = False


Views = Mapping[str, list[_Statistics]]


def _read_statistics(archive: Archive) -> Views:
    """Return the statistics by title: a title may be used again on another day."""
    views: dict[str, list[_Statistics]] = {}
    for name in archive.find("*.csv"):
        header = set(read_header(archive, name))
        if not header >= STATISTICS or header >= SUBSTACK_COLUMNS:
            continue
        for row in read_rows(archive, name):
            if isinstance(row, CsvRow) and row.get("views"):
                try:
                    count = read_count(row.get("views")).count
                except ValueError:
                    continue
                views.setdefault(_fold(html.unescape(row.get("title"))), []).append(_Statistics(row, count))
    return views


def _views_of(title: str, date: str, views: Views) -> tuple[Count | None, tuple[Payload, ...]]:
    """Return the views of a post, and the row of the statistics that they are from."""
    found = views.get(_fold(title), [])
    best = [one for one in found if one.row.get("post_date")[:10] == date[:10]] or (found if len(found) == 1 else [])
    if not best:
        return None, ()
    best[0].used = True
    for name in ("audience", "post_date"):
        best[0].row.get(name)  # the post's own row has them
    return Count(best[0].count, "Substack"), (best[0].row.cells,)


def _fold(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()
