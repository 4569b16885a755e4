"""Finds out whether offsets are within spans."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """Spans that do not overlap, each with an inclusive start and an exclusive end."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def contain(self, offset: int) -> bool:
        """Return whether a span contains an offset."""
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]

    def contain_end(self, offset: int) -> bool:
        """Return whether a span contains the end of a range that ends before an offset."""
        index = bisect_left(self._starts, offset) - 1
        return index >= 0 and offset <= self._ends[index]
