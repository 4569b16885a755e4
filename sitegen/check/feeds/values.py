"""Checks of single values in feeds: URLs, dates, languages, media types, numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from sitegen.errors import ERROR, WARNING, Problem

WEB = re.compile(
    r"https?://(?:[^\s/?#<>\"{}|\\^`%:\[\]]+|\[[0-9A-Fa-f:.]+\])(:(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4}))?"
    r"([/?#]([!#$&'()*+,./:;=?@\w~-]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[!#$&'()*+,./:;=?@\w~-]|%[0-9A-Fa-f]{2})+", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(\s*;.*)?", re.IGNORECASE)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT)"
)


@dataclass(frozen=True, slots=True)
class FeedLocation:
    """A location in a feed: the item ("" for the feed itself), and the line, from 1."""

    item: str = ""
    line: int = 0

    def problem(self, message: str, hint: str = "", severity: str = ERROR) -> Problem:
        """Return a problem at this location, with an empty path."""
        return Problem("", self.line, f"{self.item}: {message}" if self.item else message, hint, severity=severity)

    def warning(self, message: str, hint: str = "") -> Problem:
        """Return a warning at this location: the feed is valid, but some readers cannot show it well."""
        return self.problem(message, hint, WARNING)


def check_url(location: FeedLocation, name: str, value: str | None) -> Iterator[Problem]:
    """Yield what is wrong with a URL that must be absolute."""
    if not value:
        yield location.problem(f"{name} is missing or empty")
    elif not WEB.fullmatch(value):
        yield location.problem(
            f'{name} is not an absolute http or https URL: "{value}"', "feed readers cannot resolve relative URLs"
        )


def check_language(location: FeedLocation, value: str) -> Iterator[Problem]:
    """Yield what is wrong with a language code (BCP 47)."""
    if not LANGUAGE.fullmatch(value):
        yield location.problem(f'"{value}" is not a language code', "write a code of BCP 47, for example en or pt-BR")


def check_media_type(location: FeedLocation, name: str, value: str | None, expected: str = "") -> Iterator[Problem]:
    """Yield what is wrong with a media type (RFC 6838), which may have to begin in a certain way."""
    if not value:
        yield location.problem(f"{name} has no media type")
    elif not MEDIA_TYPE.fullmatch(value):
        yield location.problem(f'{name} has "{value}", which is not a media type')
    elif not value.startswith(expected):
        yield location.problem(f'{name} has the media type "{value}", not {expected}...')


def check_number(location: FeedLocation, name: str, value: str | None) -> Iterator[Problem]:
    """Yield what is wrong with a number that counts something."""
    if value is None or not (value.isascii() and value.isdigit()):
        yield location.problem(f'{name} is not a whole number: "{value or ""}"')


def check_unique(
    location: FeedLocation, seen: dict[str, str], name: str, value: str, severity: str = ERROR
) -> Iterator[Problem]:
    """Yield a problem if another item has the same value."""
    other = seen.setdefault(value, location.item)
    if other != location.item:
        message = f'{name} "{value}" is that of {other} too'
        yield location.problem(message, "feed readers treat the two as one item", severity)


def read_rfc_822(text: str) -> datetime | None:
    """Return a date as RSS writes it (RFC 822, years of four digits), None if it is not one."""
    if not RFC_822.fullmatch(text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    if "," in text and text[:3] != found.strftime("%a"):
        return None
    return found


def read_rfc_3339(text: str) -> datetime | None:
    """Return a date as Atom and JSON Feed write it (RFC 3339), None if it is not one."""
    if not RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
