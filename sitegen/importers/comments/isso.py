"""Isso: its SQLite database, answers of its API, and the JSON that it imports (`isso import -t generic`)."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Location
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    number_of,
    stem_of,
    text_of,
    time_of,
    walk_replies,
)

ACCEPTED, PENDING, DELETED = 1, 2, 4
"""The values of the column `mode`."""

_STATES = {PENDING: "pending comment", DELETED: "deleted comment"}

# Other columns have email and IP addresses of readers, and their hashes: they are not read.
_QUERY = (
    "SELECT comments.id, comments.parent, comments.created, comments.mode, comments.text, comments.author,"
    " comments.likes, threads.uri, threads.title FROM comments JOIN threads ON comments.tid = threads.id"
    " ORDER BY comments.id"
)


def recognise(head: bytes) -> bool:
    """Return whether a file is an SQLite database."""
    return head.startswith(b"SQLite format 3\0")


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of a database. Raises UnreadableError if it is not one of Isso."""
    export = CommentExport("Isso")
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(data)
            for key, parent, created, mode, text, author, likes, uri, title in connection.execute(_QUERY):
                if mode in _STATES:
                    export.dropped[_STATES[mode]] += 1
                    continue
                comment = make_comment(
                    Location(name),
                    _decode(key),
                    _decode(text),
                    _decode(author),
                    time_of(created),
                    _decode(parent),
                    is_html=False,
                    likes=number_of(likes),
                )
                post = PostReference((), (_decode(uri),), _decode(title))
                export.comments.append(FoundComment(comment, post))
    except sqlite3.Error as error:
        raise UnreadableError(f"it is not a database of Isso: {error}") from error
    return export


def _decode(value: object) -> str:
    """Return a value of a column, which can have any type, as a string; "" if it is NULL or 0."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def is_answer(value: Mapping[str, Any]) -> bool:
    """Return whether a JSON value is an answer of the API with the comments of a page."""
    return isinstance(value.get("replies"), list) and {"total_replies", "hidden_replies"} <= value.keys()


def read_answer(value: Mapping[str, Any], name: str) -> CommentExport:
    """Return the comments of an answer of the API; its file is named after the post."""
    export = CommentExport("Isso")
    post = PostReference((), (), stem_of(name))
    export.totals[post.shown, ""] = len(list_of(value.get("replies"))) + number_of(value.get("hidden_replies"))
    for row, key, _ in walk_replies(list_of(value.get("replies")), lambda row: list_of(row.get("replies")), "id"):
        _add(export, row, post, name)
        export.totals[post.shown, key] = len(list_of(row.get("replies"))) + number_of(row.get("hidden_replies"))
    return export


def is_generic(value: Mapping[str, Any]) -> bool:
    """Return whether a JSON value is a list of threads that Isso imports."""
    return any({"id", "title", "comments"} <= row.keys() for row in list_of(value.get("items"))[:20])


def read_generic(value: Mapping[str, Any], name: str) -> CommentExport:
    """Return the comments of a list of threads."""
    export = CommentExport("Isso")
    for thread in list_of(value.get("items")):
        post = PostReference((), (text_of(thread, "id"),), text_of(thread, "title"))
        for row in list_of(thread.get("comments")):
            _add(export, row, post, name)
    return export


def _add(export: CommentExport, row: Mapping[str, Any], post: PostReference, name: str) -> None:
    mode = row.get("mode", ACCEPTED)
    if mode in (PENDING, DELETED):
        export.dropped[_STATES[mode]] += 1
        return
    created, text = time_of(row.get("created")), text_of(row, "text")
    person = text_of(row, "author") or text_of(map_of(row.get("author")), "name")
    key, parent, likes = text_of(row, "id"), text_of(row, "parent"), number_of(row.get("likes"))
    comment = make_comment(Location(name), key, text, person, created, parent, likes=likes)
    export.comments.append(FoundComment(comment, post))
