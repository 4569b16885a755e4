"""Cuts an mbox file into its messages (RFC 4155), in both of its quoting dialects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

PIECE = 1 << 16

_SEPARATOR = re.compile(rb"From [^\r\n]{0,400}\b\d{1,2}:\d\d(?::\d\d)?\b[^\r\n]{0,60}\b\d{4}\b[^\r\n]{0,20}\r?\n?\Z")
# Only names that begin a message's header: a line of text such as "Note: …" must not end a message.
_HEADER = re.compile(
    rb"(?:from|date|subject|message-id|received|return-path|to|cc|sender|reply-to|in-reply-to|references|delivered-to"
    rb"|mime-version|content-[a-z-]{1,40}|list-[a-z-]{1,40}|x-[a-z0-9-]{1,40}):[ \t\r\n]",
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cut:
    """One message: its bytes without the separating line, and the line where it begins, counted from 1.

    `data` is None where the message is larger than the limit.
    """

    line: int
    data: bytes | None


def is_separator(line: bytes) -> bool:
    """Return whether a line begins a message: `From `, a sender, a date with time and year."""
    return _SEPARATOR.match(line) is not None


def cut_mbox(file: IO[bytes], limit: int) -> Iterator[Cut]:
    """Yield the messages of an mbox file, never holding more than `limit` bytes of one.

    A message begins at a separator that is the file's first line, follows a blank line, or is
    followed by a header line: Mailman's archives leave the blank line out. One `>` is
    taken off each line of `>From `, `>>From ` and so on, which undoes the quoting of mboxrd, and of
    mboxo, which has only the first of these.
    """
    parts: list[bytes] = []
    size, first = 0, 0
    blank, inside = True, False
    undecided: tuple[int, bytes] | None = None

    def add(piece: bytes) -> None:
        nonlocal size
        size += len(piece)
        if not inside:
            return
        if size <= limit:
            parts.append(piece)
        else:
            parts.clear()

    for line, piece, whole in _lines(file):
        begins = 0
        if undecided is not None:
            if _HEADER.match(piece):
                begins = undecided[0]
            else:
                add(undecided[1])
            undecided = None
        separates = whole and is_separator(piece)
        if separates and blank:
            begins = line
        if begins:
            if inside:
                yield _finish(parts, size, limit, first)
            parts.clear()
            size, first, inside = 0, begins, True
        if separates and begins != line:
            undecided = line, piece
        elif begins != line:
            add(piece)
        blank = whole and piece in (b"\n", b"\r\n")
    if undecided is not None:
        add(undecided[1])
    if inside:
        yield _finish(parts, size, limit, first)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield the pieces of a file's lines, each with its line's number and whether it is the line's first piece."""
    line, whole = 0, True
    while piece := file.readline(PIECE):
        line += whole
        yield line, piece, whole
        whole = piece.endswith(b"\n")


def _finish(parts: list[bytes], size: int, limit: int, line: int) -> Cut:
    return Cut(line, None if size > limit else _QUOTED.sub(rb"\1", b"".join(parts)))
