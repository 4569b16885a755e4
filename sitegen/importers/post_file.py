"""Writes an imported post as the text of its file: front matter in one order, then Markdown."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from html import unescape
from typing import Any, TypeVar

from sitegen.importers.archive import UnreadableError
from sitegen.importers.items import ImportedPost
from sitegen.importers.yaml_text import write_flow, write_scalar, write_value
from sitegen.model import Count
from sitegen.plain import BYTES, INVISIBLE
from sitegen.slugs import check_path, slugify
from sitegen.sources import check_url
from sitegen.values import read_image, read_language

Value = TypeVar("Value")

LONGEST = 2_000
"""So many characters a field may have: a title or a name of a megabyte is a fault of the export's."""

MOST = 200


def write_post_file(post: ImportedPost, slug: str, text: str, zone: tzinfo, doubts: list[str]) -> str:
    """Return a post's file: readable, minimal, the same for the same post.

    `text` is its Markdown. What our own reader of front matter would refuse (a tag without a letter, an
    alias with a query) is left out and named in `doubts`. Raises UnreadableError if the front matter
    would be longer than a post's may be.
    """
    lines = [write_value("title", _line(post.title))]
    if post.date:
        lines.append(f"date: {write_moment(post.date, zone)}\n")
    if post.updated and post.updated != post.date:
        lines.append(f"updated: {write_moment(post.updated, zone)}\n")
    lines += [write_value("slug", slug), _optional("id", _line(post.id))]
    authors = _named(post.authors, "author", doubts)
    lines.append(write_value("author", authors[0]) if len(authors) == 1 else _optional("authors", authors))
    if source := next(iter(_named((post.source,), "source", doubts)), ""):
        home = _checked(check_url, post.source_home, "source's address", doubts)
        lines.append(write_value("source", source) if not home else _flow("source", {"name": source, "url": home}))
    lines.append(_optional("source_url", _checked(check_url, post.source_url, "source's URL", doubts)))
    lines += [_count("views", post.views), _count("comments", post.comments)]
    lines.append(_optional("tags", _named(post.tags, "tag", doubts)))
    lines.append(_optional("summary", _line(post.summary)))
    if image := _checked(read_image, post.image, "image", doubts):
        lines += [write_value("image", image), _optional("image_alt", _line(post.image_alt))]
    lines.append(_optional("issue", _line(post.issue)))
    lines.append(_optional("language", _checked(read_language, post.language, "language", doubts)))
    if post.draft:
        lines.append("draft: true\n")
    aliases = [_checked(check_path, alias, "old address", doubts) for alias in post.aliases[:MOST]]
    if kept := tuple(dict.fromkeys(alias for alias in aliases if alias.strip("/"))):
        lines.append("aliases:\n" + "".join(f"  - {write_scalar(alias)}\n" for alias in kept))
    params = dict(post.params)
    if post.likes is not None:
        params["likes"] = post.likes.count
    if post.paid:
        params["paid"] = True
    lines.append(_optional("params", params))
    front = "".join(lines)
    if len(front.encode()) > BYTES - 64:
        raise UnreadableError(f"its metadata is longer than {BYTES // 1024} KB")
    body = text.strip("\n")
    return f"---\n{front}---\n\n{body}\n" if body else f"---\n{front}---\n"


def write_moment(moment: datetime, zone: tzinfo) -> str:
    """Return a moment in its own offset; only the day where it is midnight in the site's zone."""
    local = moment.astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return local.date().isoformat()
    moment = moment.replace(microsecond=0)
    if moment.utcoffset() == UTC.utcoffset(None):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def _line(text: str) -> str:
    line = " ".join(INVISIBLE.sub("", text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _optional(key: str, value: Any) -> str:
    return write_value(key, value) if value else ""


def _flow(key: str, value: Any) -> str:
    return f"{key}: {write_flow(value)}\n"


def _count(key: str, count: Count | None) -> str:
    if count is None:
        return ""
    if not count.on and not count.at:
        return write_value(key, count.count)
    parts = {"count": count.count, "on": count.on or None, "at": count.at}
    return _flow(key, {name: value for name, value in parts.items() if value is not None})


def _named(names: Iterable[str], kind: str, doubts: list[str]) -> tuple[str, ...]:
    """Return the names that can have a page of their own, each once."""
    found: dict[str, str] = {}
    for name in map(_line, names):
        if slug := slugify(name):
            found.setdefault(slug, name)
        elif name:
            doubts.append(f'the {kind} "{name[:60]}" has no letter or digit')
    return tuple(found.values())[:MOST]


def _checked(read: Callable[[str], str], value: str, kind: str, doubts: list[str]) -> str:
    """Return a value as our own reader takes it, or "" with a doubt where it refuses."""
    if not value:
        return ""
    try:
        return read(_line(value)) if len(value) <= LONGEST else ""
    except ValueError as error:
        doubts.append(f"the {kind} was left out: {error}")
        return ""


def plain_title(text: str) -> str:
    """Return a title made from the first words of a Markdown text, "" if it has none."""
    for line in text.split("\n"):
        bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|^[#>\s]+|[*_`\\|]|<[^>]*>", r"\1", line)
        words = unescape(bare).split()
        if any(map(str.isalnum, "".join(words))):
            title = " ".join(words)
            return title if len(title) <= 80 else title[:80].rsplit(" ", 1)[0] + "…"
    return ""
