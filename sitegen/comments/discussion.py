"""The discussions of a site, and their rows in the build cache."""

import datetime
from collections.abc import Mapping

from msgspec import Struct
from msgspec.msgpack import Decoder

from sitegen.comments.comment import CommentType
from sitegen.errors import Problem
from sitegen.system import fingerprints

TERMS_TABLE = "comment_terms"
"""The table of the build cache with the search terms of each comment file."""

PAGE_COMMENTS = 500
"""The number of comments on a page, and of links from other sites. Pages are filled from the oldest on, so a new
comment changes only the last page with comments."""


class ThreadComment(Struct, frozen=True, array_like=True):
    """A comment where it is shown: the comments of a page follow each other as its threads show them.

    `date` is in the form of ISO 8601, or "". `html` is safe. `level` counts from 0, and is at most MAX_LEVELS - 1. A
    comment with `has_replies` is followed by one of the next level; `ends` counts the levels that end after it.
    Of a reply whose indent does not show what it answers, `is_reply` is true, `answers` the author of that comment,
    `answers_id` its id, "" if it is missing, and `answers_page` the number of its page, 0 for this one. `likes` counts
    the readers who liked it.
    """

    id: str
    author: str
    date: str
    html: str
    platform: str = ""
    url: str = ""
    type: CommentType = "comment"
    level: int = 0
    has_replies: bool = False
    ends: int = 0
    is_reply: bool = False
    answers: str = ""
    answers_id: str = ""
    answers_page: int = 0
    likes: int = 0

    @property
    def anchor(self) -> str:
        """The id of the comment's element, with the prefix that separates the theme's ids from those of headings."""
        return f"theme:comment-{self.id}"

    @property
    def day(self) -> "datetime.date | None":
        """The day on which the comment was written."""
        return datetime.date.fromisoformat(self.date[:10]) if self.date else None


class Discussion(Struct, frozen=True, array_like=True):
    """What pages are planned from: the comments of one post, without the comments themselves.

    `file` is the comment file, `count` the number of comments, without links from other sites. `pages` are the
    fingerprints of the pages. `newest` is the date of the newest comment in seconds since 1970, None if none has a
    date.
    """

    file: str
    count: int
    pages: tuple[str, ...]
    newest: int | None = None

    @property
    def newest_pages(self) -> tuple[int, ...]:
        """The numbers of the last two pages that have comments, which contain at least the newest PAGE_COMMENTS."""
        last = -(-self.count // PAGE_COMMENTS)
        return tuple(range(max(1, last - 1), last + 1))


class Discussions(Struct, frozen=True):
    """The discussions of a site by the path of the post, and the warnings of their files."""

    by_post: Mapping[str, Discussion]
    warnings: tuple[Problem, ...] = ()


class CommentSettings(Struct, frozen=True):
    """How comment files are parsed.

    `code` is the fingerprint of sitegen's code. Dates without a zone are in the zone named `timezone`. With `search`,
    the terms of the comments are stored for the search index.
    """

    code: str
    timezone: str
    search: bool = False

    @property
    def key(self) -> str:
        """The fingerprint of everything that parsing a file depends on."""
        return fingerprints.of_value((self.code, self.timezone, self.search))


WarningRow = tuple[str, int, str, str, str]
"""A warning as a row: path, line, message, hint and excerpt."""

DiscussionRow = tuple[str, str, Discussion, tuple[WarningRow, ...]]
"""A row of the build cache: the fingerprint of the file, the key of the parser, the discussion and the warnings."""

ThreadPage = tuple[ThreadComment, ...]
"""A row of the build cache: the comments of one page."""

read_discussion = Decoder(DiscussionRow).decode
read_page = Decoder(ThreadPage).decode
read_comment_terms = Decoder(str).decode


def page_name(file: str, number: int) -> str:
    """Return the name of the row of a page of a comment file; pages are counted from 1."""
    return f"{number}:{file}"
