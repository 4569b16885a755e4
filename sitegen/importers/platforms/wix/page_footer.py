"""Finds the end of the article on a saved Wix page, and the counts there."""

from sitegen.importers.platforms.wix.byline import count_head_lines, skip_blank_lines
from sitegen.importers.platforms.wix.counts import Counts, read_counts
from sitegen.importers.platforms.wix.ui_strings import BOILERPLATE, COMMENTS, RATING, RECENT_POSTS, SEE_ALL


def find_end(lines: list[str], start: int) -> tuple[int, Counts]:
    """Return the line at which the article ends, and its counts.

    Cards of other posts have their own counts: those of this post are the last ones before the list of recent posts. If
    there are other lines between, such as comments of readers or the footer, a line of counts ends the article only if
    it is unambiguous, since a paragraph may be "5 views" too.
    """
    recent = _find_recent(lines, start)
    if counted := _read_counts_before(lines, start, _trim_boilerplate(lines, start, recent)):
        return counted
    for at in range(start, recent):
        if read_counts(lines[at]).views:
            last = _find_last_counts(lines, at, recent)
            counted = _read_counts_before(lines, start, last + 1)
            if counted and _ends_article(lines[last + 1 : recent], counted[1]):
                return counted
    return recent, Counts()


def _ends_article(rest: list[str], counts: Counts) -> bool:
    """Return whether the article ends with these counts, by the lines after them."""
    following = skip_blank_lines(rest, 0)
    if following == len(rest) or COMMENTS.fullmatch(rest[following]):
        return True
    return bool(counts.comments or counts.likes) and count_head_lines(rest) == len(rest)


def _find_last_counts(lines: list[str], at: int, end: int) -> int:
    """Return the index of the last of the adjacent lines with counts from `at` on."""
    counts = read_counts(lines[at])
    while (following := skip_blank_lines(lines, at + 1)) < end:
        line_counts = read_counts(lines[following])
        if (
            not line_counts
            or _overlap(line_counts, counts)
            or (following > at + 1 and COMMENTS.fullmatch(lines[following]))
        ):
            break
        counts, at = counts.filled_from(line_counts), following
    return at


def _find_recent(lines: list[str], start: int) -> int:
    """Return the line where the list of other posts begins, or the number of lines if there is none.

    A heading directly after counts is unambiguous. An article may contain "Recent Posts" too: without counts before any
    of them, the last one is used.
    """
    last = len(lines)
    for at in range(start, len(lines)):
        if RECENT_POSTS.fullmatch(lines[at]):
            following = skip_blank_lines(lines, at + 1)
            trimmed = _trim_boilerplate(lines, start, at)
            if trimmed > start and read_counts(lines[trimmed - 1]):
                return at
            if following >= len(lines) or SEE_ALL.fullmatch(lines[following]):
                last = at
        elif SEE_ALL.fullmatch(lines[at]) and any(read_counts(line) for line in lines[max(start, at - 6) : at]):
            last = at if last == len(lines) else last
    return last


def _trim_boilerplate(lines: list[str], start: int, end: int) -> int:
    """Return the end without the boilerplate between it and a line of counts; otherwise the unchanged end."""
    at = end
    while at > start and (not lines[at - 1] or _is_boilerplate(lines, at - 1)):
        at -= 1
    return at if at > start and read_counts(lines[at - 1]) else end


def _is_boilerplate(lines: list[str], at: int) -> bool:
    """Return whether a line is boilerplate, such as a number that repeats the likes above it."""
    if lines[at].isascii() and lines[at].isdigit():
        above = next((line for line in reversed(lines[max(0, at - 3) : at]) if line), "")
        return bool(read_counts(above).likes)
    return bool(BOILERPLATE.fullmatch(lines[at]) or RATING.fullmatch(lines[at]))


def _read_counts_before(lines: list[str], start: int, end: int) -> tuple[int, Counts] | None:
    """Return the counts on the lines directly before `end`, and the first of these lines."""
    counts, at = Counts(), end
    while at > start:
        line = lines[at - 1]
        line_counts = read_counts(line)
        if line_counts and not _overlap(line_counts, counts):
            counts, end = counts.filled_from(line_counts), at - 1
        elif line and not (counts and _is_boilerplate(lines, at - 1)):
            break
        at -= 1
    return (end, counts) if counts else None


def _overlap(one: Counts, other: Counts) -> bool:
    """Return whether two lines contain the same type of count."""
    return bool((one.views and other.views) or (one.comments and other.comments) or (one.likes and other.likes))
