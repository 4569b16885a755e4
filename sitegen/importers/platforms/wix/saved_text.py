"""Reads a saved Wix page in plain text: an article within the boilerplate of its page.

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

All parts except title and paragraphs are optional.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from sitegen.formats.slugs import slugify
from sitegen.importers.base import ImportedComment, Location
from sitegen.importers.platforms.wix.byline import (
    count_head_lines,
    find_author,
    parse_day,
    read_dates,
    skip_blank_lines,
)
from sitegen.importers.platforms.wix.comments import read_comments
from sitegen.importers.platforms.wix.counts import Counts, read_counts
from sitegen.importers.platforms.wix.page_footer import find_end
from sitegen.importers.platforms.wix.paragraphs import write_paragraphs
from sitegen.importers.platforms.wix.source import read_source
from sitegen.importers.platforms.wix.ui_strings import (
    AUTHOR,
    BOTTOM_OF_PAGE,
    DATE,
    INVISIBLE,
    NAVIGATION,
    RATING,
    SEE_ALL,
    TOP_OF_PAGE,
)


@dataclass(frozen=True, slots=True)
class TextPage:
    """The content of a saved page; `line` is the line of the title, from 1.

    `boilerplate_lines` is the number of dropped lines around the article: navigation and other posts. `discussion` are
    the comments of readers.
    """

    line: int
    title: str
    text: str
    author: str = ""
    source: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    warnings: tuple[str, ...] = ()
    boilerplate_lines: int = 0
    discussion: tuple[ImportedComment, ...] = ()

    @property
    def slug(self) -> str:
        """The slug that Wix derives from the title."""
        return slugify(self.title)


def read_text_pages(text: str, stem: str, zone: tzinfo) -> Iterator[TextPage]:
    """Yield the pages of a text file, which contains one or several pages.

    `stem` is the name of the file without its extension: it helps to find the title of a page without an author. Dates
    are in `zone`.
    """
    lines = [" ".join(INVISIBLE.sub("", line).split(" ")).strip() for line in text.split("\n")]
    starts = [at for at, line in enumerate(lines) if TOP_OF_PAGE.fullmatch(line)]
    if not starts or any(lines[: starts[0]]):
        # The first page may lack the line "top of page".
        starts = [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        first = start + 1 if TOP_OF_PAGE.fullmatch(lines[start]) else start
        if page := _read_page(lines[first:end], first, stem, zone):
            yield page


def looks_like_page(text: str) -> bool:
    """Return whether plain text is a saved Wix page, by at least two signs: page markers, author, counts, links."""
    lines = [INVISIBLE.sub("", line).strip() for line in text.split("\n")]
    signs = sum(
        1
        for found in (
            any(TOP_OF_PAGE.fullmatch(line) for line in lines),
            any(BOTTOM_OF_PAGE.fullmatch(line) for line in lines),
            any(len(line) < 120 and AUTHOR.fullmatch(line) for line in lines),
            any(read_counts(line) for line in lines),
            any(SEE_ALL.fullmatch(line) for line in lines),
        )
        if found
    )
    return signs >= 2


def _read_page(lines: list[str], offset: int, stem: str, zone: tzinfo) -> TextPage | None:
    bottom = next((at for at in reversed(range(len(lines))) if BOTTOM_OF_PAGE.fullmatch(lines[at])), len(lines))
    lines = lines[:bottom]
    author, at = find_author(lines)
    dates = read_dates(lines, at, zone, author_found=bool(author) or at > 0)
    at = skip_blank_lines(lines, dates.at)
    title_warning = ""
    if not author and dates.date is None:
        at, is_certain = _find_title(lines, at, stem)
        if at < len(lines) and (match := AUTHOR.fullmatch(lines[at])):
            author, at = match["name"].strip(), skip_blank_lines(lines, at + 1)
        title_warning = (
            "" if is_certain else "its title is a guess, since the page has neither an author nor a date above it"
        )
    if at >= len(lines):
        return None
    title, title_line = lines[at], at
    at += 1
    # Some templates have the date of the last change below the title.
    after = skip_blank_lines(lines, at)
    if after < len(lines) and (match := DATE.fullmatch(lines[after])) and (match["updated"] or dates.date is None):
        dates_below = read_dates(lines, after, zone, author_found=True)
        at = dates_below.at
        date, updated, warning = (
            dates.date or dates_below.date,
            dates.updated or dates_below.updated,
            dates.warning or dates_below.warning,
        )
    else:
        date, updated, warning = dates.date, dates.updated, dates.warning
    source, at = _read_source(lines, at)
    end, counts = find_end(lines, at)
    text = write_paragraphs(lines[at:end])
    warnings = tuple(filter(None, (f"the date was not imported: {warning}" if warning else "", title_warning)))
    byline_lines = bool(author) + (dates.date is not None) + (counts != Counts())
    comments = read_comments(lines[end:], Location("", offset + end + 1), lambda day: parse_day(day, zone)[0])
    around = sum(map(bool, (*lines[:title_line], *lines[end:]))) - byline_lines - comments.lines
    return TextPage(
        line=offset + title_line + 1,
        title=title,
        text=text,
        author=author,
        source=source,
        date=date,
        updated=updated,
        counts=counts,
        warnings=warnings,
        boilerplate_lines=max(0, around),
        discussion=comments.found,
    )


def _find_title(lines: list[str], at: int, stem: str) -> tuple[int, bool]:
    """Return the line of the title, and whether it is certain.

    The title is the line that the file is named after, otherwise the line before the source in brackets, otherwise the
    first line that is not navigation.
    """
    name, head = slugify(stem), lines[: count_head_lines(lines)]
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
    following = skip_blank_lines(lines, at)
    while following < len(lines) and RATING.fullmatch(lines[following]):
        following = skip_blank_lines(lines, following + 1)
    source = read_source(lines[following]) if following < len(lines) else ""
    return (source, following + 1) if source else ("", at)
