"""What is read from an export: how often which post was viewed, on which platform and when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import NamedTuple

from sitegen.errors import Problem
from sitegen.formats.dates import ORDERS, AmbiguousDateError, possible_orders, read_date
from sitegen.model import MAX_COUNT


class Key(NamedTuple):
    """How an export names a page: by a URL or path, or by a slug, a title and the day of publication."""

    url: str = ""
    slug: str = ""
    title: str = ""
    day: str = ""


class Period(NamedTuple):
    """The days that an export covers, as YYYY-MM-DD; "" if they are not known."""

    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a CSV file whose platform is unknown, as the user names them; "" for the usual names."""

    url: str = ""
    count: str = ""
    day: str = ""

    def __bool__(self) -> bool:
        return bool(self.url or self.count or self.day)


@dataclass(frozen=True, slots=True)
class Export:
    """The views in one file of an export.

    `views` are the numbers by page and year; the year is "" if the file has no dates. `period` is what the file
    covers. `is_total` says that its numbers are all views of a post until the export, and not those of a period.
    """

    platform: str
    file: str
    views: Mapping[tuple[Key, str], int]
    period: Period = field(default_factory=Period)
    is_total: bool = False
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Tally:
    """Collects the views of a file while it is read, the days that they cover, and what could not be read."""

    file: str
    views: Counter[tuple[Key, str]] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0

    def add(self, key: Key, count: int, day: str = "") -> None:
        """Add views of a page, on one day if the file says it."""
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)
        if count:
            self.views[key, day[:4]] += count

    def skip(self, line: int, message: str, excerpt: str = "") -> None:
        """Note a row that cannot be read; the first three are reported with their lines, the others are counted."""
        self.skipped += 1
        if self.skipped <= MAX_REPORTED_ROWS:
            self.problems.append(Problem(self.file, line, message, "the row is skipped", excerpt[:200]))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems of rows that were skipped."""
        more = self.skipped - MAX_REPORTED_ROWS
        last = (Problem(self.file, 0, f"{more:,} more rows cannot be read"),) if more > 0 else ()
        return (*self.problems, *last)


MAX_REPORTED_ROWS = 3

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’")
_TIMES = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def read_number(text: str) -> int:
    """Return a number of views as spreadsheets and dashboards write it; raise ValueError for any other text.

    Examples are `1234`, `1,234`, `1.234`, `1 234`, `1'234`, `1234.0` and `1.2K`; nothing and `-` are 0. Three digits
    after a point or comma are thousands: views are whole numbers.
    """
    plain = text.strip().translate(_SPACES)
    if plain in ("", "-", "–", "—"):
        return 0
    number, times = plain, 1
    if plain[-1].upper() in _TIMES:
        number, times = plain[:-1].replace(",", "."), _TIMES[plain[-1].upper()]
        whole, _, fraction = number.partition(".")
        if whole.isdigit() and (not fraction or fraction.isdigit()) and len(number) < 15 and number.isascii():
            return _limited(round(float(number) * times), text)
        raise ValueError(f'"{text[:40]}" is not a number of views')
    groups = plain.replace(".", ",").split(",")
    if not all(group.isascii() and group.isdigit() for group in groups) or len(plain) > 20:
        raise ValueError(f'"{text[:40]}" is not a number of views')
    if len(groups) == 1:
        return _limited(int(plain), text)
    if len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]):
        return _limited(int("".join(groups)), text)
    if len(groups) >= 2 and not groups[-1].strip("0") and all(len(group) == 3 for group in groups[1:-1]):
        return _limited(int("".join(groups[:-1])), text)
    raise ValueError(f'"{text[:40]}" is not a whole number of views')


def _limited(number: int, text: str) -> int:
    if number > MAX_COUNT:
        raise ValueError(f'"{text[:40]}" is more than {MAX_COUNT:,} views')
    return number


def read_day(text: str, order: str = "") -> str:
    """Return the day of a date as YYYY-MM-DD; raise ValueError if it is not one, AmbiguousDateError without its order.

    `order` is one of `ORDERS` in `formats.dates`.
    """
    stripped = text.strip()
    start = stripped[:10]
    try:
        return date.fromisoformat(start if len(start) == 10 and start[4] == "-" else stripped).isoformat()
    except ValueError:
        try:
            return read_date(stripped, UTC, order).date().isoformat()
        except AmbiguousDateError as error:
            raise AmbiguousDateError(f"{error}; write dates as YYYY-MM-DD") from None


class DayColumn:
    """Reads the days of one column, whose order of day, month and year is the one that fits all of its dates."""

    def __init__(self) -> None:
        self._orders = frozenset(ORDERS)
        self._known: dict[str, str] = {}
        self._order = ""

    def read(self, text: str) -> str:
        """Return the day of a date as YYYY-MM-DD; raise ValueError as `read_day` does."""
        stripped = text.strip()
        start = stripped[:10]
        if day := self._known.get(start):
            return day
        self._orders &= possible_orders(stripped) or self._orders
        day = read_day(stripped, self._order)
        if len(start) == 10 and start[4] == "-":
            self._known[start] = day
        return day

    def decide(self) -> None:
        """Read dates from now on in the order that fits all dates read before, if there is only one."""
        self._order = next(iter(self._orders)) if len(self._orders) == 1 else ""
