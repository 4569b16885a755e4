"""Reads a saved Wix page as text: an article between the furniture of its page.

    top of page
      navigation
      • Writer's pictureWGON
      Jan 2, 2023 · 2 min read
    title
    ( NYPost )
    paragraphs
    5 views2 comments
      Recent Posts, See All, cards
    bottom of page

All parts but title and paragraphs may be missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from sitegen.dates import read_date
from sitegen.importers.escape import escape_line, escape_text
from sitegen.importers.wix.count_line import Counts, read_counts
from sitegen.importers.wix.phrases import (
    AUTHOR,
    BOTTOM,
    BULLET,
    DATE,
    FURNITURE,
    INVISIBLE,
    MONTHS,
    NAVIGATION,
    READING_TIME,
    RECENT,
    SEE_ALL,
    SOURCE,
    TOP,
    UNDATED,
)
from sitegen.slugs import slugify


@dataclass(frozen=True, slots=True)
class TextPage:
    """What one saved page says; `line` is the title's, from 1; `doubt` is what could not be understood."""

    line: int
    title: str
    text: str
    author: str = ""
    source: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    doubt: str = ""

    @property
    def slug(self) -> str:
        """The slug that Wix makes of such a title."""
        return slugify(self.title)


def read_text_pages(text: str, stem: str, zone: tzinfo) -> Iterator[TextPage]:
    """Yield the pages of a text, which is one page or several, one behind the other.

    `stem` is the name of the file without its ending: it helps to find the title where a page has
    no author's line. Dates are in `zone`.
    """
    lines = [" ".join(INVISIBLE.sub("", line).split(" ")).strip() for line in text.split("\n")]
    starts = [at for at, line in enumerate(lines) if TOP.fullmatch(line)]
    if not starts or any(lines[: starts[0]]):
        # A copy that begins below the first line is a page as well.
        starts = [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        first = start + 1 if TOP.fullmatch(lines[start]) else start
        if page := _read_page(lines[first:end], first, stem, zone):
            yield page


def looks_like_page(text: str) -> bool:
    """Tell whether a text is a saved Wix page: by its marks, its author's line or its counts."""
    lines = [INVISIBLE.sub("", line).strip() for line in text.split("\n")]
    marks = sum(
        1
        for found in (
            any(TOP.fullmatch(line) for line in lines),
            any(BOTTOM.fullmatch(line) for line in lines),
            any(len(line) < 120 and AUTHOR.fullmatch(line) for line in lines),
            any(read_counts(line) for line in lines),
            any(SEE_ALL.fullmatch(line) for line in lines),
        )
        if found
    )
    return marks >= 2


def _read_page(lines: list[str], offset: int, stem: str, zone: tzinfo) -> TextPage | None:
    bottom = next((at for at in reversed(range(len(lines))) if BOTTOM.fullmatch(lines[at])), len(lines))
    lines = lines[:bottom]
    author, at = _find_author(lines)
    date, updated, doubt, at = _read_dates(lines, at, zone, found=bool(author) or at > 0)
    at = _skip_blank(lines, at)
    if not author and date is None:
        at = _find_title(lines, at, stem)
        if at < len(lines) and (match := AUTHOR.fullmatch(lines[at])):
            author, at = match["name"].strip(), _skip_blank(lines, at + 1)
    if at >= len(lines):
        return None
    title, title_line = lines[at], at
    at += 1
    # Some templates show the day of the last change below the title.
    after = _skip_blank(lines, at)
    if after < len(lines) and (match := DATE.fullmatch(lines[after])) and (match["updated"] or date is None):
        later, changed, more, at = _read_dates(lines, after, zone, found=True)
        date, updated, doubt = date or later, updated or changed, doubt or more
    source, at = _read_source(lines, at)
    end, counts = _find_end(lines, at)
    text = write_paragraphs(lines[at:end])
    return TextPage(offset + title_line + 1, title, text, author, source, date, updated, counts, doubt)


def _find_author(lines: list[str]) -> tuple[str, int]:
    for at, line in enumerate(lines):
        if len(line) < 120 and (match := AUTHOR.fullmatch(line)):
            name, after = match["name"].strip(), at + 1
            following = _skip_blank(lines, after)
            if not name and following < len(lines) and not DATE.fullmatch(lines[following]):
                name, after = lines[following], following + 1
            elif following < len(lines) and lines[following] == name:
                after = following + 1
            return re.sub(r"^[•·\s]+|[•·\s]+$", "", name), after
    return "", 0


def _read_dates(
    lines: list[str], at: int, zone: tzinfo, *, found: bool
) -> tuple[datetime | None, datetime | None, str, int]:
    """Read the lines with the day and the reading time; they stand anywhere before the title if no author did."""
    if not found:
        at = next((n for n, line in enumerate(lines) if (m := DATE.fullmatch(line)) and _is_tail(m["rest"])), 0)
        if at == 0 and not (lines and DATE.fullmatch(lines[0])):
            return None, None, "", 0
    date = updated = None
    doubt = ""
    while (following := _skip_blank(lines, at)) < len(lines):
        line = re.sub(r"^[•·\s]+", "", lines[following])
        match = DATE.fullmatch(line)
        # The title may be a day itself: only the first one is the post's.
        if match and _is_tail(match["rest"]) and (match["updated"] or not (date or doubt)):
            moment, why = _moment(match["date"], zone)
            doubt = doubt or why
            if match["updated"]:
                updated = updated or moment
            else:
                date = date or moment
        elif not (date or doubt) and (match := UNDATED.fullmatch(line)) and _is_tail(match["rest"]):
            doubt = f'"{line}" does not say the year'
        elif not READING_TIME.fullmatch(line):
            break
        at = following + 1
    return date, updated, doubt, at


def _is_tail(rest: str) -> bool:
    rest = rest.strip(" ·•|,\u00a0")
    return not rest or bool(READING_TIME.fullmatch(rest))


def _moment(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    try:
        return read_date(text, zone), ""
    except ValueError as error:
        match = re.search(r"(\d{1,2})\.? (?:de )?([^\W\d]{3,10})\.?,? (?:de )?(\d{4})", text)
        name = match[2].casefold() if match else ""
        month = MONTHS.get(name[:4]) or MONTHS.get(name[:3])
        if match is None or month is None:
            return None, str(error)
        try:
            return datetime(int(match[3]), month, int(match[1]), tzinfo=zone), ""
        except ValueError:
            return None, str(error)


def _find_title(lines: list[str], at: int, stem: str) -> int:
    """Return the line that the file is named after, else the first one that is no navigation."""
    name = slugify(stem)
    for number, line in enumerate(lines):
        slug = slugify(line)
        if name and slug and (slug == name or (len(slug) > 12 and name.startswith(slug))):
            return number
    while at < len(lines) and (not lines[at] or NAVIGATION.fullmatch(lines[at])):
        at += 1
    return at


def _read_source(lines: list[str], at: int) -> tuple[str, int]:
    following = _skip_blank(lines, at)
    match = SOURCE.fullmatch(lines[following]) if following < len(lines) else None
    if match is None or len(match["name"].split()) > 7 or match["name"].endswith((".", "!", "?")):
        return "", at
    return " ".join(match["name"].split()), following + 1


def _find_end(lines: list[str], start: int) -> tuple[int, Counts]:
    """Return the line at which the article ends, and its counts.

    Cards of other posts have counts of their own: the post's are those nearest before the list of
    recent posts. Where there is no such list, a line that looks like counts ends the article only if
    it counts views, or if nothing but furniture follows: a paragraph may say "5 comments" too.
    """
    recent = _find_recent(lines, start)
    end = _trim(lines, start, recent)
    if counted := _counts_before(lines, start, end):
        return counted
    for at in range(start, end) if recent == len(lines) else _last_lines(lines, start, recent):
        if read_counts(lines[at]).views:
            return _counts_before(lines, start, at + 1) or (end, Counts())
    return end, Counts()


def _last_lines(lines: list[str], start: int, end: int) -> list[int]:
    """Return where the short lines just before an end stand, the last first: tags may follow the counts."""
    found: list[int] = []
    for at in reversed(range(start, end)):
        if len(lines[at]) > 40 or len(found) > 6:
            break
        if lines[at]:
            found.append(at)
    return found


def _find_recent(lines: list[str], start: int) -> int:
    for at in range(start, len(lines)):
        if RECENT.fullmatch(lines[at]):
            following = _skip_blank(lines, at + 1)
            before = [line for line in lines[start:at] if line and not FURNITURE.fullmatch(line)]
            sure = following < len(lines) and SEE_ALL.fullmatch(lines[following])
            if sure or following >= len(lines) or (before and read_counts(before[-1])):
                return at
        elif SEE_ALL.fullmatch(lines[at]) and any(read_counts(line) for line in lines[max(start, at - 6) : at]):
            return at
    return len(lines)


def _trim(lines: list[str], start: int, end: int) -> int:
    """Return the end without the furniture before it, as far as a line of counts; else the end as it was."""
    at = end
    while at > start and (not lines[at - 1] or FURNITURE.fullmatch(lines[at - 1])):
        at -= 1
    return at if at > start and read_counts(lines[at - 1]) else end


def _counts_before(lines: list[str], start: int, end: int) -> tuple[int, Counts] | None:
    """Return the counts that stand just before an end, on one line or several, and where they begin."""
    counts, at = Counts(), end
    while at > start:
        line = lines[at - 1]
        found = read_counts(line)
        if found and not any(new and old for new, old in zip(_parts(found), _parts(counts), strict=True)):
            counts, end = counts.over(found), at - 1
        elif line and not (FURNITURE.fullmatch(line) and counts):
            break
        at -= 1
    return (end, counts) if counts else None


def _parts(counts: Counts) -> tuple[object, object, object]:
    return counts.views, counts.comments, counts.likes


def _skip_blank(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def write_paragraphs(lines: list[str]) -> str:
    """Return lines of plain text as Markdown: blank lines part paragraphs, bullets make lists, all else is text.

    In a text without any blank line each line is a paragraph.
    """
    if not any(not line for line in lines[1:-1]) and sum(len(line) for line in lines) > 40 * max(1, len(lines)):
        lines = [part for line in lines for part in (line, "")]
    blocks: list[list[str]] = [[]]
    for line in lines:
        if not line.strip():
            blocks.append([])
        elif blocks[-1] and bool(BULLET.match(line)) != bool(BULLET.match(blocks[-1][-1])):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return "\n\n".join(_write_block(block) for block in blocks if block)


def _write_block(block: list[str]) -> str:
    if BULLET.match(block[0]):
        return "\n".join(f"- {_plain(BULLET.sub('', line, count=1))}" for line in block)
    return "\n".join(map(_plain, block))


def _plain(line: str) -> str:
    return escape_line(
        escape_text(re.sub(r"[ \t]{2,}|[ \t]*\u00a0[ \t\u00a0]+|[ \t]+\u00a0[ \t\u00a0]*", " ", line).strip())
    )
