"""Reads the lines above the title of a saved Wix page: author, dates, reading time."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sitegen.formats.dates import read_date
from sitegen.importers.platforms.wix.ui_strings import AUTHOR, DATE, GLUED_DATE, MONTHS, READING_TIME, UNDATED

_MAX_HEAD_LINE_CHARACTERS = 160
_MIN_SENTENCE_WORDS = 10


@dataclass(frozen=True, slots=True)
class PageDates:
    """The dates on a page; `warning` is about a date that cannot be read, `at` is the line after the dates."""

    date: datetime | None
    updated: datetime | None
    warning: str
    at: int


def skip_blank_lines(lines: list[str], at: int) -> int:
    """Return the index of the first line from `at` on that is not empty."""
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def count_head_lines(lines: list[str]) -> int:
    """Return the number of lines before the first line of prose, where the article begins."""
    for at, line in enumerate(lines):
        if len(line) > _MAX_HEAD_LINE_CHARACTERS or (
            line.endswith((".", "!", "?", "…")) and len(line.split()) >= _MIN_SENTENCE_WORDS
        ):
            return at
    return len(lines)


def find_author(lines: list[str]) -> tuple[str, int]:
    """Return the name of the author and the index after it, or "" and 0 if the head of the page has no author.

    If a date was pasted together with the name, `lines` contains only the date afterwards.
    """
    for at, line in enumerate(lines[: count_head_lines(lines)]):
        if len(line) < 120 and (match := AUTHOR.fullmatch(line)):
            name, after = match["name"].strip(), at + 1
            if (glued := GLUED_DATE.search(name)) and glued.start():
                name, lines[at], after = name[: glued.start()], glued["date"], at
            following = skip_blank_lines(lines, after)
            if not name and following < len(lines) and not DATE.fullmatch(lines[following]):
                name, after = lines[following], following + 1
            elif following < len(lines) and lines[following] == name:
                after = following + 1
            return re.sub(r"^[•·\s]+|[•·\s]+$", "", name), after
    return "", 0


def read_dates(lines: list[str], at: int, zone: tzinfo, *, author_found: bool) -> PageDates:
    """Read the lines with dates and the reading time, which may be anywhere in the head without an author."""
    if not author_found:
        head = [_strip_bullet(line) for line in lines[: count_head_lines(lines)]]
        position = next(
            (n for n, line in enumerate(head) if (m := DATE.fullmatch(line)) and _is_reading_time(m["rest"])), None
        )
        if position is None:
            return PageDates(None, None, "", 0)
        at = position
    date = updated = None
    warning = ""
    has_reading_time = False
    while (following := skip_blank_lines(lines, at)) < len(lines):
        line = _strip_bullet(lines[following])
        match = DATE.fullmatch(line)
        # The title may be a date or a number of minutes itself: only the first date is that of the post.
        if match and _is_reading_time(match["rest"]) and (match["updated"] or not (date or warning)):
            parsed, error = parse_day(match["date"], zone)
            warning = warning or error
            has_reading_time = has_reading_time or bool(match["rest"])
            if match["updated"]:
                updated = updated or parsed
            else:
                date = date or parsed
        elif not (date or warning) and (match := UNDATED.fullmatch(line)) and _is_reading_time(match["rest"]):
            warning = f'"{line}" has no year'
            has_reading_time = bool(_strip_bullet(match["rest"]))
        elif not has_reading_time and READING_TIME.fullmatch(line):
            has_reading_time = True
        else:
            break
        at = following + 1
    return PageDates(date, updated, warning, at)


def _strip_bullet(line: str) -> str:
    return line.lstrip("•· \t")


def _is_reading_time(rest: str) -> bool:
    rest = rest.strip(" ·•|,\u00a0")
    return not rest or bool(READING_TIME.fullmatch(rest))


def parse_day(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return a date in any language of Wix, or None and what is wrong with it."""
    try:
        return read_date(text, zone), ""
    except ValueError as error:
        return (parsed, "") if (parsed := _parse_foreign_date(text, zone)) else (None, str(error))


def _parse_foreign_date(text: str, zone: tzinfo) -> datetime | None:
    """Parse a date with the name of a month in another language, or in the form of Japan or Korea."""
    year = month = day = 0
    if match := re.search(r"(\d{1,2})\.? (?:de )?([^\W\d]{3,10})\.?,? (?:de )?(\d{4})", text):
        name = match[2].casefold()
        month = MONTHS.get(name[:4]) or MONTHS.get(name[:3]) or 0
        year, day = int(match[3]), int(match[1])
    elif match := re.search(r"(\d{4})(?:年|\. ?)(\d{1,2})(?:月|\. ?)(\d{1,2})", text):
        year, month, day = map(int, match.groups())
    try:
        return datetime(year, month, day, tzinfo=zone) if 1000 <= year <= 9998 else None
    except ValueError:
        return None
