"""Give posts the views that `views.csv` has of them, where these are newer than the front matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urlsplit

from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.view_totals import Total, total_of
from sitegen.content.ledger.views_file import ViewRow
from sitegen.formats.site_urls import path_key
from sitegen.formats.urls import base_path_of, home_of
from sitegen.model import COUNTS_MARK, Count, Post
from sitegen.system import fingerprints


def index_posts(posts: Sequence[Post], records: Sequence[LedgerEntry], base_url: str) -> dict[str, str]:
    """Return the file of each post by the keys of the paths that lead to it, as `path_key` returns them.

    These are its own URL, its aliases, and its former URLs in `records`; of two posts with one key, the one whose
    own URL it is comes first, and an alias before a former URL.
    """
    base, home = base_path_of(base_url), home_of(base_url)
    files = {post.path for post in posts}
    found: dict[str, str] = {}
    for post in posts:
        found.setdefault(path_key(post_path(post, base)), post.path)
    former = [(alias, post.path) for post in posts for alias in post.aliases]
    for is_here in (True, False):
        former += [
            (unquote(url[len(home) - 1 :] if is_here else _path_of(url)), record.path)
            for record in records
            if record.path in files
            for url in record.urls
            if url.startswith(home) == is_here
        ]
    for path, file in former:
        if key := path_key(path):  # the home page of another site is not a post
            found.setdefault(key, file)
    return found


def post_path(post: Post, base: str) -> str:
    """Return the decoded path of a post's URL below the base URL, as `views.csv` names the post."""
    return unquote(post.url[len(base) :])


def count_posts(
    posts: Sequence[Post], rows: Sequence[ViewRow], records: Sequence[LedgerEntry], base_url: str
) -> dict[str, Post]:
    """Return the posts whose views `rows` change, by file; a row of a path that no post ever had is ignored."""
    if not rows:
        return {}
    index = index_posts(posts, records, base_url)
    of_path: defaultdict[str, list[ViewRow]] = defaultdict(list)
    for row in rows:
        of_path[row.post].append(row)
    of_post: defaultdict[str, list[ViewRow]] = defaultdict(list)
    for path, found in of_path.items():
        file = index.get(path_key(path))
        if file is not None:
            of_post[file] += found
    counted = {}
    for post in posts:
        views = combine(post.views, of_post[post.path]) if post.path in of_post else post.views
        if views != post.views:
            digest = f"{post.digest}{COUNTS_MARK}{fingerprints.short(repr(views)).hex()}"
            counted[post.path] = replace(post, views=views, digest=digest)
    return counted


def combine(front: Count | None, rows: Iterable[ViewRow]) -> Count | None:
    """Return the views of a post by its front matter and its rows.

    The numbers of several platforms are added up, and are the `parts` of the count. For the platform that the front
    matter names, only what was counted after its day is added; without a day, the larger number is shown. A number of
    the front matter without a platform is shown until rows are newer; without a day too, it is always shown.
    """
    totals = _by_platform(rows)
    if front is not None and not front.on:
        newest = max((total.day for _, of_one in totals.values() if (total := total_of(of_one)).count), default="")
        if front.at is None or newest <= front.at.isoformat():
            return front
        front = None
    parts = [_combine_one(front, name, of_one) for name, of_one in totals.values()]
    if front is not None and front.on.casefold() not in totals:
        parts.append(front)
    known = sorted((part for part in parts if part.count or part is front), key=lambda part: (-part.count, part.on))
    if not known or known == [front]:
        return front
    days = [part.at for part in known if part.at is not None]
    name = known[0].on if len(known) == 1 else ""
    return Count(sum(part.count for part in known), name, max(days, default=None), tuple(known))


def _by_platform(rows: Iterable[ViewRow]) -> Mapping[str, tuple[str, list[ViewRow]]]:
    """Return the rows of each platform with the name of the platform, whose case does not matter."""
    found: dict[str, tuple[str, list[ViewRow]]] = {}
    for row in sorted(rows):
        found.setdefault(row.platform.casefold(), (row.platform, []))[1].append(row)
    return found


def _combine_one(front: Count | None, platform: str, rows: Sequence[ViewRow]) -> Count:
    if front is None or front.on.casefold() != platform.casefold():
        return _count(platform, total_of(rows))
    if front.at is None:
        total = total_of(rows)
        return front if total.count <= front.count else _count(platform, total)
    day = front.at.isoformat()
    newer = [row for row in rows if min(row.until, row.exported) > day]
    total = total_of([*newer, ViewRow("", platform, "", day, day, front.count)])
    return _count(platform, total) if total.day > day else front


def _count(platform: str, total: Total) -> Count:
    return Count(total.count, platform, date.fromisoformat(total.day) if total.day else None)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
