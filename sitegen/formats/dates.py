"""Dates as people, platforms and other generators write them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache

from sitegen.formats import lazy_regex

_TIME = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?(?=\s|$))?)?"
)
_ZONE = r"\s*(?P<zone>[A-Z]{1,4}|[+-]\d\d(?::?\d\d)?(?:\s*\([^()]*\))?)?"
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTH = r"(?P<name>[A-Z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?:[A-Z]{3,9},?\s+)?" + _MONTH + r"\s+" + _DAY + r",?\s+(?P<year>\d{4})",
    r"(?:[A-Z]{3,9},?\s+)?" + _DAY + r"[\s-]+" + _MONTH + r",?[\s-]+(?P<year>\d{4})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<then>\d{1,2})(?P=mark)(?P<last>\d{4}|\d{2})",
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
)
MONTHS = ("january", "february", "march", "april", "may", "june",
          "july", "august", "september", "october", "november", "december")  # fmt: skip
"""In English, as most dates in files are; their abbreviations are the first three letters."""

_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
          "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip
# What nearly every date is written like, and the standard library reads as fast as anything can.
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?Z?)?")
# ISO 8601 in its extended and basic form, Jekyll's single digits, and the 14 digits of a moment to the second. Single
# digits between dots are a version number.
_IN_NAME = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
    r"|(?P<dash>[-_])(?P<m>\d{1,2})(?P=dash)(?P<d>\d{1,2})"
    r"|(?P<mm>\d\d)(?P<dd>\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)(?:[-_ .]+(?P<rest>.*)|$)",
    re.DOTALL | re.ASCII,
)
_NUMERIC = lazy_regex.compile(r"\A\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", re.ASCII)
_MAX_DATE_CHARACTERS = 80
_FIRST_YEAR = 1000
_LAST_YEAR = 9998


ORDERS = ("mdy", "dmy", "ymd")
"""The orders of day, month and year in dates such as `07-06-2022` and `22-07-06`."""


class AmbiguousDateError(ValueError):
    """A date that has a meaning in more than one order of day, month and year."""


def read_date(value: object, zone: tzinfo, order: str = "") -> datetime:
    """Return the moment that a value names, aware; one without a zone of its own is in `zone`.

    The value is a date, a datetime, or a string: ISO 8601 and RFC 3339 with `T` or a space, with
    or without seconds, fractions and offset, `2022/10/17`, `20221017`, `Jan 2, 2023`,
    `2 January 2023`, RFC 5322, and day and month in either order if only one order is possible
    (with dots the day is first). `order` is one of ORDERS: it decides where several are possible, and
    allows years of two digits (1969 to 2068). Raises ValueError with a sentence that says what is
    impossible, AmbiguousDateError for a date that only an order can decide.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        moment = _read_text(str(value).strip(), order)
    else:
        raise ValueError(f"{_shown(value)} is not a date")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
        # Local mean times have seconds in their offset, which no feed or header can say.
        offset = moment.utcoffset() if moment.year < 1973 else None
        if offset is not None and offset.total_seconds() % 60:
            moment = moment.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))
    return moment


def possible_orders(value: object) -> frozenset[str]:
    """Return the orders of day, month and year in which a date is possible, of ORDERS.

    None for a value that is written in any other way, such as 2022-07-06 or July 6.
    """
    match = _NUMERIC.match(value) if isinstance(value, str) else None
    return frozenset(_readings(int(match[1]), int(match[3]), match[4])) if match else frozenset()


def days_of_month(year: int, month: int) -> int:
    """Return the number of days of a month (Gregorian); the module `calendar` would take 10 ms to load."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else _DAYS[month - 1]


def date_in_name(name: str) -> tuple[date | None, str]:
    """Return the date that a file's name begins with, and the rest; None and the whole name if there is none.

    The date is `2019-05-01`, `2019_05_01`, `2019.05.01`, `20190501`, `2019-5-1` or `20190501103000`. A
    date that is given twice, as in `2019-05-01-2019-05-01-name`, is taken off twice.
    """
    found, rest = _first_date(name)
    while found is not None and rest:
        again, after = _first_date(rest)
        if again != found:
            break
        rest = after
    return found, rest


def _first_date(name: str) -> tuple[date | None, str]:
    match = _IN_NAME.match(name)
    if match is None:
        return None, name
    year = int(match["year"])
    month, day = int(match["month"] or match["m"] or match["mm"]), int(match["day"] or match["d"] or match["dd"])
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_of_month(year, month)):
        return None, name
    return date(year, month, day), match["rest"] or ""


_LOCAL = frozenset(("local", "localtime", "posixrules", "factory", "Factory"))
"""Names whose time zone is that of the machine, and thus another one elsewhere."""


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """Return the time zone of a name of the IANA database; ValueError with the nearest name if there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones  # noqa: PLC0415 - UTC needs none

    if name in {"UTC", "Etc/UTC"}:
        return UTC
    if name.lower() in _LOCAL or name.startswith(("posix/", "right/")):
        raise ValueError(f'the time zone "{name}" depends on the machine; write the name of yours')
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        from sitegen.errors import did_you_mean  # noqa: PLC0415 - only a mistake needs it

        question = did_you_mean(name, available_timezones() - _LOCAL)
        raise ValueError(f'there is no time zone "{name}"' + (f"; {question}" if question else "")) from None


def _read_text(text: str, order: str) -> datetime:
    if _ISO.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # there is no such day or hour: what follows says which
    forms = _forms() if len(text) <= _MAX_DATE_CHARACTERS else ()
    match = next((match for form in forms if (match := form.fullmatch(text))), None)
    if match is None:
        raise ValueError(f"{_shown(text)} is not a date")
    found = match.groupdict()
    if found.get("first"):
        year, month, day = _in_order(int(found["first"]), int(found["then"]), found["last"], found["mark"], order, text)
    elif found.get("name"):
        year, month, day = int(found["year"]), _month_named(found["name"], text), int(found["day"])
    else:
        year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if not 1 <= month <= 12:
        raise ValueError(f'there is no month {month}, as in the date "{text}"')
    if year == 0 or not 1 <= day <= days_of_month(year, month):
        raise ValueError(f"there is no {day} {MONTHS[month - 1].capitalize()} {year:04}")
    return datetime(year, month, day, *_time(found, text), tzinfo=_offset(found["zone"], text))


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """Return the forms of dates that are not plain ISO 8601: Python takes five milliseconds for them."""
    return tuple(re.compile(form + _TIME + _ZONE, re.IGNORECASE | re.ASCII) for form in _FORMS)


def _time(found: dict[str, str | None], text: str) -> tuple[int, int, int, int]:
    if found["hour"] is None:
        return 0, 0, 0, 0
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    half = found["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f'there is no hour {hour} {half}, as in the date "{text}"')
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f'there is no time {hour:02}:{minute:02}:{second:02}, as in the date "{text}"')
    return hour, minute, second, int((found["fraction"] or "0").ljust(6, "0")[:6])


def _offset(zone: str | None, text: str) -> tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        hours = _ZONES.get(zone.lower())
        if hours is None:
            raise ValueError(f'the time zone "{zone}" of the date "{text}" is not known')
        return timezone(timedelta(hours=hours)) if hours else UTC
    digits = zone[1:].split("(")[0].strip().replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 15 or minutes > 59:
        raise ValueError(f'there is no time zone {zone}, as in the date "{text}"')
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset) if offset else UTC


def _month_named(name: str, text: str) -> int:
    start = name.lower()
    for number, month in enumerate(MONTHS, 1):
        if start in {month, month[:3], "sept" if number == 9 else month}:
            return number
    raise ValueError(f'there is no month "{name}", as in the date "{text}"')


def _in_order(first: int, then: int, last: str, mark: str, order: str, text: str) -> tuple[int, int, int]:
    """Return year, month and day of a date that is written in numbers, with the year or a number of two digits last."""
    readings = _readings(first, then, last)
    if order in readings:
        return readings[order]
    if len(last) == 2:
        raise AmbiguousDateError(
            f'the date "{text}" is not possible in the order {order}' if order else f"{_shown(text)} is not a date"
        )
    if mark == "." and "dmy" in readings:
        return readings["dmy"]
    if len(set(readings.values())) > 1:
        one, two = MONTHS[first - 1].capitalize(), MONTHS[then - 1].capitalize()
        raise AmbiguousDateError(f'the date "{text}" can mean {then} {one} or {first} {two} {last}')
    day_first = first > 12 or mark == "."
    return next(iter(readings.values()), (int(last), then, first) if day_first else (int(last), first, then))


def _readings(first: int, then: int, last: str) -> dict[str, tuple[int, int, int]]:
    """Return year, month and day that three numbers mean in each order in which they are a date."""
    year = int(last) if len(last) == 4 else _century(int(last))
    found = {"mdy": (year, first, then), "dmy": (year, then, first)}
    if len(last) == 2:
        found["ymd"] = (_century(first), then, int(last))
    return {
        name: (y, m, d) for name, (y, m, d) in found.items() if 1 <= m <= 12 and y and 1 <= d <= days_of_month(y, m)
    }


def _century(year: int) -> int:
    """Return a year of two digits in full, as POSIX has it (strptime, %y)."""
    return year + (1900 if year > 68 else 2000)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def write_time(value: datetime, precision: str = "auto") -> str:
    """Return a time as ISO 8601, cached because pages and feeds show the same ones often.

    `precision` is that of `datetime.isoformat`.
    """
    return _write_time(value, value.tzinfo, value.fold, precision)


@lru_cache(maxsize=4096)
def _write_time(value: datetime, _zone: tzinfo | None, _fold: int, precision: str) -> str:
    """Return a time as ISO 8601. Equal moments have as many forms as there are zones."""
    return value.isoformat(timespec=precision)
