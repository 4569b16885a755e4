"""Writes the file of an imported post: front matter in a fixed order, then Markdown."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time, tzinfo
from functools import cache
from html import unescape
from math import isfinite
from typing import Any, TypeVar

from sitegen.config.schema import Config
from sitegen.content.front_matter.field import Field, Fields
from sitegen.content.front_matter.fields import FIELDS
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import FrontMatter, split
from sitegen.content.sources import check_url
from sitegen.errors import SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.delimiters import NextMatch
from sitegen.formats.plain_values import MAX_FRONT_MATTER_BYTES
from sitegen.formats.slugs import check_path, name_slug, write_path
from sitegen.formats.yaml_writer import visible, write_flow, write_quoted, write_scalar, write_value
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import ImportedPost, MarkdownBody
from sitegen.importers.output.dates import format_date
from sitegen.model import Count

Value = TypeVar("Value")

_MARKUP = lazy_regex.compile(r"!?\[|^[#>\s]++|[*_`\\|]|<")
_LABEL_END, _URL_END, _TAG_END = map(re.compile, ("\\]", "\\)", ">"))

MAX_FIELD_CHARACTERS = 2_000
"""Length limit of a field: a title or a name of a megabyte is an error of the export."""

MAX_LIST_ITEMS = 200

_MAX_UNCHECKED_CHARACTERS = 1_000
"""Length of `repr` up to which nested front matter cannot be too long as YAML."""

_LAYOUTS = {field.name: field.imported.layout for field in FIELDS if field.imported}


def read_fields(
    post: ImportedPost, slug: str, zone: tzinfo, warnings: list[str], fields: Fields = FIELDS
) -> dict[str, Any]:
    """Return the front matter of a post as plain values: strings, numbers, booleans, lists and mappings.

    Keys without a value are omitted. Values that sitegen's reader would refuse (a tag without a letter, an alias with a
    query) are dropped with a message in `warnings`.
    """
    composed = _compose(post, slug, zone, warnings)
    written = {
        field.name: as_plain(composed[field.name] if field.name in composed else _write_string(field, post, warnings))
        for field in fields
        if field.imported is not None
    }
    if not written.get("image"):
        written["image_alt"] = ""
    always_written = ("title", "slug", "views", "comments", "likes")
    return {key: value for key, value in written.items() if value or (key in always_written and value is not None)}


def _compose(post: ImportedPost, slug: str, zone: tzinfo, warnings: list[str]) -> dict[str, Any]:
    """Return the values of the fields that are not just a string attribute of the post with the same name."""
    authors = _clean_names(post.authors, "author", warnings)
    source = next(iter(_clean_names((post.source,), "source", warnings)), "")
    home = validate(check_url, post.source_home, "URL of the source", warnings) if source else ""
    aliases = [validate(check_path, alias, "old URL", warnings) for alias in post.aliases[:MAX_LIST_ITEMS]]
    params = dict(post.params)
    if post.paid:
        params["paid"] = True
    return {
        "date": format_date(post.date, zone) if post.date else "",
        "updated": format_date(post.updated, zone) if post.updated and post.updated != post.date else "",
        "slug": slug,
        "author": authors[0] if len(authors) == 1 else "",
        "authors": list(authors) if len(authors) > 1 else [],
        "source": {"name": source, "url": home} if home else source,
        "views": _count(post.views),
        "comments": _count(post.comments),
        "likes": _count(post.likes),
        "tags": list(_clean_names(post.tags, "tag", warnings)),
        "markdown": post.body.engine if isinstance(post.body, MarkdownBody) else "",
        "draft": bool(post.draft),
        "broken_links": "",  # set by `finish_fields`, once all posts are known
        "aliases": list(dict.fromkeys(alias for alias in aliases if alias.strip("/"))),
        "params": params,
    }


def _write_string(field: Field, post: ImportedPost, warnings: list[str]) -> str:
    """Return the string of a field, validated by its row in the table of fields."""
    value: str = getattr(post, field.name)
    imported = field.imported
    if imported is None or imported.check is None:
        return _single_line(value)
    return validate(imported.check, value, imported.label or field.name, warnings)


def finish_fields(
    fields: Mapping[str, Any], aliases: Sequence[str], *, broken: bool, table: Fields = FIELDS
) -> dict[str, Any]:
    """Return front matter with the final aliases, and `broken_links: warning` if links of the post are broken."""
    finished = {
        **fields,
        "aliases": [write_path(alias) for alias in aliases],
        "broken_links": "warning" if broken else "",
    }
    missing = {name for name in ("aliases", "broken_links") if not finished[name]}
    return {row.name: finished[row.name] for row in table if row.name in finished and row.name not in missing}


def write_front(fields: Mapping[str, Any], warnings: list[str]) -> str:
    """Return front matter with its delimiters, after checking that it is read back unchanged.

    A key that is not read back is quoted; if it is still refused, it is dropped with a message in `warnings`.
    Raises UnreadableError if the front matter is too long.
    """
    lines = write_lines(fields)
    front = _read_back(lines.values())
    if front is None or front.values != fields:
        for key, value in fields.items():
            if not _is_read_back(lines[key], key, value):
                lines[key] = f"{key}: {write_quoted(value)}\n"
                if not _is_read_back(lines[key], key, value):
                    del lines[key]
                    warnings.append(f'the front matter "{key}" was dropped: it cannot be read back')
        front = _read_back(lines.values())
    for key, message in _find_refused_keys(front, lines) if front is not None else ():
        del lines[key]
        warnings.append(f'the front matter "{key}" was dropped: {message}')
    return f"---\n{''.join(lines.values())}---\n"


def check_length(fields: Mapping[str, Any]) -> None:
    """Raise UnreadableError if front matter is too long."""
    # Only `params` are nested. Without them, YAML is hardly longer than `repr`, and never 16 times as long.
    # With nesting, indents can grow quadratically.
    length = len(repr(fields))
    if length > MAX_FRONT_MATTER_BYTES // 16 or ("params" in fields and length > _MAX_UNCHECKED_CHARACTERS):
        write_lines(fields)


def write_lines(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of front matter by key; raise UnreadableError if they are too long."""
    lines = {key: _write_key(key, value) for key, value in fields.items()}
    if sum(len(line.encode("utf-8", "replace")) for line in lines.values()) > MAX_FRONT_MATTER_BYTES - 64:
        raise UnreadableError(f"its metadata is longer than {MAX_FRONT_MATTER_BYTES // 1024} KB")
    return lines


def join_file(front: str, text: str) -> str:
    """Return the content of a post's file from its front matter with delimiters and its Markdown."""
    body = text.strip("\n")
    return f"{front}\n{body}\n" if body else front


def _write_key(key: str, value: Any) -> str:
    layout = _LAYOUTS.get(key, "")
    if layout == "flow" and isinstance(value, Mapping):
        return f"{key}: {write_flow(value)}\n"
    if layout == "block":
        return f"{key}:\n" + "".join(f"  - {write_scalar(item)}\n" for item in value)
    return write_value(key, value)


def _read_back(lines: Iterable[str]) -> FrontMatter | None:
    """Parse lines of front matter with sitegen's reader, and return None if it refuses them."""
    try:
        return split(f"---\n{''.join(lines)}---\n".encode("utf-8", "replace"), "content/posts/x.md")
    except SiteError:
        return None


def _is_read_back(line: str, key: str, value: Any) -> bool:
    front = _read_back([line])
    return front is not None and front.values == {key: value}


def _find_refused_keys(front: FrontMatter, lines: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each key with an invalid value, and the reason."""
    try:
        read_post(front, front.path, _default_config(), {})
    except SiteError as error:
        keys = {front.line_of(key): key for key in lines}
        found = {keys[problem.line]: problem.message for problem in error.problems if problem.line in keys}
        return [(key, message) for key, message in found.items() if key not in ("title", "slug")]
    return []


@cache
def _default_config() -> Config:
    return Config()


def as_plain(value: Any) -> Any:
    """Return a value as it is read back from front matter: dates, infinity and NaN as strings."""
    if isinstance(value, str):
        return visible(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {visible(str(key)): as_plain(item) for key, item in value.items()}
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _single_line(text: str) -> str:
    line = " ".join(INVISIBLE.sub("", text).split())
    return line if len(line) <= MAX_FIELD_CHARACTERS else line[: MAX_FIELD_CHARACTERS - 1].rstrip() + "…"


def _count(count: Count | None) -> Any:
    if count is None or (not count.on and not count.at):
        return None if count is None else count.count
    parts = {"count": count.count, "on": count.on, "at": count.at.isoformat() if count.at else ""}
    return {name: value for name, value in parts.items() if value or name == "count"}


def _clean_names(names: Iterable[str], field_label: str, warnings: list[str]) -> tuple[str, ...]:
    """Return the names that can have a page, without duplicates."""
    found: dict[str, str] = {}
    for name in map(_single_line, names):
        if slug := name_slug(name):
            found.setdefault(slug, name)
        elif name:
            warnings.append(f'the {field_label} "{name[:60]}" has no visible character')
    return tuple(found.values())[:MAX_LIST_ITEMS]


def validate(read: Callable[[str], str], value: str, field_label: str, warnings: list[str]) -> str:
    """Return a value as one of sitegen's readers accepts it, or "" with a warning if it is refused."""
    if not value:
        return ""
    try:
        return read(_single_line(value)) if len(value) <= MAX_FIELD_CHARACTERS else ""
    except ValueError as error:
        warnings.append(f"the {field_label} was dropped: {error}")
        return ""


def derive_title(text: str) -> str:
    """Derive a title from the first words of Markdown, or from its first emoji, or return ""."""
    symbols = ""
    for line in text.split("\n"):
        title = " ".join(unescape(_without_markup(line)).split())
        if any(map(str.isalnum, title)):
            return title if len(title) <= 80 else title[:80].rsplit(" ", 1)[0] + "…"
        if not symbols and any(unicodedata.category(character) == "So" for character in title):
            symbols = title[:80]
    return symbols


def _without_markup(line: str) -> str:
    """Return a line of Markdown without markup, with the labels of its links."""
    label_ends, url_ends, tag_ends = (NextMatch(end, line) for end in (_LABEL_END, _URL_END, _TAG_END))
    parts: list[str] = []
    position = 0
    for mark in _MARKUP.finditer(line):
        if mark.start() < position:
            continue
        label, end = "", mark.end()
        if mark[0].endswith("["):
            closing = label_ends.find(mark.end())
            url_end = url_ends.find(closing.end()) if closing and line.startswith("(", closing.end()) else None
            if closing is None or url_end is None:
                continue
            label, end = line[mark.end() : closing.start()], url_end.end()
        elif mark[0] == "<":
            tag_end = tag_ends.find(mark.end())
            if tag_end is None:
                continue
            end = tag_end.end()
        parts += [line[position : mark.start()], label]
        position = end
    return "".join((*parts, line[position:]))
