"""Comments in data files: those of Staticman, and of Hugo's and Jekyll's folders of comments by post."""

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from sitegen.errors import SiteError
from sitegen.formats.yaml import read_yaml
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Location
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    text_of,
    time_of,
)

TEXT_KEYS = ("message", "comment", "body", "text", "content")


def recognise(name: str, head: bytes) -> bool:
    """Return whether a file is in a folder of comments, or has the keys of a comment of Staticman."""
    is_data = name.lower().endswith((".yml", ".yaml", ".json"))
    return is_data and ("comments" in posixpath.dirname(name).split("/") or (b"_id" in head and b"message" in head))


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of a file, which is one comment or a list; the name of its folder or the file is the post's.

    Raises UnreadableError if it is neither YAML nor JSON.
    """
    export = CommentExport("Staticman")
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text) if name.lower().endswith(".json") else read_yaml(text, name)
    except (SiteError, ValueError, RecursionError) as error:
        raise UnreadableError(f"it is neither YAML nor JSON: {str(error)[:200]}") from error
    folder, file = posixpath.split(name)
    of_post = posixpath.basename(folder) if isinstance(value, Mapping) else posixpath.splitext(file)[0]
    rows = [value] if isinstance(value, Mapping) and "comments" not in value else list_of(value)
    rows = rows or list_of(map_of(value).get("comments"))
    for row in rows:
        comment = _read_row(row, name)
        if comment is None:
            export.dropped["empty comment"] += 1
            continue
        slug = text_of(map_of(row.get("options")), "slug") or text_of(row, "slug", "post_id", "page") or of_post
        url = text_of(row, "url_of_post", "origin", "path")
        export.comments.append(FoundComment(comment, PostReference((), (url,) if url else (), slug)))
    return export


def _read_row(row: Mapping[str, Any], name: str) -> Any:
    text = text_of(row, *TEXT_KEYS)
    if not text:
        return None
    author = text_of(row, "name", "author") or text_of(map_of(row.get("author")), "name")
    key = text_of(row, "_id", "id") or posixpath.splitext(posixpath.basename(name))[0]
    parent = text_of(row, "replying_to_uid", "replying_to", "reply_to", "parent", "parent_id", "_parent")
    return make_comment(Location(name), key, text, author, time_of(row.get("date")), parent, is_html=False)
