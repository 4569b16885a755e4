"""Parse and write a comment file: the comments of one post, as a YAML list beside the post.

YAML, because people edit these files: text stays readable and needs no escapes, and a changed comment is a changed
block of lines in Git. Each comment is parsed on its own: as `write_comment` writes it by a regular expression, and by
the YAML parser otherwise, which takes 30 times as long.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct

from sitegen.comments.comment import TYPES, Comment, CommentType, comment_order
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.characters import DISCOURAGED, INVISIBLE, XML_FORBIDDEN
from sitegen.formats.dates import read_date
from sitegen.formats.plain_values import InvalidValueError
from sitegen.formats.urls import is_parseable
from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_writer import write_scalar

KEYS = ("id", "author", "date", "reply_to", "on", "url", "likes", "type", "text")
"""The keys of a comment, in the order in which they are written."""

MAX_COMMENT_CHARACTERS = 200_000
"""The longest text of a comment: platforms allow 65,536 at most."""

MAX_LIKES = 10**9 - 1
"""The largest number of likes that a comment file can have."""

MAX_ID_CHARACTERS = 200

_ID = lazy_regex.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MAX_ID_CHARACTERS - 1}}}")
ADDRESS = re.compile(r"(?<=[^\s@])@[^\s@]+\.[^\s@]+")
"""An email address from its @, which the name of an author must not contain."""

_URL = re.compile(r"https?://[^\s/?#]++\S*+", re.IGNORECASE)
_LIKES = lazy_regex.compile(r"[0-9]{1,9}")
_ITEM = re.compile(r"( *)-(?= |\n|\Z)")
_BEFORE_ITEMS = lazy_regex.compile(r"(?:[ \t]*(?:#[^\n]*)?\n|---[ \t]*\n)*")

# A comment as `write_comment` writes it: its values, or what is left of the file from one on that is not. Those of
# `author` and `on` are read by `_read_scalar`, dates by `datetime.fromisoformat`, and the lengths of ids are checked
# later. An empty alternative takes half the time of an optional group. All characters are printable, so that no class
# has to list what YAML forbids.
_WRITTEN_ID = r"[A-Za-z][A-Za-z0-9]*+-[A-Za-z0-9._-]*+"
_WRITTEN = lazy_regex.compile(
    rf"""-\ id:\ ({_WRITTEN_ID})\n
    (?:\ \ author:\ (.++)\n|)
    (?:\ \ date:\ ([0-9]{{4}}-..-..T..:..:..(?:Z|[+-]..:..))\n|)
    (?:\ \ reply_to:\ ({_WRITTEN_ID})\n|)
    (?:\ \ on:\ (.++)\n|)
    (?:\ \ url:\ (https?://[A-Za-z0-9.-]++(?:[/?\#][^\s]*+|))(?<!:)\n|)
    (?:\ \ likes:\ ([1-9][0-9]{{0,8}})\n|)
    (?:\ \ type:\ (pingback|trackback)\n|)
    \ \ text:\ \|\n
    \ \ \ \ ([^\ \n].*+(?:\n++\ \ \ \ .*+|(?!))*+)\n
    (?=-\ |\Z)
    |([\s\S]++)
    """,
    re.VERBOSE | re.MULTILINE,
)
# A scalar that begins with a letter, and is not a word of YAML's core schema.
_PLAIN = lazy_regex.compile(
    r"""(?!(?i:true|false|null|yes|no|on|off|y|n)\Z)[^\W\d_]
    [^:\#\\]*+(?:(?::(?!\ |\Z)|(?<!\ )\#)[^:\#\\]*+|(?!))*+(?<!\ )
    """,
    re.VERBOSE,
)
_QUOTED = lazy_regex.compile(r'"([^"\\]*)"')
_PRINTABLE = b"\r\n" + bytes(range(32, 127))
# What a literal block cannot hold on one line; YAML 1.1 ends lines at U+0085, U+2028 and U+2029. Other characters that
# `str.isprintable` refuses are part of what people write: no-break spaces, joiners of Persian words and of emoji.
_UNWRITABLE = lazy_regex.compile(f"[{XML_FORBIDDEN}{DISCOURAGED}\t\n\x85\u2028\u2029\ufeff]")
_STRINGS = frozenset(KEYS)
_KEY_NAMES = ", ".join(KEYS)


class CommentFile(Struct, frozen=True):
    """The comments of a file in the order of `comment_order`, and what is probably a mistake in it."""

    comments: tuple[Comment, ...]
    warnings: tuple[Problem, ...] = ()


def parse_comments(data: bytes, path: str, zone: tzinfo = UTC) -> CommentFile:
    """Parse a comment file; dates without a zone are in `zone`. Raises SiteError with all problems of the file."""
    comments: list[Comment] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    starts: dict[str, int] = {}
    content = decode_comments(data, path)

    def line_of(position: int) -> int:
        return content.count("\n", 0, position) + 1

    written = _read_written(content) if _is_printable(data) else None
    if written is not None and _is_faultless(written):
        return CommentFile(tuple(sorted(written, key=comment_order)))
    for start, comment in _read_items(content, path, zone, problems, warnings):
        if comment.id in starts:
            first = line_of(starts[comment.id])
            message = f"two comments have the id `{comment.id}`: this one and the one on line {first}"
            excerpt = _first_line(content[start:])
            problems.append(Problem(path, line_of(start), message, "give one of them another id", excerpt))
        starts[comment.id] = start
        comments.append(comment)
        if "@" in comment.author and ADDRESS.search(comment.author):
            message = f"the author of the comment `{comment.id}` looks like an email address, and is published"
            warnings.append(Problem(path, line_of(start), message, "write a name instead", comment.author))
    if problems:
        raise SiteError(problems)
    return CommentFile(tuple(sorted(comments, key=comment_order)), tuple(warnings))


def _read_items(
    content: str, path: str, zone: tzinfo, problems: list[Problem], warnings: list[Problem]
) -> Iterator[tuple[int, Comment]]:
    """Yield the position and the value of each comment, in any form, and collect what is wrong with the others."""
    items = list(split_items(content, path))
    position = len(content) - sum(len(text) for _, text in items)
    for line, text in items:
        written = _read_written(text) if _is_printable(text.encode()) else None
        comment = written[0] if written else _read_any(text, path, line, zone, problems, warnings)
        if comment is not None:
            yield position, comment
        position += len(text)


def split_items(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield the first line, counted from 1, and the text of each item of a YAML list, with the lines below it.

    Raises SiteError if the text is not a list.
    """
    start = cast("re.Match[str]", _BEFORE_ITEMS.match(text)).end()
    first = _ITEM.match(text, start)
    if first is None:
        if not text[start:].strip():
            return
        line = text.count("\n", 0, start) + 1
        hint = "begin each comment with `- id: …`, and indent the other keys below `id`"
        raise SiteError([Problem(path, line, "the file is not a list of comments", hint, _first_line(text[start:]))])
    indent = first[1]
    # A pattern that begins with plain characters is searched for five times as fast as one with MULTILINE.
    following = re.compile(rf"\n{indent}-(?=[ \n]|\Z)").finditer(text, start)
    starts = [first.start(), *[match.start() + 1 for match in following]]
    line = text.count("\n", 0, start) + 1
    for position, end in zip(starts, [*starts[1:], len(text)], strict=True):
        item = text[position:end]
        yield line, item
        line += item.count("\n")


def write_comments(comments: Iterable[Comment]) -> str:
    """Return the content of a comment file, ordered by date and id."""
    return "".join(map(write_comment, sorted(comments, key=comment_order)))


def write_comment(comment: Comment) -> str:
    """Return a comment as an item of a comment file."""
    values = (comment.id, comment.author, comment.date and _write_date(comment.date), comment.reply_to)
    more = (comment.platform, comment.url, comment.likes, comment.type if comment.type != "comment" else "")
    rows = [f"{key}: {write_scalar(value)}" for key, value in zip(KEYS, (*values, *more), strict=False) if value]
    return "- " + "\n  ".join([*rows, f"text: {_write_text(comment.text)}"]) + "\n"


def _write_date(date: datetime) -> str:
    """Return a date in whole seconds, and in UTC if its offset has seconds, which no notation has."""
    offset = date.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        date = date.astimezone(UTC)
    return date.isoformat(timespec="seconds").replace("+00:00", "Z")


def _write_text(text: str) -> str:
    """Return text as a literal block, or quoted if a block cannot hold it (YAML 1.2.2, section 8.1.2)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    lines = [line.rstrip(" ") if not line.strip(" ") else line for line in text.split("\n")]
    if text[:1] in ("", " ", "\t") or any(_UNWRITABLE.search(line.replace("\t", "")) for line in lines):
        return write_scalar(INVISIBLE.sub("", text).replace("\t", "    ") or " ")
    return "|\n" + "\n".join(f"    {line}" if line else "" for line in lines)


def decode_comments(data: bytes, path: str) -> str:
    """Return the content of a comment file with LF line ends, and without a byte order mark.

    Raises SiteError if it is not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError([Problem(path, line, "the file is not UTF-8", "save it in UTF-8")]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return text if text.endswith("\n") or not text else f"{text}\n"


def _read_written(content: str) -> list[Comment] | None:
    """Return the comments of a file; None if one is not in the form that `write_comment` writes.

    All characters of the content are line feeds or printable.
    """
    found = []
    for key, author, date, reply_to, platform, url, likes, comment_type, text, rest in _WRITTEN.findall(content):
        name, host = author and _read_scalar(author), platform and _read_scalar(platform)
        if rest or name is None or host is None or len(text) > MAX_COMMENT_CHARACTERS:
            return None
        if len(key) > MAX_ID_CHARACTERS or len(reply_to) > MAX_ID_CHARACTERS:
            return None
        try:
            moment = datetime.fromisoformat(date) if date else None
        except ValueError:
            return None
        body = text.replace("\n    ", "\n").rstrip("\n") if "\n" in text else text
        number = int(likes) if likes else 0
        found.append(Comment(key, body, name, moment, reply_to, host, url, comment_type or "comment", number))
    return found


def _is_faultless(comments: Sequence[Comment]) -> bool:
    """Return whether no two comments have the same id, and no author looks like an email address."""
    if len({comment.id for comment in comments}) < len(comments):
        return False
    names = "\n".join([comment.author for comment in comments])
    return "@" not in names or not ADDRESS.search(names)


@lru_cache(4096)
def _read_scalar(text: str) -> str | None:
    """Return a name that is a plain or quoted scalar on one line; None if it needs the YAML parser."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None and not _PLAIN.fullmatch(text):
        return None
    return " ".join((quoted[1] if quoted is not None else text).split())


def _is_printable(data: bytes) -> bool:
    """Return whether a literal block can hold all characters of UTF-8, except for line ends and without tabs."""
    rest = data.translate(None, _PRINTABLE)
    if not rest:
        return True
    text = rest.decode()
    return text.isprintable() or _UNWRITABLE.search(text) is None


def _read_any(
    text: str, path: str, line: int, zone: tzinfo, problems: list[Problem], warnings: list[Problem]
) -> Comment | None:
    """Return a comment in any form of YAML; None, with its problems, if it is not valid.

    One without text is None with a warning: imports skip such comments too.
    """
    rows = text.split("\n")
    try:
        # The item as a mapping: its values then stay strings as they were written, such as the id 007.
        values = load_yaml(INVISIBLE.sub("", text.replace("-", " ", 1)), _STRINGS)
    except InvalidValueError as error:
        excerpt = rows[error.line].strip()[:200] if error.line < len(rows) else ""
        problems.append(Problem(path, line + error.line, error.message, error.hint, excerpt))
        return None
    if not isinstance(values, dict):
        message = "the comment is not a list of keys and values"
        problems.append(Problem(path, line, message, "write each key as `key: value`", rows[0].strip()[:200]))
        return None
    date, wrong = _read_item_date(values, zone)
    wrong = {**_find_wrong_values(values), **wrong}

    def describe(key: str, message: str, hint: str) -> Problem:
        at = next((n for n, row in enumerate(rows) if re.match(rf"(?: *- +| +)[\"']?{re.escape(key)}\b", row)), 0)
        return Problem(path, line + at, message, hint, rows[at].strip()[:200])

    problems += [describe(key, message, hint) for key, (message, hint) in wrong.items()]
    if wrong:
        return None
    if not (values.get("text") or "").strip():
        warnings.append(describe("text", "the comment has no text, and is not shown", "add `text: …`, or remove it"))
        return None

    def given(key: str) -> str:
        return (values.get(key) or "").strip()

    return Comment(
        given("id"),
        values["text"].strip("\n"),
        " ".join(given("author").split()),
        date,
        given("reply_to"),
        " ".join(given("on").split()),
        given("url"),
        cast(CommentType, given("type") or "comment"),
        int(given("likes") or 0),
    )


def _read_item_date(values: Mapping[str, Any], zone: tzinfo) -> tuple[datetime | None, dict[str, tuple[str, str]]]:
    """Return the date of a comment, and what is wrong with it as `_find_wrong_values` does."""
    text = values.get("date")
    if not isinstance(text, str) or not text.strip():
        return None, {}
    try:
        return read_date(text.strip(), zone), {}
    except ValueError as error:
        return None, {"date": (str(error), "write it as 2024-05-01T18:30:00Z")}


def _find_wrong_values(values: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return a message and a hint for each key of a comment that is not known or has a wrong value."""
    wrong = {}
    for key, value in values.items():
        if key not in KEYS:
            wrong[key] = f"`{key}` is not a key of a comment", did_you_mean(key, KEYS) or f"the keys are {_KEY_NAMES}"
        elif isinstance(value, dict | list):
            wrong[key] = f"`{key}` is not text", f"write it as text, for example `{key}: …`"
    strings = {key: value.strip() for key, value in values.items() if isinstance(value, str)}
    if "id" not in wrong and not strings.get("id"):
        wrong["id"] = "the comment has no `id`", "add `id: …`"
    for key, (is_valid, message, hint) in _RULES.items():
        if key not in wrong and strings.get(key) and not is_valid(strings[key]):
            wrong[key] = message.format(key=key, value=strings[key][:100]), hint
    return wrong


def _is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None and is_parseable(text)


_ID_RULE = (
    lambda text: _ID.fullmatch(text) is not None,
    "`{key}: {value}` is not an id",
    "use letters, digits, dots, hyphens and underscores, and begin with a letter or digit",
)
_RULES: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "id": _ID_RULE,
    "reply_to": _ID_RULE,
    "url": (_is_url, '"{value}" is not an http or https URL', "write the full URL, beginning with https://"),
    "likes": (
        lambda text: _LIKES.fullmatch(text) is not None,
        "`likes: {value}` is not a number of likes",
        f"write a whole number of at most {MAX_LIKES}, such as `likes: 3`",
    ),
    "type": (TYPES.__contains__, "`type: {value}` is not a type of comment", f"the types are {', '.join(TYPES)}"),
    "text": (
        lambda text: len(text) <= MAX_COMMENT_CHARACTERS,
        f"the text is longer than {MAX_COMMENT_CHARACTERS:,} characters",
        "shorten it",
    ),
}
"""For each key: whether a value is valid, and the message and the hint if it is not."""


def _first_line(text: str) -> str:
    return text.lstrip("\n").split("\n", 1)[0].strip()[:200]
