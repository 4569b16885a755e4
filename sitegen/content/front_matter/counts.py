"""Parse counts of views, comments and likes, as people and platforms write them."""

import re
from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.dates import read_date
from sitegen.model import MAX_COUNT, Count

_WRITTEN = lazy_regex.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,15})|(\d{1,6}(?:\.\d{1,6})?) ?([KMB])", re.IGNORECASE | re.ASCII
)
_TIMES = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_KEYS = ("count", "on", "at")


def read_count(value: object) -> Count:
    """Return the count of a value: a number, "1,234", "1.2K", or a mapping of count, on and at.

    Raises ValueError for anything but whole numbers from 0 to 10**12.
    """
    if not isinstance(value, Mapping):
        return Count(_whole(value))
    for key in value:
        if key not in _KEYS:
            raise ValueError(f'a count has no key "{key}"' + (f"; {q}" if (q := did_you_mean(str(key), _KEYS)) else ""))
    if value.get("count") is None:
        raise ValueError("the count itself is missing")
    on, at = value.get("on"), value.get("at")
    if on is not None and not isinstance(on, str):
        raise ValueError('"on" is not the name of a platform')
    return Count(_whole(value["count"]), on or "", None if at is None else read_date(at, UTC).date())


def _whole(value: object) -> int:
    number = value
    if isinstance(value, str) and (match := _WRITTEN.fullmatch(value.strip())):
        scaled = Decimal(match[2]) * _TIMES[match[3].upper()] if match[2] else Decimal(match[1].replace(",", ""))
        number = int(scaled) if scaled == int(scaled) else value
    if isinstance(number, bool) or not isinstance(number, int):
        shown = f'"{value[:60]}"' if isinstance(value, str) else str(value)[:60]
        raise ValueError(f"{shown} is not a whole number")
    if not 0 <= number <= MAX_COUNT:
        raise ValueError(f"{number if abs(number) < 10**30 else 'the number'} is not between 0 and {MAX_COUNT:,}")
    return number
