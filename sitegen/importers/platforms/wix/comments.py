"""Reads the comments of readers below the article of a saved Wix page, from the lines of its text.

    2 Comments
    Write a comment...
    Sort by:
    Newest
    Ada Reader
    Jan 05, 2023
    text of one or several lines
    Like
    Reply
    Bo Sailor
    3 days ago
    Replying to
    Ada Reader
    text

Wix writes neither ids nor, for the last days, dates: an id is made from the name and the text of a comment.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from sitegen.importers.base import ImportedComment, Location, MarkdownBody
from sitegen.importers.platforms.wix.byline import skip_blank_lines
from sitegen.importers.platforms.wix.paragraphs import write_paragraphs
from sitegen.importers.platforms.wix.ui_strings import (
    BOILERPLATE,
    BOTTOM_OF_PAGE,
    COMMENTS,
    DATE,
    RATING,
    RECENT_POSTS,
    SEE_ALL,
    UNDATED,
)
from sitegen.system.fingerprints import of_bytes

MAX_NAME_CHARACTERS = 100

_EDITED = re.compile(r"(?:[·•|(]\s*)?(?:edited|bearbeitet|modifié|editado|modificato|bewerkt)\)?\.?", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:like|liked|likes|unlike|reply|replies|\d{1,5} (?:likes?|repl(?:y|ies))|like \(\d{1,5}\)|gefällt mir|antworten"
    r"|j['’]aime|répondre|me gusta|responder|curtir|mi piace|rispondi|vind ik leuk|beantwoorden|reageren"
    r"|(?:show|view|hide|load) (?:\d{1,5} )?(?:more |all )?(?:comments?|repl(?:y|ies))|©.*)",
    re.IGNORECASE,
)
"""A line after the text of a comment."""

_LIKES = re.compile(r"(\d{1,5}) likes?|like \((\d{1,5})\)", re.IGNORECASE)

_REPLYING = re.compile(
    r"(?:replying to|als antwort auf|en réponse à|respondiendo a|respondendo a|in risposta a|in antwoord op)\s*+:?\s*+"
    r"(.*)",
    re.IGNORECASE,
)

_ENDS = (RECENT_POSTS, SEE_ALL, BOTTOM_OF_PAGE)


class Comments(Struct, frozen=True):
    """The comments on a page, and the number of lines that they take."""

    found: tuple[ImportedComment, ...] = ()
    lines: int = 0


class _Start(NamedTuple):
    """The beginning of a comment: the line of the name, the first line of the text, and the date."""

    name_at: int
    text_at: int
    date: datetime | None


def read_comments(lines: list[str], where: Location, read_day: Callable[[str], datetime | None]) -> Comments:
    """Return the comments below their heading in the lines after an article, each with a name and a date.

    `where` is the location of the first line, or the page without a line; `read_day` parses a date.
    """
    heading = next((at for at, line in enumerate(lines) if COMMENTS.fullmatch(line)), len(lines))
    ends = (at for at in range(heading, len(lines)) if any(end.fullmatch(lines[at]) for end in _ENDS))
    lines = lines[: next(ends, len(lines))]
    starts = list(_find_starts(lines, heading + 1, read_day))
    found: list[ImportedComment] = []
    by_name: dict[str, str] = {}
    repeated: Counter[str] = Counter()
    total = 0
    for number, start in enumerate(starts):
        last = starts[number + 1].name_at if number + 1 < len(starts) else len(lines)
        answered, text_at = _read_answered(lines, start.text_at, last)
        text_end = next((at for at in range(text_at, last) if _UNTIL.fullmatch(lines[at])), last)
        name, text = lines[start.name_at], write_paragraphs(lines[text_at:text_end]).strip()
        key = of_bytes(re.sub(r"\W+", " ", f"{name} {text}").strip().encode())[:16]
        repeated[key] += 1
        key = f"{key}-{repeated[key]}" if repeated[key] > 1 else key
        total += sum(map(bool, lines[start.name_at : text_end]))
        at = Location(where.path, where.line + start.name_at) if where.line else where
        reply_to = by_name.get(answered.casefold(), "")
        likes = _read_likes(lines, text_end, last)
        found.append(ImportedComment(at, key, MarkdownBody(text), name, start.date, reply_to, likes=likes))
        by_name[name.casefold()] = key
    return Comments(tuple(found), total)


def _find_starts(lines: list[str], first: int, read_day: Callable[[str], datetime | None]) -> Iterator[_Start]:
    """Yield each name that is followed by a date alone on its line.

    If buttons end the comments, a name must follow a button: the text of a comment can contain a date too.
    """
    has_buttons = any(_UNTIL.fullmatch(line) for line in lines[first:])
    at, before = skip_blank_lines(lines, first), ""
    while (following := skip_blank_lines(lines, at + 1)) < len(lines):
        name, below = lines[at], lines[following]
        can_begin = not has_buttons or not before or _is_interface(before)
        if can_begin and len(name) <= MAX_NAME_CHARACTERS and not _is_interface(name) and _is_date(below):
            match = DATE.fullmatch(below)
            text_at = skip_blank_lines(lines, following + 1)
            while text_at < len(lines) and (_EDITED.fullmatch(lines[text_at]) or RATING.fullmatch(lines[text_at])):
                text_at = skip_blank_lines(lines, text_at + 1)
            yield _Start(at, text_at, read_day(match["date"]) if match else None)
            before, at = name, text_at
        else:
            before, at = name, following


def _read_likes(lines: list[str], first: int, last: int) -> int:
    """Return the number of likes in the buttons below a comment, 0 if they have none."""
    for at in range(first, last):
        if (match := _LIKES.fullmatch(lines[at])) is not None:
            return int(match[1] or match[2])
        if lines[at] and not _UNTIL.fullmatch(lines[at]):
            break
    return 0


def _is_interface(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (COMMENTS, _UNTIL, BOILERPLATE, _REPLYING)) or _is_date(line)


def _is_date(line: str) -> bool:
    if len(line) > MAX_NAME_CHARACTERS:
        return False
    match = DATE.fullmatch(line) or UNDATED.fullmatch(line)
    rest = match["rest"].strip(" ·•|,\u00a0") if match else "-"
    return not rest or _EDITED.fullmatch(rest) is not None


def _read_answered(lines: list[str], at: int, end: int) -> tuple[str, int]:
    """Return the name of the author whom a comment answers, "" if it does not, and the first line of the text."""
    match = _REPLYING.fullmatch(lines[at]) if at < end else None
    if match is None:
        return "", at
    following = skip_blank_lines(lines, at + 1)
    if match[1]:
        return match[1].lstrip("@"), min(following, end)
    if following >= end:
        return "", end
    return lines[following].lstrip("@"), min(skip_blank_lines(lines, following + 1), end)
