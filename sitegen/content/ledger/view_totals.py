"""Add up the rows of `views.csv`, so that no view is counted twice, and merge new rows into old ones."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen.content.ledger.views_file import ViewRow


class Total(Struct, frozen=True, order=True):
    """The views that one platform counted for a post, and the last day that they include."""

    count: int
    day: str


def total_of(rows: Iterable[ViewRow]) -> Total:
    """Return the largest sum of periods that do not overlap, for rows of one post and platform.

    Of periods that overlap, only some count: the sum is never more than what was viewed. Of several such sums, it is
    the one that reaches the latest day (weighted interval scheduling).
    """
    ordered = sorted(rows, key=lambda row: (row.until, row.since))
    ends = [row.until for row in ordered]
    best = [Total(0, "")]
    for row in ordered:
        before = best[bisect_left(ends, row.since)]
        best.append(max(best[-1], Total(before.count + row.count, min(row.until, row.exported))))
    return best[-1]


class SmallerCount(Struct, frozen=True, order=True):
    """A post for which a new export has fewer views of a platform than `views.csv` has for the same time or less."""

    post: str
    platform: str
    known: int
    new: int


class Merge(Struct, frozen=True):
    """The rows of two sets merged, and the posts for which the new set has smaller numbers than the old one."""

    rows: tuple[ViewRow, ...]
    smaller: tuple[SmallerCount, ...]


def merge_rows(old: Iterable[ViewRow], new: Iterable[ViewRow], *, replace: bool = False) -> Merge:
    """Return old rows with new ones.

    Of rows for the same period, the one with more views wins; all other rows stay, because any of them can be part of
    the largest sum with rows that come later. So the order of merges does not matter, and no total becomes smaller.
    With `replace`, new rows replace old ones whose periods overlap theirs.
    """
    known, added = group_rows(old), group_rows(new)
    merged: list[ViewRow] = []
    smaller: list[SmallerCount] = []
    for key in known.keys() | added.keys():
        before, after = known.get(key, ()), added.get(key, ())
        if replace:
            before = [row for row in before if not any(_overlap(row, other) for other in after)]
        if less := _find_smaller(before, after):
            smaller.append(SmallerCount(*key, *less))
        merged += _best_by_period([*before, *after])
    return Merge(tuple(sorted(merged)), tuple(sorted(smaller)))


def group_rows(rows: Iterable[ViewRow]) -> Mapping[tuple[str, str], Sequence[ViewRow]]:
    """Return rows by post and platform."""
    groups: defaultdict[tuple[str, str], list[ViewRow]] = defaultdict(list)
    for row in rows:
        groups[row.post, row.platform].append(row)
    return groups


def _best_by_period(rows: Iterable[ViewRow]) -> Iterable[ViewRow]:
    best: dict[tuple[str, str], ViewRow] = {}
    for row in rows:
        other = best.setdefault((row.since, row.until), row)
        # Of equal numbers for the same period, the one that was read first: a later export of it changes nothing.
        if (row.count, other.exported) > (other.count, row.exported):
            best[row.since, row.until] = row
    return best.values()


def _overlap(row: ViewRow, other: ViewRow) -> bool:
    return row.since <= other.until and other.since <= row.until


def _find_smaller(before: Iterable[ViewRow], after: Iterable[ViewRow]) -> tuple[int, int] | None:
    """Return the old and the new number of the first period that a new row covers with fewer views."""
    return next(
        (
            (row.count, other.count)
            for other in after
            for row in before
            if row.since == other.since and row.until <= other.until and other.count < row.count
        ),
        None,
    )
