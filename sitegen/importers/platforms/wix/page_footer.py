"""Finds where the article of a saved Wix page ends, and the counts that stand there."""

from sitegen.importers.platforms.wix.byline import length_of_head, skip_blank
from sitegen.importers.platforms.wix.counts import Counts, read_counts
from sitegen.importers.platforms.wix.ui_strings import COMMENTS, FURNITURE, RATING, RECENT, SEE_ALL


def find_end(lines: list[str], start: int) -> tuple[int, Counts]:
    """Return the line at which the article ends, and its counts.

    Cards of other posts have counts of their own: the post's are those nearest before the list of
    recent posts. Where other lines stand between, such as readers' comments or the page's foot,
    a line of counts ends the article only if it is beyond doubt: a paragraph may say "5 views" too.
    """
    recent = _find_recent(lines, start)
    if counted := _counts_before(lines, start, _trim(lines, start, recent)):
        return counted
    for at in range(start, recent):
        if read_counts(lines[at]).views:
            last = _last_counts(lines, at, recent)
            counted = _counts_before(lines, start, last + 1)
            if counted and _is_end(lines[last + 1 : recent], counted[1]):
                return counted
    return recent, Counts()


def _is_end(rest: list[str], counts: Counts) -> bool:
    """Return whether an article ends with these counts, by the lines that follow."""
    following = skip_blank(rest, 0)
    if following == len(rest) or COMMENTS.fullmatch(rest[following]):
        return True
    return bool(counts.comments or counts.likes) and length_of_head(rest) == len(rest)


def _last_counts(lines: list[str], at: int, end: int) -> int:
    """Return the last of the lines of counts that follow each other from a place on."""
    known = read_counts(lines[at])
    while (following := skip_blank(lines, at + 1)) < end:
        found = read_counts(lines[following])
        if not found or _share(found, known) or (following > at + 1 and COMMENTS.fullmatch(lines[following])):
            break
        known, at = known.over(found), following
    return at


def _find_recent(lines: list[str], start: int) -> int:
    """Return where the list of other posts begins, the number of lines if there is none.

    One behind the counts is sure. An article may speak of "Recent Posts" too: of those that no counts
    stand before, the last is taken.
    """
    last = len(lines)
    for at in range(start, len(lines)):
        if RECENT.fullmatch(lines[at]):
            following = skip_blank(lines, at + 1)
            trimmed = _trim(lines, start, at)
            if trimmed > start and read_counts(lines[trimmed - 1]):
                return at
            if following >= len(lines) or SEE_ALL.fullmatch(lines[following]):
                last = at
        elif SEE_ALL.fullmatch(lines[at]) and any(read_counts(line) for line in lines[max(start, at - 6) : at]):
            last = at if last == len(lines) else last
    return last


def _trim(lines: list[str], start: int, end: int) -> int:
    """Return the end without the boilerplate before it, as far as a line of counts; else the end as it was."""
    at = end
    while at > start and (not lines[at - 1] or _is_furniture(lines, at - 1)):
        at -= 1
    return at if at > start and read_counts(lines[at - 1]) else end


def _is_furniture(lines: list[str], at: int) -> bool:
    """Return whether a line belongs to the page: a bare number does, where it repeats the likes above it."""
    if lines[at].isascii() and lines[at].isdigit():
        above = next((line for line in reversed(lines[max(0, at - 3) : at]) if line), "")
        return bool(read_counts(above).likes)
    return bool(FURNITURE.fullmatch(lines[at]) or RATING.fullmatch(lines[at]))


def _counts_before(lines: list[str], start: int, end: int) -> tuple[int, Counts] | None:
    """Return the counts that stand just before an end, on one line or several, and where they begin."""
    counts, at = Counts(), end
    while at > start:
        line = lines[at - 1]
        found = read_counts(line)
        if found and not _share(found, counts):
            counts, end = counts.over(found), at - 1
        elif line and not (counts and _is_furniture(lines, at - 1)):
            break
        at -= 1
    return (end, counts) if counts else None


def _share(one: Counts, other: Counts) -> bool:
    """Return whether two lines count the same thing."""
    return bool((one.views and other.views) or (one.comments and other.comments) or (one.likes and other.likes))
