"""The CSV files of analytics and newsletter platforms: which columns they have, and which rows count."""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape

from sitegen.errors import Problem
from sitegen.formats.dates import AmbiguousDateError
from sitegen.formats.url_paths import path_of
from sitegen.importers.archive.archive import Archive
from sitegen.importers.views.export import Columns, DayColumn, Export, Key, Period, Tally, read_day, read_number
from sitegen.importers.views.table import Table, normalize, read_tables

Names = tuple[str, ...]
Get = Callable[[str], str]
"""Returns the cell of a row in a column, or "" without such a column."""

MAX_DASHBOARD_PAGES = 100
"""The number of pages to which Plausible limits the export of its dashboard."""

_TOTALS = frozenset(("", "total", "totals", "grand total", "gesamt", "(not set)"))
"""What is in place of a URL in a row of totals, in lower case."""

_NAMED_PERIOD = re.compile(r"(?<!\d)(\d{4}-?\d\d-?\d\d)\s*(?:to|bis|[-_–,])\s*(\d{4}-?\d\d-?\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d-?\d\d-?\d\d(?!\d)")


def _all_rows(_: Get) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """A CSV file of a platform.

    A table has the format if it has one column of each tuple in `evidence`, and the file's name matches `file`.
    `url`, `slug`, `title`, `published`, `day` and `count` are the possible names of a column each. Without `count`,
    each row is one view. `counts` says whether a row does. `is_total` is explained in `Export`.
    """

    platform: str
    evidence: tuple[Names, ...]
    url: Names = ()
    slug: Names = ()
    title: Names = ()
    published: Names = ()
    day: Names = ()
    count: Names = ()
    file: re.Pattern[str] | None = None
    counts: Callable[[Get], bool] = _all_rows
    is_total: bool = False
    max_pages: int = 0


_GA_URLS = (
    "page_path_and_screen_class",
    "page_path",
    "page_path_+_query_string",
    "page_path_+_query_string_and_screen_class",
    "page_location",
    "full_page_url",
)
_GA_TITLES = ("page_title_and_screen_class", "page_title_and_screen_name", "page_title")
_GA_VIEWS = ("views", "screen_page_views", "screenpageviews")
_MATOMO_URLS = ("metadata:_url", "metadata_url", "url", "page_url")
_GOAT_PATHS = ("2path", "1path", "path")


def _is_true(text: str) -> bool:
    return text.strip().casefold() in ("true", "1", "t", "yes")


FORMATS = (
    CsvFormat(
        "Plausible",
        (("date",), ("page",), ("pageviews",)),
        url=("page",),
        day=("date",),
        count=("pageviews",),
    ),
    CsvFormat(
        "Plausible",
        (("name",), ("visitors",), ("pageviews",)),
        url=("name",),
        count=("pageviews",),
        max_pages=MAX_DASHBOARD_PAGES,
    ),
    CsvFormat(
        "GoatCounter",
        (_GOAT_PATHS, ("event",), ("bot",), ("firstvisit",), ("date",)),
        url=_GOAT_PATHS,
        day=("date",),
        counts=lambda get: not _is_true(get("event")) and get("bot").strip() in ("", "0"),
    ),
    CsvFormat(
        "Umami",
        (("url_path",), ("event_type",), ("created_at",)),
        url=("url_path",),
        day=("created_at",),
        counts=lambda get: get("event_type").strip() in ("1", "pageview", "") and not get("event_name").strip(),
    ),
    CsvFormat("Umami", (("x",), ("y",)), url=("x",), count=("y",), file=re.compile(r"pages|path|url")),
    CsvFormat(
        "Matomo",
        (("label",), ("nb_hits", "pageviews"), ("nb_visits", "unique_pageviews")),
        url=(*_MATOMO_URLS, "label"),
        count=("nb_hits", "pageviews"),
    ),
    CsvFormat(
        "Google Analytics",
        ((*_GA_URLS, *_GA_TITLES), _GA_VIEWS),
        url=_GA_URLS,
        title=_GA_TITLES,
        day=("date",),
        count=_GA_VIEWS,
    ),
    CsvFormat(
        "Google Analytics",
        (("page",), ("pageviews",), ("unique_pageviews",)),
        url=("page",),
        count=("pageviews",),
    ),
    CsvFormat("Cloudflare", (("requestpath",), ("count",)), url=("requestpath",), count=("count",), day=("date",)),
    CsvFormat(
        "Simple Analytics",
        (("added_iso",), ("path",)),
        url=("path",),
        day=("added_iso",),
        counts=lambda get: not _is_true(get("is_robot")) and not get("datapoint").strip(),
    ),
    CsvFormat(
        "Substack",
        (("title",), ("post_date",), ("views",)),
        url=("url", "canonical_url"),
        slug=("post_id", "slug"),
        title=("title",),
        published=("post_date",),
        count=("views",),
        is_total=True,
    ),
    CsvFormat(
        "Buttondown",
        (("subject",), ("page_views_lifetime", "analytics.page_views_lifetime")),
        url=("absolute_url", "canonical_url"),
        slug=("slug",),
        title=("subject",),
        published=("publish_date",),
        count=("page_views_lifetime", "analytics.page_views_lifetime"),
        is_total=True,
    ),
)

PLAIN_URLS = ("url", "path", "page", "page_url", "address", "permalink", "link", "slug", "pagepath")
PLAIN_TITLES = ("title", "post_title", "page_title", "headline", "subject")
PLAIN_COUNTS = ("views", "pageviews", "page_views", "count", "hits", "visits")
PLAIN_DAYS = ("date", "day")


def read_csv(archive: Archive, name: str, columns: Columns, platform: str) -> Export | None:
    """Return the views in a CSV member; None if its format is unknown.

    `platform` is the name that the user gives: a file with a column of URLs or titles and one of numbers is read only
    if there is one, since nothing in it says who counted. Raises UnreadableError for a damaged file, and ValueError
    with the missing column if it has none of the `columns`.
    """
    for table in read_tables(archive, name):
        form = _plain_format(table, columns, platform) if columns else _find_format(table, name)
        if form is None and platform:
            form = _plain_format(table, columns, platform)
        if form is not None:
            return _read_table(table, form, name, platform or form.platform, archive.inputs[0].name)
    return None


def read_header(archive: Archive, name: str) -> tuple[str, ...]:
    """Return the column names of the first table of a member."""
    return next((table.names for table in read_tables(archive, name)), ())


def _find_format(table: Table, name: str) -> CsvFormat | None:
    base = posixpath.basename(name).casefold()
    for form in FORMATS:
        has_columns = all(table.column(*names) >= 0 for names in form.evidence)
        if has_columns and (form.file is None or form.file.search(base)):
            return form
    return None


def _plain_format(table: Table, columns: Columns, platform: str) -> CsvFormat | None:
    """Return the format of a table of another program, None if it lacks the columns.

    The column that is named as that of the URLs can have titles: many people keep such tables by hand.
    """
    wanted = {use: normalize(getattr(columns, use)) for use in ("url", "count", "day") if getattr(columns, use)}
    for column in wanted.values():
        if table.column(column) < 0:
            known = ", ".join(filter(None, table.names[:20]))
            raise ValueError(f"the file has no column `{column}`; it has {known}")
    url = (wanted["url"],) if "url" in wanted else PLAIN_URLS
    count = (wanted["count"],) if "count" in wanted else PLAIN_COUNTS
    title = url if table.column(*url) >= 0 else PLAIN_TITLES
    if table.column(*title) < 0 or table.column(*count) < 0:
        return None
    day = (wanted["day"],) if "day" in wanted else PLAIN_DAYS
    return CsvFormat(platform, (), url=url, title=title, count=count, day=day)


def _read_table(table: Table, form: CsvFormat, name: str, platform: str, input_name: str) -> Export:
    url, slug, title = table.column(*form.url), table.column(*form.slug), table.column(*form.title)
    published, day, count = table.column(*form.published), table.column(*form.day), table.column(*form.count)
    tally, pages = Tally(name), 0
    days, days_published = DayColumn(), DayColumn()
    positions = {column: at for at, column in enumerate(table.names)}

    def add(cells: Sequence[str]) -> None:
        def cell(at: int) -> str:
            return cells[at].strip() if 0 <= at < len(cells) else ""

        number = read_number(cell(count)) if form.count else 1
        key = Key(
            path_of(cell(url)) if cell(url) else "",
            _slug_of(cell(slug)),
            " ".join(unescape(cell(title)).split()),
            days_published.read(cell(published)) if cell(published) else "",
        )
        tally.add(key, number, days.read(cell(day)) if day >= 0 else "")

    undecided: list[tuple[int, list[str]]] = []
    for line, cells in table.rows:

        def get(column: str, cells: Sequence[str] = cells) -> str:
            at = positions.get(column, -1)
            return cells[at] if 0 <= at < len(cells) else ""

        if not form.counts(get):
            continue
        names = [cells[at].strip() for at in (url, title) if 0 <= at < len(cells)]
        if max(url, title) >= 0 and next(filter(None, names), "").casefold() in _TOTALS:
            continue
        pages += 1
        try:
            add(cells)
        except AmbiguousDateError:
            undecided.append((line, cells))  # until all dates of the column were seen
        except ValueError as error:
            tally.skip(line, str(error), ",".join(cells))
    days.decide()
    days_published.decide()
    for line, cells in undecided:
        try:
            add(cells)
        except ValueError as error:
            tally.skip(line, str(error), ",".join(cells))
    warnings = tally.warnings
    if form.max_pages and pages >= form.max_pages:
        message = f"the export of the dashboard has only the {form.max_pages} pages with the most views"
        hint = "export all data in the settings of the site at Plausible, under Imports & Exports"
        warnings = (Problem(name, 0, message, hint), *warnings)
    period = _period_of(table, (name, input_name), tally)
    return Export(platform, name, tally.views, period, form.is_total, warnings)


def _period_of(table: Table, names: Sequence[str], tally: Tally) -> Period:
    """Return the days that a file covers: by its comments, the names of the file and of the export, or its rows.

    Google Analytics writes the first and the last day above the table, in the language of the user.
    """
    texts = ("\n".join(table.comments), *map(posixpath.basename, names))
    named = next((match for text in texts if (match := _NAMED_PERIOD.search(text))), None)
    days = named.groups() if named else sorted(set(_DAY.findall(texts[0])))
    first, last = days if len(days) == 2 else ("", "")
    try:
        period = Period(*sorted(read_day(day) for day in (first, last))) if first and last else Period()
    except ValueError:
        period = Period()
    if not tally.first:
        return period
    return Period(min(period.first or tally.first, tally.first), max(period.last, tally.last))


def _slug_of(text: str) -> str:
    """Return a slug; Substack writes the number of the post before it: `1234.first-frost`."""
    return re.sub(r"^\d+\.", "", text.strip())
