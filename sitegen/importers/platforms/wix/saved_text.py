"""Reads a saved Wix page as text: an article between the boilerplate of its page.

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

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from sitegen.formats.slugs import slugify
from sitegen.importers.platforms.wix.byline import find_author, length_of_head, read_days, skip_blank
from sitegen.importers.platforms.wix.counts import Counts, read_counts
from sitegen.importers.platforms.wix.page_footer import find_end
from sitegen.importers.platforms.wix.paragraphs import write_paragraphs
from sitegen.importers.platforms.wix.source import read_source
from sitegen.importers.platforms.wix.ui_strings import AUTHOR, BOTTOM, DATE, INVISIBLE, NAVIGATION, RATING, SEE_ALL, TOP


@dataclass(frozen=True, slots=True)
class TextPage:
    """What one saved page says; `line` is the title's, from 1; `doubts` are what could not be understood.

    `around` counts the lines of navigation, other posts and comments around the article, which are left out.
    """

    line: int
    title: str
    text: str
    author: str = ""
    source: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    doubts: tuple[str, ...] = ()
    around: int = 0

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
    """Return whether a text is a saved Wix page: by its marks, its author's line or its counts."""
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
    author, at = find_author(lines)
    days = read_days(lines, at, zone, found=bool(author) or at > 0)
    at = skip_blank(lines, days.at)
    guess = ""
    if not author and days.date is None:
        at, is_sure = _find_title(lines, at, stem)
        if at < len(lines) and (match := AUTHOR.fullmatch(lines[at])):
            author, at = match["name"].strip(), skip_blank(lines, at + 1)
        guess = "" if is_sure else "its title is a guess: the page names neither an author nor a day above it"
    if at >= len(lines):
        return None
    title, title_line = lines[at], at
    at += 1
    # Some templates show the day of the last change below the title.
    after = skip_blank(lines, at)
    if after < len(lines) and (match := DATE.fullmatch(lines[after])) and (match["updated"] or days.date is None):
        later = read_days(lines, after, zone, found=True)
        at = later.at
        date, updated, doubt = days.date or later.date, days.updated or later.updated, days.doubt or later.doubt
    else:
        date, updated, doubt = days.date, days.updated, days.doubt
    source, at = _read_source(lines, at)
    end, counts = find_end(lines, at)
    text = write_paragraphs(lines[at:end])
    doubts = tuple(filter(None, (f"the date was not taken: {doubt}" if doubt else "", guess)))
    known = bool(author) + (days.date is not None) + (counts != Counts())
    around = max(0, sum(map(bool, (*lines[:title_line], *lines[end:]))) - known)
    return TextPage(offset + title_line + 1, title, text, author, source, date, updated, counts, doubts, around)


def _find_title(lines: list[str], at: int, stem: str) -> tuple[int, bool]:
    """Return the title's line, and whether it is one beyond doubt.

    It is the line that the file is named after, otherwise the one before the source in brackets, otherwise
    the first one that is no navigation.
    """
    name, head = slugify(stem), lines[: length_of_head(lines)]
    for number, line in enumerate(head):
        slug = slugify(line)
        if name and slug and (slug == name or (len(slug) > 12 and name.startswith(slug))):
            return number, True
    while at < len(lines) and (not lines[at] or NAVIGATION.fullmatch(lines[at])):
        at += 1
    for number in range(at + 1, len(head)):
        if read_source(head[number]):
            above = next((n for n in reversed(range(at, number)) if head[n]), at)
            return above, above == at
    return at, False


def _read_source(lines: list[str], at: int) -> tuple[str, int]:
    following = skip_blank(lines, at)
    while following < len(lines) and RATING.fullmatch(lines[following]):
        following = skip_blank(lines, following + 1)
    source = read_source(lines[following]) if following < len(lines) else ""
    return (source, following + 1) if source else ("", at)
