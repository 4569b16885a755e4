"""Ranges of bytes in a file."""

from collections.abc import Iterable, Iterator


def merge_ranges(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the bytes of some ranges, start and end, in order and without overlaps, so that none is written twice.

    Tables of a damaged file may name the same bytes any number of times.
    """
    last = (0, 0)
    for start, end in sorted(ranges):
        if start > last[1]:
            if last[1] > last[0]:
                yield last
            last = (start, end)
        else:
            last = (last[0], max(last[1], end))
    if last[1] > last[0]:
        yield last
