"""Select what is published: posts, pages and other files of the content folder."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from sitegen.comments import COMMENTS_SUFFIX
from sitegen.content.links import find_used_files
from sitegen.errors import Problem
from sitegen.formats import lazy_regex
from sitegen.formats.mime_types import ASSETS, ending
from sitegen.model import Entry, Post, SkippedPost
from sitegen.system.files import is_markdown

_DATA_ENDINGS = ASSETS | {"css", "csv", "json", "xml"}
"""Files of these types never begin with front matter, so they are not opened."""

HEAD_BYTES = 4_096
"""The number of bytes that are read to find out whether a file begins with front matter."""

LAST_NANOSECOND = 2**63 - 1
"""The last time of a snapshot, which the build cache stores as a number of 64 bits: in the year 2262."""

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_KEY = lazy_regex.compile(r"[\w\"'.-]+[ \t]*[:=]")
_FIELD = lazy_regex.compile(r"(?:#\+)?:?(?:title|date|author|slug|status|tags|category):", re.IGNORECASE)
"""A header line of Pelican's Markdown, of reStructuredText or of Org."""

_FIELD_ROWS = 10


class Choice(Struct, frozen=True):
    """The posts and pages that are published, and those that are not and why.

    The choice is valid from the time `since`, when the last of the published ones was due, until the time
    `until`, when the first of the others is due, or the first of the published ones expires (ns).
    """

    posts: tuple[Entry, ...]
    pages: tuple[Entry, ...]
    skipped: tuple[SkippedPost, ...]
    since: int
    until: int | None


def choose(entries: Iterable[Entry], content: str, now: datetime, *, drafts: bool, future: bool) -> Choice:
    """Return which posts and pages are published at a time, with or without drafts and future posts.

    No other function decides this. Posts that have expired are published with the drafts.
    """
    posts: list[Entry] = []
    pages: list[Entry] = []
    skipped: list[SkippedPost] = []
    changes: list[int] = []
    since = 0
    for entry in entries:
        post = entry.post
        start = post.date if post.public_from is None or post.public_from < post.date else post.public_from
        if post.draft and not drafts:
            if post.private:
                skipped.append(SkippedPost(post.path, f"`{post.private}`", "private"))
            else:
                skipped.append(SkippedPost(post.path, "it is a draft"))
        elif start > now and not future:
            reason = f"it is scheduled for {start:%Y-%m-%d %H:%M}"
            skipped.append(SkippedPost(post.path, reason, "scheduled", f"{start:%Y-%m-%d}"))
            changes.append(_nanoseconds(start))
        elif post.public_until is not None and post.public_until <= now and not drafts:
            skipped.append(SkippedPost(post.path, f"it expired on {post.public_until:%Y-%m-%d %H:%M}", "expired"))
            since = max(since, _nanoseconds(post.public_until))
        else:
            since = since if future else max(since, _nanoseconds(start))
            if post.public_until is not None and not drafts:
                changes.append(_nanoseconds(post.public_until))
            (pages if post.path.startswith(f"{content}/pages/") else posts).append(entry)
    return Choice(tuple(posts), tuple(pages), tuple(skipped), since, min(changes, default=None))


def is_preview(post: Post, now: datetime) -> bool:
    """Return whether a post is only in a build with drafts or future posts."""
    is_future = post.date > now or (post.public_from is not None and post.public_from > now)
    return post.draft or is_future or (post.public_until is not None and post.public_until <= now)


def _nanoseconds(moment: datetime) -> int:
    """Return a time in nanoseconds, at most LAST_NANOSECOND: a build in 2262 then only chooses once more."""
    return min(int(moment.timestamp() * 1_000_000_000), LAST_NANOSECOND)


def find_withheld(
    entries: Iterable[Entry],
    choice: Choice,
    files: Collection[str],
    content: str,
    base: str,
    posts: Sequence[str] = ("posts",),
) -> set[str]:
    """Return the files in the folders of posts and pages that belong to posts that are not published.

    `posts` are the folders of posts below the content folder. These are the files in the folder of an unpublished
    post (`folder/index.md`), and the files next to an unpublished post that it links to or embeds, except for files
    that a published post uses.
    """
    unpublished = {item.path for item in choice.skipped}
    if not unpublished:
        return set()
    others = [name for name in files if is_beside_posts(name, content, posts) and not is_markdown(name)]
    if not others:
        return set()
    known = frozenset(others)
    bundles: list[str] = []
    withheld: set[str] = set()
    for entry in entries:
        path = entry.post.path
        if path in unpublished:
            folder, _, name = path.rpartition("/")
            if name.lower().startswith("index.") and folder not in [f"{content}/{top}" for top in (*posts, "pages")]:
                bundles.append(f"{folder}/")
            withheld |= find_used_files(entry, content, base) & known
    # A bundle can hold a post in several languages: its files belong to those that are published.
    shown = tuple(entry.post.path for entry in (*choice.posts, *choice.pages)) if bundles else ()
    folders = {path.rpartition("/")[0] for path in shown if path.rpartition("/")[2].lower().startswith("index.")}
    roots = tuple(folder for folder in bundles if folder.rstrip("/") not in folders)
    withheld |= {name for name in others if name.startswith(roots)} if roots else set()
    if withheld:
        for entry in (*choice.posts, *choice.pages):
            withheld -= find_used_files(entry, content, base)
    return withheld


def find_stray_posts(
    files: Iterable[str],
    content: str,
    head: Callable[[str], bytes],
    posts: Sequence[str] = ("posts",),
    read: Collection[str] = (),
) -> Mapping[str, Problem]:
    """Return a warning for each file that begins with front matter, but is not Markdown, or in no folder of posts.

    Such a file is a post that sitegen cannot read, and is not published. `head` returns the
    first HEAD_BYTES of a file; `read` are the Markdown files that describe terms.
    """
    return {
        name: Problem(
            name,
            1,
            "the file begins with front matter, but is not a post: it is not published",
            f"move it to {content}/posts/ or {content}/pages/, or remove the front matter"
            if is_markdown(name)
            else "rename it to end in .md if it is Markdown, or move it out of the folder",
        )
        for name in files
        if (
            name.startswith(f"{content}/") and "/." not in name and name not in read
            if is_markdown(name)
            else ending(name) not in _DATA_ENDINGS and not name.endswith(COMMENTS_SUFFIX)
        )
        and is_markdown(name) != is_beside_posts(name, content, posts)
        and begins_with_front_matter(head(name))
    }


def begins_with_front_matter(head: bytes) -> bool:
    """Return whether the first bytes of a file are front matter: a block between fences, or header lines."""
    rows = head.decode("utf-8", "replace").removeprefix("\ufeff").lstrip().splitlines()
    if not rows:
        return False
    if closing := _FENCES.get(rows[0].rstrip()):
        end = next((number for number, row in enumerate(rows) if number and row.rstrip() in closing), 0)
        return any(map(_KEY.match, rows[1:end]))
    return sum(1 for row in rows[:_FIELD_ROWS] if _FIELD.match(row)) > 1


def is_beside_posts(name: str, content: str, posts: Sequence[str] = ("posts",)) -> bool:
    """Return whether a file is in a folder of posts, or in that of the pages."""
    return name.startswith((f"{content}/pages/", *[f"{content}/{folder}/" for folder in posts]))
