"""Imports mail: mbox files, Maildir folders, and files with one message each."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.base import (
    HtmlBody,
    ImportedComment,
    ImportedPost,
    Item,
    Location,
    MarkdownBody,
    Note,
    Options,
    Skipped,
)
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.mail.addresses import clean_answer
from sitegen.importers.mail.mbox import is_separator, split_mbox
from sitegen.importers.mail.message import THREAD_FIELDS, Message, looks_like_message, read_ids, read_message
from sitegen.importers.mail.own_text import find_own_text
from sitegen.importers.mail.recognise import MAILDIR, read_unpacked_head
from sitegen.importers.mail.threads import arrange_threads

NOTHING: Mapping[str, int] = MappingProxyType({})


PLATFORM = "Mailing list"
"""Where answers were written, in comment files."""


class _Found(Struct, frozen=True):
    """A message of an archive: where it is, its bytes, and the flags of its file in a Maildir."""

    where: Location
    data: bytes
    flags: str = ""


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each message, in the order of the files and of the messages in each file.

    With `options.replies_as_comments`, only the first message of each thread becomes a post, and answers its comments.
    """
    if options.replies_as_comments:
        yield from _read_threads(archive, options)
        return
    for found in _find_messages(archive):
        if isinstance(found, Skipped):
            yield found
        else:
            yield from _import_message(found, options)


def _find_messages(archive: Archive) -> Iterator[_Found | Skipped]:
    """Yield each message that is not deleted, and the reason for each that is skipped."""
    for name in archive.names:
        maildir = MAILDIR.search(name)
        try:
            head = read_unpacked_head(archive, name)
            if maildir and maildir[1] == "tmp":
                yield Skipped(Location(name), "its delivery to the Maildir was not finished")
            elif is_separator(head.split(b"\n", 1)[0]):
                yield from _split_mbox(archive, name)
            elif not (looks_like_message(head) or name.lower().endswith(".eml") or maildir):
                yield Skipped(Location(name), "not a message")
            elif "T" in (flags := _flags(name)):
                yield Skipped(Location(name), "the message is marked as deleted")
            else:
                yield _Found(Location(name), _read_all(archive, name), flags)
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))


def _read_all(archive: Archive, name: str) -> bytes:
    limit = archive.limits.max_item_bytes
    with archive.open_unpacked(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(f"it is larger than {limit // MEBIBYTE or 1} MB")
    return data


def _split_mbox(archive: Archive, name: str) -> Iterator[_Found | Skipped]:
    limit = archive.limits.max_item_bytes
    with archive.open_unpacked(name) as file:
        for part in split_mbox(file, limit):
            where = Location(name, part.line)
            if part.data is None:
                yield Skipped(where, f"the message is larger than {limit // MEBIBYTE or 1} MB")
            else:
                yield _Found(where, part.data)


def _import_message(
    found: _Found, options: Options, discussion: Sequence[ImportedComment] = (), dropped: Mapping[str, int] = NOTHING
) -> Iterator[Item]:
    try:
        message = read_message(found.data)
    except UnreadableError as error:
        yield Skipped(found.where, str(error))
        reason = "the first message of its thread cannot be read"
        yield from (Skipped(comment.where, reason) for comment in discussion)
        return
    yield from _note_date(message, found.where)
    post = _post(message, found.where, "it is marked as a draft" if "D" in found.flags else "", options)
    if options.replies_as_comments:
        counts = Counter(post.dropped) + Counter(dropped)
        _forget_thread_fields(counts)
        post = replace(post, discussion=tuple(discussion), platform=PLATFORM, dropped=FrozenDict(counts))
    yield post


def _note_date(message: Message, where: Location) -> Iterator[Note]:
    if message.date is None:
        remark = f'"{message.date_written[:60]}" is not a date' if message.date_written else "it has no date"
        yield Note(where, remark)


def _read_threads(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each thread. The archive is read three times, so that no more than the answers are in memory."""
    ids = [read_ids(found.data) for found in _find_messages(archive) if not isinstance(found, Skipped)]
    positions = arrange_threads(ids)
    discussions: defaultdict[int, list[ImportedComment]] = defaultdict(list)
    dropped: defaultdict[int, Counter[str]] = defaultdict(Counter)
    messages = (found for found in _find_messages(archive) if not isinstance(found, Skipped))
    for number, (found, position) in enumerate(zip(messages, positions, strict=True)):
        if position.first == number:
            continue
        if "D" in found.flags:
            yield Skipped(found.where, "it is marked as a draft")
            continue
        try:
            message = read_message(found.data)
        except UnreadableError as error:
            yield Skipped(found.where, str(error))
            continue
        yield from _note_date(message, found.where)
        above = ids[position.parent].id if position.parent not in (-1, position.first) else ""
        dropped[position.first] += message.dropped
        discussions[position.first].append(_comment(message, found.where, above, dropped[position.first]))
    number = -1
    for found_again in _find_messages(archive):
        if isinstance(found_again, Skipped):
            yield found_again
            continue
        number += 1
        if positions[number].first == number:
            yield from _import_message(found_again, options, discussions.pop(number, ()), dropped.pop(number, NOTHING))


def _forget_thread_fields(dropped: Counter[str]) -> None:
    """Remove the fields from the counts of what was dropped that threads were read from."""
    for name in THREAD_FIELDS:
        dropped.pop(f"header {name}", None)


def _comment(message: Message, where: Location, reply_to: str, dropped: Counter[str]) -> ImportedComment:
    """Return an answer as a comment, without the quoted message and the signature at its end."""
    archived = message.archived_at if message.archived_at.startswith(("https://", "http://")) else ""
    written = HtmlBody(message.html, archived, clean_answer)
    body: HtmlBody | MarkdownBody = written
    with suppress(UnreadableError, RecursionError):  # the import reports it with the comment
        own = find_own_text(convert_html(written).text)
        dropped.update(own.removed)
        body = MarkdownBody(own.text)
    return ImportedComment(where, message.id, body, message.author, _aware(message.date), reply_to, archived)


def _aware(date: datetime | None) -> datetime | None:
    """Return a date with a zone: -0000 means UTC and an unknown zone of the sender (RFC 5322, section 3.3)."""
    return date if date is None or date.tzinfo is not None else date.replace(tzinfo=UTC)


def _post(message: Message, where: Location, draft: str, options: Options) -> ImportedPost:
    archived = message.archived_at if message.archived_at.startswith(("https://", "http://")) else ""
    return ImportedPost(
        where=where,
        title=message.subject,
        body=HtmlBody(message.html, archived),
        date=_aware(message.date) or options.date,
        id="mid:" + quote(message.id, safe="@!$&'*+,;=:.~-_") if message.id else "",
        authors=(message.author,) if message.author else (),
        source=message.list_name,
        source_url=archived,
        draft=draft,
        aliases=(urlsplit(archived).path,) if archived and not urlsplit(archived).query else (),
        attachments=message.attachments,
        dropped=FrozenDict(message.dropped),
    )


def _flags(name: str) -> str:
    """Return the flags after `:2,` in the name of a Maildir message, such as T for trashed."""
    return name.rpartition(":2,")[2] if ":2," in name else ""
