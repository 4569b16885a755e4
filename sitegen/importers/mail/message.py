"""Reads an e-mail message (RFC 5322): its header fields, its text and its images."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.base import Attachment
from sitegen.importers.mail.boundary import share_boundary
from sitegen.importers.mail.header_text import decode_words
from sitegen.importers.mail.parts import MAX_HEADER_BYTES, read_parts
from sitegen.importers.mail.threads import MessageIds, find_ids

_USED_FIELDS = frozenset((
    "archived-at", "content-disposition", "content-id", "content-language", "content-transfer-encoding",
    "content-type", "date", "from", "list-id", "message-id", "mime-version", "subject",
))  # fmt: skip
THREAD_FIELDS = ("in-reply-to", "references")

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_NAME_AND_ADDRESS = re.compile(r"([^<>]*)<[^<>]*>")
_ADDRESS_AND_COMMENT = re.compile(r"[^()]*\(([^()]*)\)")
_OBFUSCATED_ADDRESS = re.compile(r"[\w.+-]{1,64} at [\w-]{1,63}(?:\.[\w-]{1,63})+")
# "Ada via Letters" (Mailman), "'Ada' via Letters" (Google Groups): the list hides the address of the sender.
_VIA_LIST = re.compile(r"(\S[^\n]{0,200}) via [^\n]{1,200}")
_ANGLES = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Message:
    """The content of a message; `html` refers to images by `cid:`, and `dropped` counts dropped parts by category."""

    subject: str
    author: str
    date: datetime | None
    date_written: str
    id: str
    list_name: str
    archived_at: str
    html: str
    attachments: tuple[Attachment, ...]
    dropped: Counter[str]


def looks_like_message(head: bytes) -> bool:
    """Return whether bytes begin like a message: with header fields, some of which only mail has."""
    names = {name for name, _ in _fields(_HEADER_END.split(head.lstrip(b"\r\n"), maxsplit=1)[0])}
    return (
        "from" in names and bool(names & {"date", "subject", "message-id"}) and bool(names - {"from", "date", "title"})
    )


def read_message(data: bytes) -> Message:
    """Return the content of a message; raise UnreadableError if it has no header or is nested too deep."""
    data = data.lstrip(b"\r\n")
    dropped: Counter[str] = Counter()
    end = _HEADER_END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    fields: dict[str, str] = {}
    for name, value in _fields(head):
        if name in _USED_FIELDS and len(value) <= MAX_HEADER_BYTES:
            fields.setdefault(name, value)
        elif name in _USED_FIELDS:
            dropped[f"header {name} of {len(value)} bytes"] += 1
        else:
            dropped[f"header {name[:60]}"] += 1
    if not fields.keys() & {"from", "date", "subject", "message-id", "content-type"}:
        raise UnreadableError("it has no header fields of a message")
    if content_type := fields.get("content-type"):
        fields["content-type"], body = share_boundary(content_type, body)
    mime_fields = (f"{name}: {fields[name]}" for name in fields if name.startswith(("content-", "mime-")))
    html, attachments = read_parts("\n".join(mime_fields).encode("utf-8", "replace") + b"\n\n" + body, dropped)
    written = " ".join(fields.get("date", "").split())
    return Message(
        subject=decode_words(fields.get("subject", "")),
        author=_display_name(fields.get("from", ""), is_list="list-id" in fields),
        date=_parse_date(written),
        date_written=written,
        id=_between_angles(fields.get("message-id", "")),
        list_name=decode_words(fields.get("list-id", "").split("<")[0]).strip('" '),
        archived_at=_between_angles(fields.get("archived-at", "")),
        html=html,
        attachments=attachments,
        dropped=dropped,
    )


def read_ids(data: bytes) -> MessageIds:
    """Return the ids in the header of a message, for threads."""
    fields: dict[str, str] = {}
    for name, value in _fields(_HEADER_END.split(data.lstrip(b"\r\n"), maxsplit=1)[0]):
        if name in ("message-id", *THREAD_FIELDS):
            fields.setdefault(name, value)
    of_message = _between_angles(fields.get("message-id", "")[:MAX_HEADER_BYTES])
    return MessageIds(of_message, *(find_ids(fields.get(name, "")) for name in THREAD_FIELDS))


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    """Yield the unfolded header fields, with names in lower case; skip lines that are not fields."""
    unfolded: list[bytes] = []
    for line in re.split(rb"\r\n|\n|\r", head):
        if line[:1] in (b" ", b"\t") and unfolded:
            unfolded[-1] += b" " + line.strip() if len(unfolded[-1]) <= MAX_HEADER_BYTES else b""
        else:
            unfolded.append(line)
    for line in unfolded:
        if match := _FIELD.match(line):
            yield match[1].decode("ascii").lower(), decode(match[2]).strip()


def _display_name(value: str, *, is_list: bool) -> str:
    """Return the name of the sender, but never the e-mail address, nor the list that sent the message for someone."""
    match = _NAME_AND_ADDRESS.match(value) or _ADDRESS_AND_COMMENT.match(value)
    name = decode_words(match[1].strip().strip("\"'").replace("\\", "")) if match else ""
    if is_list and (sender := _VIA_LIST.fullmatch(name)):
        name = sender[1].strip("' ")
    return "" if "@" in name or _OBFUSCATED_ADDRESS.fullmatch(name) else name


def _parse_date(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _between_angles(value: str) -> str:
    match = _ANGLES.search(value)
    return (match[1] if match else value).strip()
