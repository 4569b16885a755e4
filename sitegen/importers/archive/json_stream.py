"""Reads selected values of a JSON document (RFC 8259) of any size, one at a time."""

import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from sitegen.importers.archive.archive import UnreadableError

JsonPath = tuple[str | int, ...]

PIECE_CHARACTERS = 1 << 18
WHITESPACE = re.compile(r"[ \t\n\r]*")
SCALAR_END = re.compile(r"[ \t\n\r,\]}]")
TOKEN = re.compile(r'["\[\]{}\\]')
MAX_DEPTH = 200


class _Buffer:
    """Buffers the part of the document that is being read."""

    def __init__(self, file: IO[str], limit: int) -> None:
        self.file, self.limit = file, limit
        self.text, self.position = "", 0

    def read_more(self) -> bool:
        """Read another piece; return False at the end of the file."""
        piece = self.file.read(max(PIECE_CHARACTERS, min(len(self.text), 8 * PIECE_CHARACTERS)))
        self.text = self.text[self.position :] + piece
        self.position = 0
        return bool(piece)

    def peek(self) -> str:
        """Return the next character that is not whitespace, without consuming it."""
        while True:
            match = WHITESPACE.match(self.text, self.position)
            assert match is not None
            self.position = match.end()
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.read_more():
                raise UnreadableError("the JSON is cut off")

    def take(self, expected: str) -> str:
        """Consume and return one of the expected characters."""
        char = self.peek()
        if char not in expected:
            raise UnreadableError(f"the JSON is broken: found {char!r} instead of one of {expected!r}")
        self.position += 1
        return char


_DECODER = json.JSONDecoder(strict=False)


def read_values(file: IO[str], wanted: Callable[[JsonPath], bool], limit: int) -> Iterator[tuple[JsonPath, Any]]:
    """Yield each value whose path is wanted, with its path, in the order of the document.

    A path consists of the keys and indexes that lead to a value. A value of more than `limit` characters is yielded as
    an UnreadableError. If the document is cut off or broken, UnreadableError is raised after the last complete value.
    """
    buffer = _Buffer(file, limit)
    yield from _read(buffer, (), wanted)


def _read(buffer: _Buffer, path: JsonPath, wanted: Callable[[JsonPath], bool]) -> Iterator[tuple[JsonPath, Any]]:
    if wanted(path):
        yield path, _decode(buffer)
        return
    opening = buffer.peek()
    if opening not in "[{":
        _skip_value(buffer)
        return
    if len(path) > MAX_DEPTH:
        raise UnreadableError("the JSON is nested too deep")
    buffer.position += 1
    closing = "]" if opening == "[" else "}"
    if buffer.peek() == closing:
        buffer.position += 1
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
    """Return the next value, or skip it and return an UnreadableError if it is too long."""
    buffer.peek()
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.position)
        except json.JSONDecodeError as error:
            # Usually the value continues in the next piece; at the end of the document it is broken.
            if len(buffer.text) - buffer.position > buffer.limit:
                _skip_value(buffer)
                return UnreadableError("it is too large")
            if not buffer.read_more():
                raise UnreadableError(f"the JSON is cut off or broken: {error.msg}") from error
        except RecursionError:
            _skip_value(buffer)
            return UnreadableError("it is nested too deep")
        else:
            # A number at the end of a piece may continue in the next one.
            if end == len(buffer.text) and isinstance(value, int | float) and buffer.read_more():
                continue
            buffer.position = end
            return value


def _skip_value(buffer: _Buffer) -> None:
    """Move past the next value without decoding it."""
    if buffer.peek() not in '"[{':
        while not (match := SCALAR_END.search(buffer.text, buffer.position)):
            buffer.position = len(buffer.text)
            if not buffer.read_more():
                return
        buffer.position = match.start()
        return
    depth, quoted = 0, False
    while True:
        match = TOKEN.search(buffer.text, buffer.position)
        if not match:
            buffer.position = len(buffer.text)
            if not buffer.read_more():
                raise UnreadableError("the JSON is cut off")
            continue
        char = match[0]
        buffer.position = match.end()
        if char == "\\":
            if buffer.position >= len(buffer.text) and not buffer.read_more():
                raise UnreadableError("the JSON is cut off")
            buffer.position += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += 1 if char in "[{" else -1
        if depth == 0 and not quoted:
            return
