"""Isso: its SQLite database, with the tables `threads` and `comments`."""

import sqlite3
from contextlib import closing

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Location
from sitegen.importers.comments.found import CommentExport, FoundComment, PostReference, make_comment, time_of

ACCEPTED, PENDING, DELETED = 1, 2, 4
"""The values of the column `mode`."""

# Other columns have email and IP addresses of readers, and their hashes: they are not read.
_QUERY = (
    "SELECT comments.id, comments.parent, comments.created, comments.mode, comments.text, comments.author,"
    " threads.uri, threads.title FROM comments JOIN threads ON comments.tid = threads.id ORDER BY comments.id"
)


def recognise(head: bytes) -> bool:
    """Return whether a file is an SQLite database."""
    return head.startswith(b"SQLite format 3\0")


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of a database. Raises UnreadableError if it is not one of Isso."""
    export = CommentExport("Isso")
    states = {PENDING: "pending comment", DELETED: "deleted comment"}
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(data)
            for key, parent, created, mode, text, author, uri, title in connection.execute(_QUERY):
                if mode in states:
                    export.dropped[states[mode]] += 1
                    continue
                reply_to = str(parent) if parent else ""
                body, person = str(text or ""), str(author or "")
                comment = make_comment(
                    Location(name), str(key), body, person, time_of(created), reply_to, is_html=False
                )
                post = PostReference((), (str(uri or ""),), str(title or ""))
                export.comments.append(FoundComment(comment, post))
    except sqlite3.Error as error:
        raise UnreadableError(f"it is not a database of Isso: {error}") from error
    return export
