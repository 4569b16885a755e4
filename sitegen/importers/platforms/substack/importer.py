"""Imports a Substack export: posts.csv and posts/<id>.<slug>.html, with the statistics CSV for views."""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sitegen.content.front_matter.counts import read_count
from sitegen.formats.dates import read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.csv_rows import CsvRow, read_header, read_rows
from sitegen.importers.archive.old_url import OldSite, resolve_old_site
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Dropped, HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.normalize import fold_title
from sitegen.importers.platforms.recognise import SUBSTACK_COLUMNS
from sitegen.importers.platforms.substack.html import clean
from sitegen.model import Count

STATISTICS_COLUMNS = frozenset(["title", "post_date", "views"])
_POST_ID = re.compile(r"\d+(?:\.|$)")
POST_TYPES = ("newsletter", "podcast", "thread", "page", "restack", "video")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each row with content, then a draft for each content file without a row."""
    tables = [name for name in archive.find("*.csv") if set(read_header(archive, name)) >= SUBSTACK_COLUMNS]
    views = _read_statistics(archive)
    content_files = {posixpath.basename(name).removesuffix(".html"): name for name in archive.find("*.html")}
    used: set[str] = set()
    old_site, note = _find_old_site(archive, content_files, options)
    yield note if content_files else Note(note.where, "it contains no posts")
    for table in tables:
        for row in read_rows(archive, table):
            if isinstance(row, Skipped):
                yield row
                continue
            post_id = row.get("post_id")
            used.add(post_id)
            yield from _read_post(archive, row, content_files.get(post_id), views, options, old_site)
    for post_id, name in content_files.items():
        if post_id not in used and _POST_ID.match(post_id):
            yield from _read_unlisted_post(archive, post_id, name, old_site)
        elif post_id not in used:
            yield Dropped(Location(name), f"page {posixpath.basename(name)}, which is not a post")
    for statistics in (one for found in views.values() for one in found if not one.used):
        yield Dropped(statistics.row.where, "statistics of a post that the export does not contain")


def _find_old_site(archive: Archive, content_files: Mapping[str, str], options: Options) -> tuple[OldSite, Note]:
    """Return the URLs of the publication, from links between posts, otherwise from subscribe buttons."""
    posts = {post_id: name for post_id, name in content_files.items() if _POST_ID.match(post_id)}
    paths = {f"/p/{post_id.partition('.')[2]}": 1000 for post_id in posts} | {"/subscribe": 1}
    return resolve_old_site(archive, options, tuple(posts.values()), paths)


def _read_post(
    archive: Archive,
    row: CsvRow,
    text: str | None,
    views: "ViewsByTitle",
    options: Options,
    old_site: OldSite,
) -> Iterator[Item]:
    post_id, title = row.get("post_id"), html.unescape(row.get("title"))
    label = f'"{title or post_id}"'
    if text is None:
        yield Skipped(row.where, f"{label} has no content in the export")
        return
    post_type = row.get("type").casefold()
    if post_type == "restack":
        yield Skipped(row.where, f"{label} is a restack of another post")
        return
    try:
        body = read_text(archive, text)
    except UnreadableError as error:
        yield Skipped(Location(text), f"{label}: {error}")
        return
    number, _, slug = post_id.partition(".")
    date: datetime | None = None
    try:
        date = read_date(row.get("post_date"), options.zone, options.date_order) if row.get("post_date") else None
    except ValueError as error:
        yield Note(row.where, str(error))
    audience = row.get("audience").casefold()
    draft = "" if row.get("is_published").casefold() == "true" else "it is a draft in Substack"
    podcast = row.get("podcast_url")
    count, records = _find_views(title, row.get("post_date"), views)
    path = (f"/{slug}" if post_type == "page" else f"/p/{slug}") if slug else ""
    if podcast:
        body += f'<p><a href="{html.escape(podcast)}">Listen to the episode</a></p>'
    yield ImportedPost(
        where=row.where,
        page=post_type == "page",
        title=title,
        body=HtmlBody(body, clean=clean),
        date=date,
        slug=slug,
        id=old_site.post_id(path),
        urls=old_site.other_urls(path),
        key=number,
        records=(row.cells, *records),
        summary=html.unescape(row.get("subtitle")),
        views=count,
        draft=draft,
        paid=audience in ("only_paid", "founding"),
        aliases=(path,) if path else (),
        params=FrozenDict({"kind": post_type})
        if post_type in POST_TYPES and post_type not in ("newsletter", "page")
        else FrozenDict(),
    )


def _read_unlisted_post(archive: Archive, post_id: str, name: str, old_site: OldSite) -> Iterator[Item]:
    number, _, slug = post_id.partition(".")
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
        id=old_site.post_id(f"/p/{slug}" if slug else ""),
        urls=old_site.other_urls(f"/p/{slug}" if slug else ""),
        key=number,
        draft="it is not listed in posts.csv, so its date and its title are unknown",
        aliases=(f"/p/{slug}",) if slug else (),
    )


@dataclass(slots=True)
class _StatisticsRow:
    """A row of the statistics with its number of views, and whether a post uses it."""

    row: CsvRow
    count: int
    used: bool = False


ViewsByTitle = Mapping[str, list[_StatisticsRow]]


def _read_statistics(archive: Archive) -> ViewsByTitle:
    """Return the rows of the statistics by title; several posts may have the same title."""
    views: dict[str, list[_StatisticsRow]] = {}
    for name in archive.find("*.csv"):
        header = set(read_header(archive, name))
        if not header >= STATISTICS_COLUMNS or header >= SUBSTACK_COLUMNS:
            continue
        for row in read_rows(archive, name):
            if isinstance(row, CsvRow) and row.get("views"):
                try:
                    count = read_count(row.get("views")).count
                except ValueError:
                    continue
                views.setdefault(fold_title(html.unescape(row.get("title"))), []).append(_StatisticsRow(row, count))
    return views


def _find_views(title: str, date: str, views: ViewsByTitle) -> tuple[Count | None, tuple[Payload, ...]]:
    """Return the views of a post, and the row of the statistics with them."""
    found = views.get(fold_title(title), [])
    best = [one for one in found if one.row.get("post_date")[:10] == date[:10]] or (found if len(found) == 1 else [])
    if not best:
        return None, ()
    best[0].used = True
    for name in ("audience", "post_date"):
        best[0].row.get(name)  # the row of the post has the same values
    return Count(best[0].count, "Substack"), (best[0].row.cells,)
