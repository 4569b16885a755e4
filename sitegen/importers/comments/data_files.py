"""Comments in data files: those of Staticman, and of Hugo's and Jekyll's folders of comments by post or central files.

A file has one comment, a list, comments by an id, or lists by the slug of the post; answers can be within comments.
Shapes from Staticman's code, from the documentation of wp2hugo (`data/comments.yaml`), and from public sites.
"""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.errors import SiteError
from sitegen.formats.toml import read_toml
from sitegen.formats.yaml import read_yaml
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import ImportedComment, Location
from sitegen.importers.comments.deep_json import read_json
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    number_of,
    text_of,
    time_of,
)
from sitegen.system.fingerprints import of_bytes

TEXT_KEYS = ("message", "comment", "body", "text", "content")
AUTHOR_KEYS = ("name", "author", "author_name")
DATE_KEYS = ("date", "published", "createdAt", "created_at", "created")
REPLIES_KEYS = ("replies", "answers", "children")
ENDINGS = (".yml", ".yaml", ".json", ".toml")

STATES = {
    "pending": "pending comment", "hold": "pending comment", "unapproved": "pending comment", "0": "pending comment",
    "spam": "spam comment", "deleted": "deleted comment", "trash": "deleted comment", "hidden": "hidden comment",
}  # fmt: skip
"""The values of `status` of comments that were not published."""

Value = Mapping[str, Any]


def recognise(name: str, head: bytes) -> bool:
    """Return whether a file is in a folder of comments, is named so, or has the keys of a comment of Staticman."""
    folder, _, file = name.lower().rpartition("/")
    stem, ending = posixpath.splitext(file)
    is_named = "comments" in folder.split("/") or stem == "comments"
    return ending in ENDINGS and (is_named or (b"_id" in head and b"message" in head))


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of a file, which names the post itself, or by the name of its folder or its own name.

    Raises UnreadableError if it is neither YAML nor TOML nor JSON.
    """
    value = _parse(data, name)
    folder, file = posixpath.split(name)
    stem = posixpath.splitext(file)[0]
    of_post = posixpath.basename(folder) if isinstance(value, Mapping) and _is_row(value) else stem
    rows = list(_find_rows(value, stem, "" if of_post == "comments" else of_post))
    export = CommentExport("Staticman" if any("_id" in row for row, _, _, _ in rows) else "")
    for row, key, slug, parent in rows:
        if state := _state_of(row):
            export.dropped[state] += 1
        elif not text_of(row, *TEXT_KEYS):
            export.dropped["empty comment"] += 1
        else:
            export.comments.append(FoundComment(_read_row(row, key, parent, name), _reference(row, slug)))
    return export


def _parse(data: bytes, name: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
        if name.lower().endswith(".json"):
            return read_json(text)
        return read_toml(text.encode(), name).values if name.lower().endswith(".toml") else read_yaml(text, name)
    except SiteError as error:
        problem = error.problems[0]
        reason = f"line {problem.line}: {problem.message}; {problem.hint}".removesuffix("; ")
        raise UnreadableError(f"it is neither YAML nor TOML nor JSON: {reason}") from error
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableError(f"it is neither YAML nor TOML nor JSON: {reason}") from error


def _is_row(value: Any) -> bool:
    """Return whether a value is a comment, and not a container of comments."""
    return isinstance(value, Mapping) and (
        any(key in value and not isinstance(value[key], list | dict) for key in TEXT_KEYS) or "_id" in value
    )


def _find_rows(value: Any, key: str, slug: str) -> Iterator[tuple[Value, str, str, str]]:
    """Yield each comment with its id, the slug of its post, and the id of the comment that it answers."""
    waiting: list[tuple[Any, str, str, str]] = [(value, key, slug, "")]
    while waiting:
        one, key, slug, parent = waiting.pop()
        if _is_row(one):
            key = text_of(one, "_id", "id") or key or _fingerprint(one)
            yield one, key, slug, parent
            waiting += [
                (row, "", slug, key) for name in reversed(REPLIES_KEYS) for row in reversed(list_of(one.get(name)))
            ]
        elif isinstance(one, list):
            waiting += [(row, "", slug, parent) for row in reversed(one)]
        elif isinstance(one, Mapping):
            for name, below in reversed(list(one.items())):
                # A comment below a name has it as its id; a list or a table below a name is of the post of that name.
                of_name = slug if _is_row(below) or name == "comments" else str(name)
                waiting.append((below, str(name), of_name, parent))


def _fingerprint(row: Value) -> str:
    """Return an id for a comment that has none: its place in a list can change."""
    author, date = text_of(row, *AUTHOR_KEYS), next(filter(None, map(row.get, DATE_KEYS)), "")
    return of_bytes(f"{author} {date} {text_of(row, *TEXT_KEYS)}".encode("utf-8", "replace"))[:16]


def _state_of(row: Value) -> str:
    """Return the state of a comment that was not published, "" for others."""
    for key in ("spam", "deleted", "hidden"):
        if row.get(key) is True:
            return f"{key} comment"
    if row.get("approved") is False:
        return "pending comment"
    return STATES.get(text_of(row, "status", "state").lower(), "")


def _reference(row: Value, slug: str) -> PostReference:
    page = text_of(row, "url")  # a path is that of the post, a whole URL that of the author
    url = text_of(row, "post_url", "url_of_post", "origin", "path") or (page if page.startswith("/") else "")
    name = text_of(map_of(row.get("options")), "slug") or text_of(row, "slug", "post_slug", "page") or slug
    key = text_of(row, "post_id")
    return PostReference((key,) if key else (), (url,) if url else (), name or key)


def _read_row(row: Value, key: str, parent: str, name: str) -> ImportedComment:
    author = text_of(row, *AUTHOR_KEYS) or text_of(map_of(row.get("author")), "name")
    date = time_of(next(filter(None, map(row.get, DATE_KEYS)), None))
    above = text_of(row, "replying_to_uid", "replying_to", "reply_to", "parent", "parent_id", "_parent") or parent
    reply_to, likes = "" if above == "0" else above, number_of(row.get("likes"))
    text = text_of(row, *TEXT_KEYS)
    return make_comment(Location(name), key, text, author, date, reply_to, is_html=False, likes=likes)
