"""Reads single values out of a JSON document (RFC 8259) of any size, holding one at a time."""

import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from sitegen.importers.archive.archive import UnreadableError

Path = tuple[str | int, ...]

PIECE = 1 << 18
SPACE = re.compile(r"[ \t\n\r]*")
SCALAR_END = re.compile(r"[ \t\n\r,\]}]")
TOKEN = re.compile(r'["\[\]{}\\]')
DEPTH = 200


class _Buffer:
    """Holds the piece of the document that is being read."""

    def __init__(self, file: IO[str], limit: int) -> None:
        self.file, self.limit = file, limit
        self.text, self.at = "", 0

    def more(self) -> bool:
        """Read another piece; False at the end."""
        piece = self.file.read(max(PIECE, min(len(self.text), 8 * PIECE)))
        self.text = self.text[self.at :] + piece
        self.at = 0
        return bool(piece)

    def peek(self) -> str:
        """Return the next character that is not blank."""
        while True:
            match = SPACE.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                raise UnreadableError("the JSON is cut off")

    def take(self, expected: str) -> str:
        """Take one of the expected characters."""
        char = self.peek()
        if char not in expected:
            raise UnreadableError(f"the JSON is broken: found {char!r} where one of {expected!r} belongs")
        self.at += 1
        return char


_DECODER = json.JSONDecoder(strict=False)


def read_values(file: IO[str], wanted: Callable[[Path], bool], limit: int) -> Iterator[tuple[Path, Any]]:
    """Yield each value whose path is wanted, in the document's order, without entering it further.

    A path is the keys and the positions that lead to a value. A wanted value of more than `limit`
    characters comes as an UnreadableError in the value's place. Raises UnreadableError where the document is
    cut off or broken, after all that came before has been yielded.
    """
    buffer = _Buffer(file, limit)
    yield from _read(buffer, (), wanted)


def _read(buffer: _Buffer, path: Path, wanted: Callable[[Path], bool]) -> Iterator[tuple[Path, Any]]:
    if wanted(path):
        yield path, _decode(buffer)
        return
    opening = buffer.peek()
    if opening not in "[{":
        _pass_over(buffer)
        return
    if len(path) > DEPTH:
        raise UnreadableError("the JSON is nested too deep")
    buffer.at += 1
    closing = "]" if opening == "[" else "}"
    if buffer.peek() == closing:
        buffer.at += 1
        return
    number = 0
    while True:
        key: Any = number
        if opening == "{":
            key = _decode(buffer) if buffer.peek() == '"' else buffer.take('"')
            buffer.take(":")
        if isinstance(key, UnreadableError):
            raise key
        yield from _read(buffer, (*path, key), wanted)
        number += 1
        if buffer.take("," + closing) == closing:
            return


def _decode(buffer: _Buffer) -> Any:
    """Return the next value; an UnreadableError, with the value passed over, where it is too long."""
    buffer.peek()
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.at)
        except json.JSONDecodeError as error:
            # Most often the value goes on in the next piece; at the document's end it is broken.
            if len(buffer.text) - buffer.at > buffer.limit:
                _pass_over(buffer)
                return UnreadableError("it is too large")
            if not buffer.more():
                raise UnreadableError(f"the JSON is cut off or broken: {error.msg}") from error
        except RecursionError:
            _pass_over(buffer)
            return UnreadableError("it is nested too deep")
        else:
            # A number at the end of a piece may have more digits in the next one.
            if end == len(buffer.text) and isinstance(value, int | float) and buffer.more():
                continue
            buffer.at = end
            return value


def _pass_over(buffer: _Buffer) -> None:
    """Move behind the next value without building it."""
    if buffer.peek() not in '"[{':
        while not (match := SCALAR_END.search(buffer.text, buffer.at)):
            buffer.at = len(buffer.text)
            if not buffer.more():
                return
        buffer.at = match.start()
        return
    depth, quoted = 0, False
    while True:
        match = TOKEN.search(buffer.text, buffer.at)
        if not match:
            buffer.at = len(buffer.text)
            if not buffer.more():
                raise UnreadableError("the JSON is cut off")
            continue
        char = match[0]
        buffer.at = match.end()
        if char == "\\":
            if buffer.at >= len(buffer.text) and not buffer.more():
                raise UnreadableError("the JSON is cut off")
            buffer.at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += 1 if char in "[{" else -1
        if depth == 0 and not quoted:
            return
