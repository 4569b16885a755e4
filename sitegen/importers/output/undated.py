"""Dates for posts without a date: the first commit, a series at an interval, or a fixed date."""

import posixpath
import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from sitegen.errors import Problem, SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.dates import read_date
from sitegen.formats.natural_order import natural_key
from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import DateSeries, ImportedPost, Item, Location, Options

NO_DATE_HINT = "it has no date: add one, or import with --date-from git or --dates 2018-04-20+7d"
"""Why a post without a date is a draft, and what to do about it."""

NO_COMMIT_HINT = "it has no date and no commit in git: add a date, or import with --dates 2018-04-20+7d"

_SERIES = lazy_regex.compile(r"(\d{4}-\d{1,2}-\d{1,2})\+(\d{1,4})([dwm])", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_INDEXES = frozenset(("index", "readme"))

FillDate = Callable[[Location], datetime | None]


def read_series(text: str) -> DateSeries:
    """Parse a series such as `2018-04-20+7d`: a start and an interval in days, weeks or months.

    Raises ValueError with a message for the user.
    """
    match = _SERIES.fullmatch(text.strip())
    if match is None or not int(match[2]):
        raise ValueError(f'"{text[:60]}" is not a start and an interval such as 2018-04-20+7d, +2w or +1m')
    return DateSeries(read_date(match[1], UTC).date(), int(match[2]), match[3])


def nth_day(series: DateSeries, number: int) -> date:
    """Return the day with a number, from 0, in a series; in shorter months, the last day.

    Raises OverflowError for days after the year 9999.
    """
    if series.unit != "m":
        return series.start + timedelta(days=series.step * number * (7 if series.unit == "w" else 1))
    months = series.start.year * 12 + series.start.month - 1 + series.step * number
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise OverflowError(f"the year {year} is after 9999")
    return date(year, month + 1, min(series.start.day, monthrange(year, month + 1)[1]))


def date_filler(archive: Archive, options: Options, read: Callable[[Options], Iterable[Item]]) -> FillDate:
    """Return the function that returns the date for a post without a date, by the options.

    For a series, `read` is called to read the export once more, since a date depends on the order of all posts: by
    folder, then by the numbers in the names of files, then by name. Raises SiteError if the options cannot be
    satisfied, such as without a git repository.
    """
    commit_days = _read_commit_days(archive, options) if options.date_from == "git" else {}
    numbers: dict[Location, int] = {}

    def fill(where: Location) -> datetime | None:
        if day := commit_days.get(where.path):
            return read_date(day, options.zone)
        if options.dates is not None and where in numbers:
            return read_date(_day(options.dates, numbers[where]), options.zone)
        return options.date

    if options.dates is not None:
        undated = [
            item.where
            for item in read(options)
            if isinstance(item, ImportedPost)
            and item.date is None
            and not item.draft
            and not item.page
            and item.where.path not in commit_days
        ]
        numbers |= {where: number for number, where in enumerate(sorted(undated, key=_sort_key))}
    return fill


def _day(series: DateSeries, number: int) -> date:
    try:
        return nth_day(series, number)
    except OverflowError:
        problem = Problem(
            "", 0, f"date number {number + 1} of --dates is after the year 9999", "use a shorter interval"
        )
        raise SiteError([problem]) from None


def _read_commit_days(archive: Archive, options: Options) -> dict[str, date]:
    """Return the day of the first commit of each member of the archive."""
    from sitegen.system.git_history import first_commit_days  # noqa: PLC0415 - only `--date-from git` needs subprocess

    found: dict[str, date] = {}
    for path in archive.inputs:
        if not path.is_dir() and path.suffix.lower() == ".zip":
            hint = "give the folder of a git clone, or a start and an interval: --dates 2018-04-20+7d"
            raise SiteError([Problem(path.name, 0, "a zip has no git history", hint)])
        prefix = f"{path.name}/" if len(archive.inputs) > 1 and path.is_dir() else ""
        days = first_commit_days(path if path.is_dir() else path.parent, options.environment)
        found |= {f"{prefix}{name}": day for name, day in days.items()}
    return found


def _sort_key(where: Location) -> tuple[object, ...]:
    folder, base = posixpath.split(posixpath.splitext(where.path)[0])
    if base.lower() in _INDEXES and folder:
        folder, base = posixpath.split(folder)
    number = _NUMBER.search(base)
    return (
        natural_key(folder),
        number is None,
        int(number[0]) if number else 0,
        natural_key(base),
        where.path,
        where.line,
    )
