"""What readers of comment exports return, and the values that most exports have in common."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct, field

from sitegen.comments.comment import CommentType
from sitegen.formats.dates import read_date
from sitegen.importers.base import HtmlBody, ImportedComment, Location, MarkdownBody


class PostReference(Struct, frozen=True):
    """How an export names the post of a comment: by the platform's ids, by URLs, and by a name for the report."""

    ids: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    name: str = ""

    @property
    def shown(self) -> str:
        """The reference in a report."""
        return next(filter(None, (*self.urls, self.name, *self.ids)), "a post without a URL")


class FoundComment(Struct, frozen=True):
    """A published comment, and its post."""

    comment: ImportedComment
    post: PostReference


class CommentExport(Struct, frozen=True):
    """The comments of one file.

    `platform` is "" if the file does not say where they were written. `dropped` counts those that were not published,
    by their state. `announced` has the posts that messages on a social network link to, by the id of the message:
    replies to it are comments on the post, and can be in another file. `damage` is what is wrong with the file, or "".
    `totals` are the numbers of comments on a post that the platform states, by the post as a report shows it and the
    id of the comment that they answer, "" for those that answer none. A post "" stands for all posts of the platform.
    """

    platform: str
    comments: list[FoundComment] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    announced: dict[str, PostReference] = field(default_factory=dict)
    damage: str = ""
    totals: dict[tuple[str, str], int] = field(default_factory=dict)


def text_of(values: Mapping[str, Any], *names: str) -> str:
    """Return the first value that is a string or a number, as a string, or ""."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def list_of(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a JSON array; none if it is not an array."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def number_of(value: Any) -> int:
    """Return a count, a whole number or a string of digits; 0 for any other value and for numbers below 0."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return max(value, 0) if isinstance(value, int) and not isinstance(value, bool) else 0


def map_of(value: Any) -> Mapping[str, Any]:
    """Return a JSON object; an empty one if it is not an object."""
    return value if isinstance(value, Mapping) else {}


def walk_replies(
    rows: Sequence[Mapping[str, Any]],
    replies_of: Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]],
    *keys: str,
) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """Yield each comment with its id, by the first of `keys` that it has, and the id of the comment that contains it.

    Replies follow what they answer. There is no recursion: threads can be deep.
    """
    waiting = [(row, "") for row in reversed(rows)]
    while waiting:
        row, parent = waiting.pop()
        key = text_of(row, *keys)
        yield row, key, parent
        waiting += [(reply, key) for reply in reversed(replies_of(row))]


def time_of(value: Any) -> datetime | None:
    """Return a time: a date, a string with one, or seconds or milliseconds since 1970; None if it is none of these."""
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) >= 9:
            return time_of(int(value))
        return read_date(value, UTC) if isinstance(value, str) and value.strip() else None
    except (ValueError, OverflowError, OSError):
        return None


def stem_of(name: str) -> str:
    """Return the name of a file without folders and extensions: the slug of a post, where a file is named after it."""
    return name.rpartition("/")[2].partition(".")[0]


def make_comment(
    where: Location,
    key: str,
    text: str,
    author: str = "",
    moment: datetime | None = None,
    reply_to: str = "",
    url: str = "",
    comment_type: CommentType = "comment",
    *,
    is_html: bool = True,
    likes: int = 0,
) -> ImportedComment:
    """Return a comment with its text in HTML or Markdown."""
    body = HtmlBody(text) if is_html else MarkdownBody(text)
    return ImportedComment(where, key, body, author, moment, reply_to, url, comment_type, likes)
