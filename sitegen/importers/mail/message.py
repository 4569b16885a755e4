"""Reads one e-mail message (RFC 5322): who, when, what, its text, and the images inside it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.base import Attachment
from sitegen.importers.mail.header_text import decode_words
from sitegen.importers.mail.parts import LONGEST_HEADER, read_parts

_KEPT = frozenset((
    "archived-at", "content-disposition", "content-id", "content-language", "content-transfer-encoding",
    "content-type", "date", "from", "list-id", "message-id", "mime-version", "subject",
))  # fmt: skip
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_END = re.compile(rb"\r?\n\r?\n|\r\r")
_NAMED = re.compile(r"([^<>]*)<[^<>]*>")
_COMMENTED = re.compile(r"[^()]*\(([^()]*)\)")
_HIDDEN_ADDRESS = re.compile(r"[\w.+-]{1,64} at [\w-]{1,63}(?:\.[\w-]{1,63})+")
_ANGLES = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Message:
    """What is kept of a message; `html` names its images by `cid:`, and `dropped` counts what was left out."""

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
    """Return whether some bytes begin as a message: header fields, among them some that only mail has."""
    names = {name for name, _ in _fields(_END.split(head.lstrip(b"\r\n"), maxsplit=1)[0])}
    return (
        "from" in names and bool(names & {"date", "subject", "message-id"}) and bool(names - {"from", "date", "title"})
    )


def read_message(data: bytes) -> Message:
    """Return what a message says; raise UnreadableError for one that has no header or is nested without end."""
    data = data.lstrip(b"\r\n")
    dropped: Counter[str] = Counter()
    end = _END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    fields: dict[str, str] = {}
    for name, value in _fields(head):
        if name in _KEPT and len(value) <= LONGEST_HEADER:
            fields.setdefault(name, value)
        elif name in _KEPT:
            dropped[f"header {name} of {len(value)} bytes"] += 1
        else:
            dropped[f"header {name[:60]}"] += 1
    if not fields.keys() & {"from", "date", "subject", "message-id", "content-type"}:
        raise UnreadableError("it has no header of a message")
    structure = (f"{name}: {fields[name]}" for name in fields if name.startswith(("content-", "mime-")))
    html, attachments = read_parts("\n".join(structure).encode("utf-8", "replace") + b"\n\n" + body, dropped)
    written = " ".join(fields.get("date", "").split())
    return Message(
        subject=decode_words(fields.get("subject", "")),
        author=_display_name(fields.get("from", "")),
        date=_moment(written),
        date_written=written,
        id=_between_angles(fields.get("message-id", "")),
        list_name=decode_words(fields.get("list-id", "").split("<")[0]).strip('" '),
        archived_at=_between_angles(fields.get("archived-at", "")),
        html=html,
        attachments=attachments,
        dropped=dropped,
    )


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    """Yield the header's fields, unfolded, without what is no field; names in lower case."""
    unfolded: list[bytes] = []
    for line in re.split(rb"\r\n|\n|\r", head):
        if line[:1] in (b" ", b"\t") and unfolded:
            unfolded[-1] += b" " + line.strip() if len(unfolded[-1]) <= LONGEST_HEADER else b""
        else:
            unfolded.append(line)
    for line in unfolded:
        if match := _FIELD.match(line):
            yield match[1].decode("ascii").lower(), decode(match[2]).strip()


def _display_name(value: str) -> str:
    """Return the sender's name, never the address."""
    match = _NAMED.match(value) or _COMMENTED.match(value)
    name = decode_words(match[1].strip().strip("\"'").replace("\\", "")) if match else ""
    return "" if "@" in name or _HIDDEN_ADDRESS.fullmatch(name) else name


def _moment(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _between_angles(value: str) -> str:
    match = _ANGLES.search(value)
    return (match[1] if match else value).strip()
