"""Flaws of single values in feeds: URLs, dates, languages, media types, numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from sitegen.check.findings import ERROR, WARNING

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
class Flaw:
    """A fault of a feed: the item it is in ("" for the feed itself), the line, what is wrong and what to do.

    `severity` is "error" or "warning", as the W3C feed validator judges.
    """

    item: str
    line: int
    message: str
    hint: str = ""
    severity: str = ERROR


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a feed something stands: which item ("" for the feed itself), and on which line."""

    item: str = ""
    line: int = 0

    def flaw(self, message: str, hint: str = "") -> Flaw:
        """Return a flaw at this place."""
        return Flaw(self.item, self.line, message, hint)

    def warning(self, message: str, hint: str = "") -> Flaw:
        """Return a warning at this place: the feed is valid, but some readers have difficulties."""
        return Flaw(self.item, self.line, message, hint, WARNING)


def judge_url(place: Place, name: str, value: str | None) -> Iterator[Flaw]:
    """Yield what is wrong with a URL that must be absolute."""
    if not value:
        yield place.flaw(f"{name} is missing or empty")
    elif not WEB.fullmatch(value):
        yield place.flaw(
            f'{name} is not an absolute web address: "{value}"', "readers do not know what it is relative to"
        )


def judge_language(place: Place, value: str) -> Iterator[Flaw]:
    """Yield what is wrong with a language code (BCP 47)."""
    if not LANGUAGE.fullmatch(value):
        yield place.flaw(f'"{value}" is not a language code', "write a code of BCP 47, for example en or pt-BR")


def judge_media_type(place: Place, name: str, value: str | None, expected: str = "") -> Iterator[Flaw]:
    """Yield what is wrong with a media type (RFC 6838), which may have to begin in a certain way."""
    if not value:
        yield place.flaw(f"{name} has no media type")
    elif not MEDIA_TYPE.fullmatch(value):
        yield place.flaw(f'{name} has "{value}", which is no media type')
    elif not value.startswith(expected):
        yield place.flaw(f'{name} has the media type "{value}", not {expected}...')


def judge_number(place: Place, name: str, value: str | None) -> Iterator[Flaw]:
    """Yield what is wrong with a number that counts something."""
    if value is None or not (value.isascii() and value.isdigit()):
        yield place.flaw(f'{name} is not a whole number: "{value or ""}"')


def judge_same(place: Place, seen: dict[str, str], name: str, value: str, severity: str = ERROR) -> Iterator[Flaw]:
    """Yield a flaw if another item had the same value."""
    other = seen.setdefault(value, place.item)
    if other != place.item:
        message = f'{name} "{value}" is that of {other} too'
        yield Flaw(place.item, place.line, message, "readers take the two for one item", severity)


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
