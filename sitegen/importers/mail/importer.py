"""Imports mail: mbox files, Maildir folders, and messages saved one a file."""

from collections.abc import Iterator
from datetime import UTC
from urllib.parse import quote, urlsplit

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.mail.mbox import cut_mbox, is_separator
from sitegen.importers.mail.message import Message, looks_like_message, read_message
from sitegen.importers.mail.recognise import MAILDIR, read_beginning
from sitegen.model import FrozenDict


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each message, in the order of files and of messages in a file."""
    for name in archive.names:
        maildir = MAILDIR.search(name)
        try:
            head = read_beginning(archive, name)
            if maildir and maildir[1] == "tmp":
                yield Skipped(Location(name), "its delivery to the Maildir was never finished")
            elif is_separator(head.split(b"\n", 1)[0]):
                yield from _read_mbox(archive, name, options)
            elif looks_like_message(head) or name.lower().endswith(".eml") or maildir:
                yield from _read_one(_read_all(archive, name), Location(name), _flags(name), options)
            else:
                yield Skipped(Location(name), "not a message")
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))


def _read_all(archive: Archive, name: str) -> bytes:
    limit = archive.limits.max_item_bytes
    with archive.open_unpacked(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(f"it is larger than {limit // MEBIBYTE or 1} MB")
    return data


def _read_mbox(archive: Archive, name: str, options: Options) -> Iterator[Item]:
    limit = archive.limits.max_item_bytes
    with archive.open_unpacked(name) as file:
        for cut in cut_mbox(file, limit):
            where = Location(name, cut.line)
            if cut.data is None:
                yield Skipped(where, f"the message is larger than {limit // MEBIBYTE or 1} MB")
            else:
                yield from _read_one(cut.data, where, "", options)


def _read_one(data: bytes, where: Location, flags: str, options: Options) -> Iterator[Item]:
    if "T" in flags:
        yield Skipped(where, "the message is marked as deleted")
        return
    try:
        message = read_message(data)
    except UnreadableError as error:
        yield Skipped(where, str(error))
        return
    if message.date is None:
        shown = f'the date "{message.date_written[:60]}" is not a date' if message.date_written else "it has no date"
        yield Note(where, shown)
    yield _post(message, where, "it is marked as a draft" if "D" in flags else "", options)


def _post(message: Message, where: Location, draft: str, options: Options) -> ImportedPost:
    date = message.date
    if date is not None and date.tzinfo is None:  # the zone -0000 says: this is UTC, and the sender's zone is not told
        date = date.replace(tzinfo=UTC)
    archived = message.archived_at if message.archived_at.startswith(("https://", "http://")) else ""
    return ImportedPost(
        where=where,
        title=message.subject,
        body=HtmlBody(message.html, archived),
        date=date or options.date,
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
    """Return the flags that a Maildir puts after `:2,` in a message's name, as T for trashed."""
    return name.rpartition(":2,")[2] if ":2," in name else ""
