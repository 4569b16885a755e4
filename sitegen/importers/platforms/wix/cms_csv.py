"""Reads the CSV export of Wix blog posts with their rich content."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from sitegen.formats.dates import read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.csv_rows import CsvRow, read_rows
from sitegen.importers.base import HtmlBody, ImportedPost, Item, MarkdownBody, Note, Options, Skipped
from sitegen.importers.platforms.wix.paragraphs import write_paragraphs
from sitegen.importers.platforms.wix.rich_content import MEDIA_URL, write_ricos

_IDENTIFIER = r"(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
IDENTIFIERS = re.compile(rf"{_IDENTIFIER}(?:[\s;|]+{_IDENTIFIER})*", re.IGNORECASE)
"""One or several ids of tags, categories and people in the database of Wix."""

IMAGE_URI = re.compile(r"wix:(?:image|vector)://v1/(?P<id>[^/#]+)")


def read_table(archive: Archive, name: str, options: Options) -> Iterator[Item]:
    """Yield a post for each row of a CSV file of posts, and a Note for each value that cannot be read."""
    for row in read_rows(archive, name):
        if isinstance(row, Skipped):
            yield row
        elif not row.get("title", "rich_content", "plain_content"):
            yield Skipped(row.where, "the row has neither a title nor content")
        else:
            yield from _read_row(row, options)


def _read_row(row: CsvRow, options: Options) -> Iterator[Item]:
    warnings: list[str] = []
    page = row.get("post_page_url")
    slug = row.get("slug") or page.rstrip("/").rsplit("/", 1)[-1]
    date = _parse_date(row.get("published_date"), options, warnings)
    dropped: Counter[str] = Counter()
    names = [name for column in ("main_category", "categories", "tags") for name in _read_names(row, column, dropped)]
    author = next(iter(_without_ids([row.get("author")], "author", dropped)), "")
    params = {"featured": True} if row.get("featured").casefold() == "true" else {}
    if row.get("pinned").casefold() == "true":
        params["pinned"] = True
    for name in ("id", "internal_id", "plain_content"):
        row.get(name)  # these columns repeat others
    yield ImportedPost(
        where=row.where,
        title=row.get("title"),
        body=_convert_body(row, warnings, dropped),
        dropped=FrozenDict(dropped),
        date=date,
        updated=_parse_date(row.get("last_published_date"), options, warnings),
        slug=slug,
        key=slug,
        id=row.get("internal_id", "id"),
        records=(row.cells,),
        authors=(author,) if author else (),
        tags=tuple(dict.fromkeys(names)),
        summary=row.get("excerpt"),
        image=image_url(row.get("cover_image")),
        draft="" if row.get("published_date") or date else "it has no publication date in Wix, so it is a draft",
        aliases=(f"/post/{slug}",) if slug else (),
        params=FrozenDict(params),
    )
    for warning in warnings:
        yield Note(row.where, warning)


def _convert_body(row: CsvRow, warnings: list[str], dropped: Counter[str]) -> HtmlBody | MarkdownBody:
    rich = row.get("rich_content")
    if rich:
        try:
            return HtmlBody(write_ricos(json.loads(rich), dropped))
        except (ValueError, RecursionError) as error:
            warnings.append(f"its rich content cannot be read ({error}), so its plain text was imported")
    return MarkdownBody(write_paragraphs(row.get("plain_content").replace("\r\n", "\n").split("\n")))


def image_url(value: str) -> str:
    """Return the URL of an image with the URI `wix:image://v1/<id>/<name>#...`."""
    match = IMAGE_URI.match(value)
    return MEDIA_URL + match["id"] if match else value if value.startswith(("http://", "https://")) else ""


def _parse_date(text: str, options: Options, warnings: list[str]) -> datetime | None:
    try:
        return read_date(text, options.zone, options.date_order) if text else None
    except ValueError as error:
        warnings.append(str(error))
        return None


def _read_names(row: CsvRow, column: str, dropped: Counter[str]) -> list[str]:
    """Return the names in a cell, a JSON list or comma-separated names; ids are counted and not returned."""
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
    """Return the names without ids of Wix, which have no meaning elsewhere; the ids are counted."""
    ids = [name for name in names if IDENTIFIERS.fullmatch(name)]
    if ids:
        dropped[f"`{column}` with an id of Wix instead of a name"] += sum(len(re.split(r"[\s;|]+", one)) for one in ids)
    return [name for name in names if name and name not in ids]
