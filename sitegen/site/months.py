"""Posts by the months of the calendar."""

from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct

from sitegen.model import Post


class Month(Struct, frozen=True):
    """The posts of one month, in the given order; `id` is "2024-05"."""

    id: str
    year: int
    number: int
    posts: tuple[Post, ...]


def group_by_month(posts: Iterable[Post]) -> tuple[Month, ...]:
    """Return the months of posts that are ordered by time, in the same order."""
    months = groupby(posts, key=lambda post: (post.date.year, post.date.month))
    return tuple(Month(f"{year:04}-{number:02}", year, number, tuple(found)) for (year, number), found in months)


def count_months(posts: Iterable[Post]) -> tuple[int, ...]:
    """Return the numbers of posts in January, February, and so on: twelve numbers."""
    counts = [0] * 12
    for post in posts:
        counts[post.date.month - 1] += 1
    return tuple(counts)
