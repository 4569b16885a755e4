"""Imports mail: mbox files, Maildir folders, and files with one message each."""

from collections.abc import Iterator
from datetime import UTC
from urllib.parse import quote, urlsplit

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.mail.mbox import is_separator, split_mbox
from sitegen.importers.mail.message import Message, looks_like_message, read_message
from sitegen.importers.mail.recognise import MAILDIR, read_unpacked_head
from sitegen.model import FrozenDict


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each message, in the order of the files and of the messages in each file."""
    for name in archive.names:
        maildir = MAILDIR.search(name)
        try:
            head = read_unpacked_head(archive, name)
            if maildir and maildir[1] == "tmp":
                yield Skipped(Location(name), "its delivery to the Maildir was not finished")
            elif is_separator(head.split(b"\n", 1)[0]):
                yield from _read_mbox(archive, name, options)
            elif looks_like_message(head) or name.lower().endswith(".eml") or maildir:
                yield from _import_message(_read_all(archive, name), Location(name), _flags(name), options)
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
        for part in split_mbox(file, limit):
            where = Location(name, part.line)
            if part.data is None:
                yield Skipped(where, f"the message is larger than {limit // MEBIBYTE or 1} MB")
            else:
                yield from _import_message(part.data, where, "", options)


def _import_message(data: bytes, where: Location, flags: str, options: Options) -> Iterator[Item]:
    if "T" in flags:
        yield Skipped(where, "the message is marked as deleted")
        return
    try:
        message = read_message(data)
    except UnreadableError as error:
        yield Skipped(where, str(error))
        return
    if message.date is None:
        remark = f'"{message.date_written[:60]}" is not a date' if message.date_written else "it has no date"
        yield Note(where, remark)
    yield _post(message, where, "it is marked as a draft" if "D" in flags else "", options)


def _post(message: Message, where: Location, draft: str, options: Options) -> ImportedPost:
    date = message.date
    if (
        date is not None and date.tzinfo is None
    ):  # -0000 means UTC and an unknown zone of the sender (RFC 5322, section 3.3)
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
    """Return the flags after `:2,` in the name of a Maildir message, such as T for trashed."""
    return name.rpartition(":2,")[2] if ":2," in name else ""
