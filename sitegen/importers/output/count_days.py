"""Gives the counts of an export the day on which they were read."""

from datetime import date

from msgspec.structs import replace

from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.base import ImportedPost
from sitegen.model import Count


def has_undated_counts(post: ImportedPost) -> bool:
    """Return whether a post has a count without a day."""
    return any(count is not None and count.at is None for count in (post.views, post.comments, post.likes))


def date_counts(post: ImportedPost, day: date, existing: bytes | None) -> ImportedPost:
    """Return a post whose counts have the day of the export.

    A number that the post's existing file has from the same platform stays as it is there, so that another copy of
    the export changes nothing.
    """
    known = _read_counts(existing) if existing is not None else {}
    return replace(
        post,
        views=_date(post.views, day, known.get("views")),
        comments=_date(post.comments, day, known.get("comments")),
        likes=_date(post.likes, day, known.get("likes")),
    )


def _date(count: Count | None, day: date, known: Count | None) -> Count | None:
    if count is None or count.at is not None:
        return count
    if known is not None and (known.count, known.on) == (count.count, count.on):
        return known
    return Count(count.count, count.on, day)


def _read_counts(data: bytes) -> dict[str, Count]:
    """Return the counts in the front matter of a file, without those that cannot be read."""
    try:
        values = split(data, "").values
    except SiteError:
        return {}
    found = {}
    for name in ("views", "comments", "likes"):
        try:
            found[name] = read_count(values[name])
        except (KeyError, ValueError):
            continue
    return found
