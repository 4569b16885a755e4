"""How languages write dates, numbers and plurals: the part of Unicode CLDR that pages need.

`cldr.tsv` has a line for each language tag, in lower case: the tag, a tab, and JSON. A string is another tag to use
instead; an object has the fields of `LanguageData`. A tag with a region or a script has only those that differ from
the tag before its last "-". `python -m tests.tools.cldr` writes it from Babel's edition of CLDR.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sitegen.errors import naming

FILE = Path(__file__).with_name("cldr.tsv")
FALLBACK = "en"
WIDTHS = {3: "abbreviated", 4: "wide", 5: "narrow"}
_FIELD = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<field>([A-Za-z])\3*)")


class Condition(msgspec.Struct, frozen=True, array_like=True):
    """One relation of a plural rule for whole numbers: whether the number is within ranges, ends included."""

    modulus: int
    """What the number is divided by, to compare the remainder; 0 compares the number itself."""
    negated: bool
    ranges: tuple[tuple[int, int], ...]

    def holds(self, value: int) -> bool:
        """Return whether a number meets it."""
        number = value % self.modulus if self.modulus else value
        return any(first <= number <= last for first, last in self.ranges) is not self.negated


class LanguageData(msgspec.Struct, frozen=True):
    """What CLDR knows of one language."""

    name: str
    """The language's name in itself."""
    territory: str
    """The territory of most speakers, "" if it is not known (UTS #35, "Likely Subtags")."""
    right_to_left: bool
    zero: int
    """The code point of the digit 0."""
    group: str
    """What separates groups of digits."""
    group_sizes: tuple[int, int]
    """The number of digits in the last group and in the others."""
    plurals: tuple[tuple[str, tuple[tuple[Condition, ...], ...]], ...]
    """The plural forms except for "other", each with alternatives, whose conditions must all hold (UTS #35, part 3)."""
    patterns: dict[str, str]
    """The patterns of dates (UTS #35, part 4): "full", "long", "medium", and by skeletons: "yMMMM"."""
    names: dict[str, tuple[str, ...]]
    """The names of months, days and eras, by the field and its width: "M wide"; days begin with Monday."""

    def plural_form(self, value: int) -> str:
        """Return the plural form that goes with a whole number: "one", "few", "other"."""
        for form, alternatives in self.plurals:
            if any(all(condition.holds(value) for condition in conditions) for conditions in alternatives):
                return form
        return "other"

    def write_number(self, value: int) -> str:
        """Return a whole number in digits of ASCII with separators between its groups."""
        last, others = self.group_sizes
        digits = str(abs(value))
        groups = [digits[-last:]]
        digits = digits[:-last]
        while digits:
            groups.append(digits[-others:])
            digits = digits[:-others]
        return ("-" if value < 0 else "") + self.group.join(reversed(groups))

    def write_date(self, day: date, pattern: str) -> str:
        """Return a day by a pattern of CLDR, in digits of ASCII.

        Raise ValueError for a field that is not of a day, such as hours.
        """

        def fill(match: re.Match[str]) -> str:
            field = match["field"]
            if field is None:
                return match["quoted"].replace("''", "'") or "'"
            write = FIELDS.get(field[0])
            if write is None:
                known = ", ".join(FIELDS)
                raise ValueError(f"\"{field}\" is not a field of a date; use {known}, and write letters as 'text'")
            return write(self, day, len(field))

        return _FIELD.sub(fill, pattern)


def _write_year(data: LanguageData, day: date, width: int) -> str:  # noqa: ARG001 - all fields have one signature
    return f"{day.year % 100:02}" if width == 2 else str(day.year).zfill(width)


def _write_day(data: LanguageData, day: date, width: int) -> str:  # noqa: ARG001 - all fields have one signature
    return str(day.day).zfill(width)


def _write_day_of_year(data: LanguageData, day: date, width: int) -> str:  # noqa: ARG001 - all fields have one signature
    return str(day.timetuple().tm_yday).zfill(width)


def _write_quarter(data: LanguageData, day: date, width: int) -> str:  # noqa: ARG001 - all fields have one signature
    return str((day.month + 2) // 3).zfill(min(width, 2))


def _write_era(data: LanguageData, day: date, width: int) -> str:  # noqa: ARG001 - all fields have one signature
    return data.names["G " + WIDTHS.get(width, "abbreviated")][0]


def _write_month(letter: str) -> Callable[[LanguageData, date, int], str]:
    def write(data: LanguageData, day: date, width: int) -> str:
        if width not in WIDTHS:
            return str(day.month).zfill(width)
        return data.names[f"{letter} {WIDTHS[width]}"][day.month - 1]

    return write


def _write_weekday(letter: str) -> Callable[[LanguageData, date, int], str]:
    def write(data: LanguageData, day: date, width: int) -> str:
        return data.names[f"{letter} {WIDTHS.get(width, 'abbreviated')}"][day.weekday()]

    return write


FIELDS: dict[str, Callable[[LanguageData, date, int], str]] = {
    "y": _write_year,
    "M": _write_month("M"),
    "L": _write_month("L"),
    "d": _write_day,
    "E": _write_weekday("E"),
    "c": _write_weekday("c"),
    "D": _write_day_of_year,
    "Q": _write_quarter,
    "G": _write_era,
}
"""The fields of dates, each with the function that writes it in a width; "L" and "c" are names outside of dates."""


@cache
def _read_lines() -> dict[str, str]:
    with naming(FILE):
        lines = FILE.read_text("utf-8").splitlines()
    return {tag: fields for tag, _, fields in (line.partition("\t") for line in lines)}


@cache
def _read_fields(tag: str) -> dict[str, Any] | None:
    """Return the fields of a tag in lower case, those of its parents included; None if CLDR does not know it."""
    line = _read_lines().get(tag)
    if line is None:
        return None
    found = msgspec.json.decode(line)
    if isinstance(found, str):
        return _read_fields(found)
    parent = _read_fields(tag.rpartition("-")[0]) or {}
    merged = {**parent, **found}
    for name in ("patterns", "names"):
        merged[name] = {**parent.get(name, {}), **found.get(name, {})}
    return merged


@cache
def find_language(tag: str) -> tuple[str, LanguageData]:
    """Return CLDR's tag in lower case and data for a language tag (BCP 47), its nearest parent, or English."""
    parts = tag.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        known = "-".join(parts[:length])
        if (fields := _read_fields(known)) is not None:
            return known, msgspec.convert(fields, LanguageData)
    return FALLBACK, msgspec.convert(_read_fields(FALLBACK), LanguageData)
