"""Reads the CSV export of Wix's blog posts, with their rich content."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from sitegen.formats.dates import read_date
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.csv_rows import CsvRow, read_rows
from sitegen.importers.base import HtmlBody, ImportedPost, Item, MarkdownBody, Note, Options, Skipped
from sitegen.importers.platforms.wix.paragraphs import write_paragraphs
from sitegen.importers.platforms.wix.rich_content import MEDIA, write_ricos
from sitegen.model import FrozenDict

_IDENTIFIER = r"(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
IDENTIFIERS = re.compile(rf"{_IDENTIFIER}(?:[\s;|]+{_IDENTIFIER})*", re.IGNORECASE)
"""One of the ids by which Wix names tags, categories and people in its own database, or several of them."""

IMAGE = re.compile(r"wix:(?:image|vector)://v1/(?P<id>[^/#]+)")


def read_table(archive: Archive, name: str, options: Options) -> Iterator[Item]:
    """Yield a post for each row of a posts CSV; what cannot be understood in it comes as a Note."""
    for row in read_rows(archive, name):
        if isinstance(row, Skipped):
            yield row
        elif not row.get("title", "rich_content", "plain_content"):
            yield Skipped(row.where, "the row has neither a title nor a text")
        else:
            yield from _read_row(row, options)


def _read_row(row: CsvRow, options: Options) -> Iterator[Item]:
    doubts: list[str] = []
    page = row.get("post_page_url")
    slug = row.get("slug") or page.rstrip("/").rsplit("/", 1)[-1]
    date = _date(row.get("published_date"), options, doubts)
    dropped: Counter[str] = Counter()
    names = [name for column in ("main_category", "categories", "tags") for name in _names(row, column, dropped)]
    author = next(iter(_without_ids([row.get("author")], "author", dropped)), "")
    params = {"featured": True} if row.get("featured").casefold() == "true" else {}
    if row.get("pinned").casefold() == "true":
        params["pinned"] = True
    for name in ("id", "internal_id", "plain_content"):
        row.get(name)  # they only repeat what other columns hold
    yield ImportedPost(
        where=row.where,
        title=row.get("title"),
        body=_body(row, doubts, dropped),
        dropped=FrozenDict(dropped),
        date=date,
        updated=_date(row.get("last_published_date"), options, doubts),
        slug=slug,
        key=slug,
        id=row.get("internal_id", "id"),
        records=(row.cells,),
        authors=(author,) if author else (),
        tags=tuple(dict.fromkeys(names)),
        summary=row.get("excerpt"),
        image=image_url(row.get("cover_image")),
        draft="" if row.get("published_date") or date else "Wix has no date of publication for it: it is a draft there",
        aliases=(f"/post/{slug}",) if slug else (),
        params=FrozenDict(params),
    )
    for doubt in doubts:
        yield Note(row.where, doubt)


def _body(row: CsvRow, doubts: list[str], dropped: Counter[str]) -> HtmlBody | MarkdownBody:
    rich = row.get("rich_content")
    if rich:
        try:
            return HtmlBody(write_ricos(json.loads(rich), dropped))
        except (ValueError, RecursionError) as error:
            doubts.append(f"its rich content cannot be read ({error}): the plain text was taken")
    return MarkdownBody(write_paragraphs(row.get("plain_content").replace("\r\n", "\n").split("\n")))


def image_url(value: str) -> str:
    """Return the web address of an image that the CSV names as `wix:image://v1/<id>/<name>#...`."""
    match = IMAGE.match(value)
    return MEDIA + match["id"] if match else value if value.startswith(("http://", "https://")) else ""


def _date(text: str, options: Options, doubts: list[str]) -> datetime | None:
    try:
        return read_date(text, options.zone, options.date_order) if text else None
    except ValueError as error:
        doubts.append(str(error))
        return None


def _names(row: CsvRow, column: str, dropped: Counter[str]) -> list[str]:
    """Return the names of a cell, a JSON list or names with commas between them; ids are counted, not returned."""
    text = row.get(column)
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = text.strip("[]").split(",")
    else:
        found = text.split(",")
    return _without_ids([" ".join(str(name).strip(" \"'").split()) for name in found], column, dropped)


def _without_ids(names: Sequence[str], column: str, dropped: Counter[str]) -> list[str]:
    """Return the names that are not ids of Wix, which name nothing outside of it; the ids are counted."""
    ids = [name for name in names if IDENTIFIERS.fullmatch(name)]
    if ids:
        dropped[f"`{column}` that is an id of Wix and not a name"] += sum(len(re.split(r"[\s;|]+", one)) for one in ids)
    return [name for name in names if name and name not in ids]
