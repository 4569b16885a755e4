"""Splits an mbox file into its messages (RFC 4155), in the variants mboxo and mboxrd."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from sitegen.formats import lazy_regex

PIECE_BYTES = 1 << 16

_SEPARATOR = re.compile(rb"From [^\r\n]{0,400}\b\d{1,2}:\d\d(?::\d\d)?\b[^\r\n]{0,60}\b\d{4}\b[^\r\n]{0,20}\r?\n?\Z")
# Only names of header fields: a line of text such as "Note: …" must not end a message.
_HEADER = lazy_regex.compile(
    rb"(?:from|date|subject|message-id|received|return-path|to|cc|sender|reply-to|in-reply-to|references|delivered-to"
    rb"|mime-version|content-[a-z-]{1,40}|list-[a-z-]{1,40}|x-[a-z0-9-]{1,40}):[ \t\r\n]",
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MboxMessage:
    """One message: its bytes without the separator line, and its first line, counted from 1.

    `data` is None if the message is larger than the limit.
    """

    line: int
    data: bytes | None


def is_separator(line: bytes) -> bool:
    """Return whether a line separates messages: `From `, a sender, a date with time and year."""
    return line.startswith(b"From ") and _SEPARATOR.match(line) is not None


def split_mbox(file: IO[bytes], limit: int) -> Iterator[MboxMessage]:
    """Yield the messages of an mbox file, with at most `limit` bytes of a message in memory.

    A message begins at a separator that is the first line of the file, follows a blank line, or is followed by a header
    line, since archives of Mailman have no blank line there. One `>` is removed from lines that begin with `>From `,
    `>>From ` and so on: this undoes the quoting of mboxrd, and that of mboxo, which quotes only `From `.
    """
    parts: list[bytes] = []
    size, start_line = 0, 0
    after_blank_line, inside = True, False
    pending_separator: tuple[int, bytes] | None = None

    def add(piece: bytes) -> None:
        nonlocal size
        size += len(piece)
        if not inside:
            return
        if size <= limit:
            parts.append(piece)
        else:
            parts.clear()

    for line, piece, is_line_start in _lines(file):
        message_start = 0
        if pending_separator is not None:
            if _HEADER.match(piece):
                message_start = pending_separator[0]
            else:
                add(pending_separator[1])
            pending_separator = None
        separates = is_line_start and is_separator(piece)
        if separates and after_blank_line:
            message_start = line
        if message_start:
            if inside:
                yield _finish(parts, size, limit, start_line)
            parts.clear()
            size, start_line, inside = 0, message_start, True
        if separates and message_start != line:
            pending_separator = line, piece
        elif message_start != line:
            add(piece)
        after_blank_line = is_line_start and piece in (b"\n", b"\r\n")
    if pending_separator is not None:
        add(pending_separator[1])
    if inside:
        yield _finish(parts, size, limit, start_line)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield the lines of a file in pieces, each with its line number and whether it is the start of the line."""
    line, is_line_start = 0, True
    while piece := file.readline(PIECE_BYTES):
        line += is_line_start
        yield line, piece, is_line_start
        is_line_start = piece.endswith(b"\n")


def _finish(parts: list[bytes], size: int, limit: int, line: int) -> MboxMessage:
    return MboxMessage(line, None if size > limit else _QUOTED.sub(rb"\1", b"".join(parts)))
