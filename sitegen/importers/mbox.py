"""Cuts an mbox file into its messages (RFC 4155), in both of its quoting dialects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

PIECE = 1 << 16

_SEPARATOR = re.compile(rb"From [^\r\n]{0,400}\b\d{1,2}:\d\d(?::\d\d)?\b[^\r\n]{0,60}\b\d{4}\b[^\r\n]{0,20}\r?\n?\Z")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cut:
    """One message: its bytes without the separating line, and the line where it begins, counted from 1.

    `data` is None where the message is larger than the limit.
    """

    line: int
    data: bytes | None


def is_separator(line: bytes) -> bool:
    """Tell whether a line is one that begins a message: `From `, a sender, a date with time and year."""
    return _SEPARATOR.match(line) is not None


def cut_mbox(file: IO[bytes], limit: int) -> Iterator[Cut]:
    """Yield the messages of an mbox file, never holding more than `limit` bytes of one.

    A message begins at a separator that is the first line or follows a blank one. One `>` is taken
    off each line of `>From `, `>>From ` and so on, which undoes the quoting of mboxrd, and that of
    mboxo, which has only the first of these, too.
    """
    parts: list[bytes] = []
    size, line, first = 0, 0, 0
    blank, whole, inside = True, True, False
    while piece := file.readline(PIECE):
        if whole:
            line += 1
        if whole and blank and is_separator(piece):
            if inside:
                yield _finish(parts, size, limit, first)
            parts.clear()
            size, first, inside = 0, line, True
        elif inside:
            size += len(piece)
            if size <= limit:
                parts.append(piece)
            else:
                parts.clear()
        blank = whole and piece in (b"\n", b"\r\n")
        whole = piece.endswith(b"\n")
    if inside:
        yield _finish(parts, size, limit, first)


def _finish(parts: list[bytes], size: int, limit: int, line: int) -> Cut:
    return Cut(line, None if size > limit else _QUOTED.sub(rb"\1", b"".join(parts)))
