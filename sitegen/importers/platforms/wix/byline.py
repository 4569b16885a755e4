"""Reads the lines above a saved Wix page's title: its author, its days, its reading time."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sitegen.formats.dates import read_date
from sitegen.importers.platforms.wix.ui_strings import AUTHOR, DATE, GLUED_DATE, MONTHS, READING_TIME, UNDATED

_LONG = 160
_SENTENCE = 10


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a page tells; `doubt` is what could not be understood, `at` the line behind them."""

    date: datetime | None
    updated: datetime | None
    doubt: str
    at: int


def skip_blank(lines: list[str], at: int) -> int:
    """Return the place of the first line from a place on that is not empty."""
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def length_of_head(lines: list[str]) -> int:
    """Return the number of lines before the first one that is prose: what comes later is the article's own."""
    for at, line in enumerate(lines):
        if len(line) > _LONG or (line.endswith((".", "!", "?", "…")) and len(line.split()) >= _SENTENCE):
            return at
    return len(lines)


def find_author(lines: list[str]) -> tuple[str, int]:
    """Return the author's name and the place behind it; "" and 0 where the head of the page names none.

    Days that a copy has glued to the name are left in `lines` in the name's place.
    """
    for at, line in enumerate(lines[: length_of_head(lines)]):
        if len(line) < 120 and (match := AUTHOR.fullmatch(line)):
            name, after = match["name"].strip(), at + 1
            if (glued := GLUED_DATE.search(name)) and glued.start():
                name, lines[at], after = name[: glued.start()], glued["date"], at
            following = skip_blank(lines, after)
            if not name and following < len(lines) and not DATE.fullmatch(lines[following]):
                name, after = lines[following], following + 1
            elif following < len(lines) and lines[following] == name:
                after = following + 1
            return re.sub(r"^[•·\s]+|[•·\s]+$", "", name), after
    return "", 0


def read_days(lines: list[str], at: int, zone: tzinfo, *, found: bool) -> Days:
    """Read the lines with the day and the reading time; they stand anywhere in the head if no author was `found`."""
    if not found:
        head = [_bare(line) for line in lines[: length_of_head(lines)]]
        place = next((n for n, line in enumerate(head) if (m := DATE.fullmatch(line)) and _is_tail(m["rest"])), None)
        if place is None:
            return Days(None, None, "", 0)
        at = place
    date = updated = None
    doubt = ""
    timed = False
    while (following := skip_blank(lines, at)) < len(lines):
        line = _bare(lines[following])
        match = DATE.fullmatch(line)
        # The title may be a day itself, or a number of minutes: only the first one is the post's.
        if match and _is_tail(match["rest"]) and (match["updated"] or not (date or doubt)):
            moment, why = _moment(match["date"], zone)
            doubt = doubt or why
            timed = timed or bool(match["rest"])
            if match["updated"]:
                updated = updated or moment
            else:
                date = date or moment
        elif not (date or doubt) and (match := UNDATED.fullmatch(line)) and _is_tail(match["rest"]):
            doubt = f'"{line}" does not say the year'
            timed = bool(_bare(match["rest"]))
        elif not timed and READING_TIME.fullmatch(line):
            timed = True
        else:
            break
        at = following + 1
    return Days(date, updated, doubt, at)


def _bare(line: str) -> str:
    return line.lstrip("•· \t")


def _is_tail(rest: str) -> bool:
    rest = rest.strip(" ·•|,\u00a0")
    return not rest or bool(READING_TIME.fullmatch(rest))


def _moment(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    try:
        return read_date(text, zone), ""
    except ValueError as error:
        return (moment, "") if (moment := _foreign_moment(text, zone)) else (None, str(error))


def _foreign_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return a day whose month is named in another language, or that is written as in Japan or Korea."""
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
