"""The type of a comment, and the order of the comments in a file."""

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

CommentType = Literal["comment", "pingback", "trackback"]

TYPES: tuple[CommentType, ...] = ("comment", "pingback", "trackback")
"""What readers wrote, and the two types of links from other sites (the WordPress exports contain both)."""

_NO_DATE = datetime(1, 1, 1, tzinfo=UTC)


class Comment(Struct, frozen=True):
    """A comment of a reader.

    `id` is unique within the post, and consists of letters, digits, dots, hyphens and underscores: comments that were
    imported have the name of the platform and the platform's own id. `date` is aware, None if it is not known. `text`
    is untrusted Markdown. `reply_to` is the id of the comment that this one answers, or "". `platform` is where the
    comment was written, `url` its URL there, and `likes` counts the readers who liked it there.
    """

    id: str
    text: str
    author: str = ""
    date: datetime | None = None
    reply_to: str = ""
    platform: str = ""
    url: str = ""
    type: CommentType = "comment"
    likes: int = 0


def comment_order(comment: Comment) -> tuple[datetime, str]:
    """Return the sort key of a comment: its date, then its id; comments without a date come first."""
    return comment.date or _NO_DATE, comment.id
