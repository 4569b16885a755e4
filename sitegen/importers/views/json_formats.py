"""The JSON files of analytics and newsletter platforms, as their APIs answer."""

import json
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.errors import Problem
from sitegen.formats.url_paths import path_of
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.views.export import Export, Key, Period, Tally, read_day, read_number

MAX_BYTES = 256 * MEBIBYTE
MAX_DEPTH = 40

_MATOMO_KEY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:,\d{4}-\d\d-\d\d)?)?)?")

Value = Any
Views = Iterator[tuple[Key, Value, str]]
"""The key of a page, its number as it is written, and the day if it is known."""


def read_json(archive: Archive, name: str) -> Export | None:
    """Return the views in a JSON member, None if its format is unknown. Raises UnreadableError for invalid JSON."""
    try:
        value = json.loads(read_text(archive, name, MAX_BYTES))
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableError(f"it is not valid JSON: {error}") from error
    for platform, is_total, find in _FORMATS:
        tally, period = Tally(name), _find_period(value)
        for key, number, day in find(value):
            try:
                first, last = _days_of(day) if day else ("", "")
                tally.add(key, _read(number), first)
                tally.last = max(tally.last, last)
            except ValueError as error:
                tally.skip(0, str(error), str(key.url or key.title))
        if tally.views or tally.problems:
            if tally.first:
                period = Period(min(period.first or tally.first, tally.first), max(period.last, tally.last))
            return Export(platform, name, tally.views, period, is_total, _warn(platform, value, tally))
    return None


def _read(number: Value) -> int:
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        raise ValueError(f"{str(number)[:40]!r} is not a number of views")
    return read_number(str(number))


def _find_matomo(value: Value) -> Views:
    """`Actions.getPageUrls`: rows of label and hits, nested unless flat; by period if several were requested."""
    if isinstance(value, list):
        yield from _matomo_rows(value, "", "", 0)
    elif isinstance(value, Mapping):
        for key, rows in value.items():
            if isinstance(rows, list) and _MATOMO_KEY.fullmatch(str(key)):
                yield from _matomo_rows(rows, str(key), "", 0)


def _matomo_rows(rows: Sequence[Value], day: str, folder: str, depth: int) -> Views:
    for row in rows if depth < MAX_DEPTH else ():
        if not isinstance(row, Mapping) or "label" not in row or "nb_hits" not in row:
            continue
        label = str(row["label"]).strip()
        path = f"{folder}/{label.lstrip('/')}"
        below = row.get("subtable")
        if isinstance(below, list) and below:
            yield from _matomo_rows(below, day, path, depth + 1)
        else:
            url = row.get("url")
            yield Key(path_of(url if isinstance(url, str) and url else path)), row["nb_hits"], day


def _find_cloudflare(value: Value) -> Views:
    """Groups of the GraphQL API, `{count, dimensions: {requestPath}}`, under any name in the answer."""
    for group in _objects(value):
        dimensions = group.get("dimensions")
        if "count" not in group or not isinstance(dimensions, Mapping):
            continue
        path = dimensions.get("requestPath") or dimensions.get("metric")
        if isinstance(path, str) and path.startswith("/"):
            day = dimensions.get("date")
            yield Key(path_of(path)), group["count"], day if isinstance(day, str) else ""


def _find_umami(value: Value) -> Views:
    """The metrics of paths: `[{"x": "/posts/frost/", "y": 12}]`."""
    for row in value if isinstance(value, list) else ():
        if isinstance(row, Mapping) and {"x", "y"} <= row.keys() and str(row["x"]).startswith(("/", "http")):
            yield Key(path_of(str(row["x"]))), row["y"], ""


def _find_simple_analytics(value: Value) -> Views:
    """The field `pages` of the Stats API: `{"pages": [{"value": "/posts/frost/", "pageviews": 12}]}`."""
    pages = value.get("pages") if isinstance(value, Mapping) else None
    for row in pages if isinstance(pages, list) else ():
        if isinstance(row, Mapping) and {"value", "pageviews"} <= row.keys():
            yield Key(path_of(str(row["value"]))), row["pageviews"], ""


def _find_plausible(value: Value) -> Views:
    """The breakdown of the Stats API: `{"results": [{"page": "/posts/frost/", "pageviews": 12}]}`."""
    for row in _results(value):
        if {"page", "pageviews"} <= row.keys():
            yield Key(path_of(str(row["page"]))), row["pageviews"], ""


def _find_buttondown(value: Value) -> Views:
    """Emails with their analytics: `{"results": [{"subject": …, "analytics": {"page_views__lifetime": 12}}]}`."""
    for row in _results(value):
        analytics = row.get("analytics")
        if isinstance(analytics, Mapping) and "page_views__lifetime" in analytics and "subject" in row:
            key = _post_key(row, "absolute_url", "slug", "subject", "publish_date")
            yield key, analytics["page_views__lifetime"], ""


def _find_listmonk(value: Value) -> Views:
    """Campaigns: `{"data": {"results": [{"subject": …, "views": 12, "to_send": 80}]}}`."""
    for row in _results(value.get("data") if isinstance(value, Mapping) else None):
        if {"subject", "views", "to_send"} <= row.keys():
            yield _post_key(row, "", "archive_slug", "subject", "started_at"), row["views"], ""


_FORMATS: tuple[tuple[str, bool, Callable[[Value], Views]], ...] = (
    ("Matomo", False, _find_matomo),
    ("Cloudflare", False, _find_cloudflare),
    ("Umami", False, _find_umami),
    ("Simple Analytics", False, _find_simple_analytics),
    ("Plausible", False, _find_plausible),
    ("Buttondown", True, _find_buttondown),
    ("listmonk", True, _find_listmonk),
)


def _results(value: Value) -> Iterator[Mapping[str, Value]]:
    rows = value.get("results") if isinstance(value, Mapping) else value
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield row


def _objects(value: Value, depth: int = 0) -> Iterator[Mapping[str, Value]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        yield value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _objects(item, depth + 1)


def _post_key(row: Mapping[str, Value], url: str, slug: str, title: str, published: str) -> Key:
    def text(name: str) -> str:
        value = row.get(name) if name else None
        return value.strip() if isinstance(value, str) else ""

    try:
        day = read_day(text(published)) if text(published) else ""
    except ValueError:
        day = ""
    return Key(path_of(text(url)) if text(url) else "", text(slug), " ".join(text(title).split()), day)


def _find_period(value: Value) -> Period:
    """Return the period that an answer covers, by its `start` and `end`."""
    if isinstance(value, Mapping) and isinstance(value.get("start"), str) and isinstance(value.get("end"), str):
        try:
            return Period(read_day(value["start"]), read_day(value["end"]))
        except ValueError:
            return Period()
    return Period()


def _days_of(text: str) -> tuple[str, str]:
    """Return the first and the last day of a day, month, year or range such as `2024-01-01,2024-01-31`."""
    first, _, last = text.partition(",")
    if len(first) == 4:
        return f"{first}-01-01", f"{first}-12-31"
    if len(first) == 7:
        return read_day(f"{first}-01"), f"{first}-{monthrange(int(first[:4]), int(first[5:]))[1]:02}"
    day = read_day(first)
    return day, read_day(last) if last else day


def _warn(platform: str, value: Value, tally: Tally) -> tuple[Problem, ...]:
    total = value.get("data", value) if isinstance(value, Mapping) else None
    count, more = (total.get("total"), total.get("next")) if isinstance(total, Mapping) else (None, None)
    if more or (isinstance(count, int) and platform == "listmonk" and count > len(list(_results(total)))):
        hint = "give the other pages of the answer too, or ask for all entries at once"
        return (Problem(tally.file, 0, "the file is one page of several", hint), *tally.warnings)
    return tally.warnings
