"""Reads the complete members of a zip file that is cut off, by their local headers (APPNOTE 4.3.7)."""

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sitegen.importers.archive.members import UTF8_NAME, zip_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

HEADER = struct.Struct("<4s5H3I2H")
DESCRIPTOR_FOLLOWS = 0x8
STORED, DEFLATED = 0, 8


class RecoveredMember(NamedTuple):
    """A complete member of a truncated zip; `open` unpacks it again, so that it is not held in memory."""

    name: str
    size: int
    open: "Callable[[], IO[bytes]]"


def read_truncated_zip(path: Path, limit: int) -> Iterator[RecoveredMember]:
    """Yield the complete members of at most `limit` bytes, up to the one that is cut off."""
    with path.open("rb") as file:
        while len(head := file.read(HEADER.size)) == HEADER.size:
            signature, _, flags, method, _, _, _, packed, _, name_length, extra_length = HEADER.unpack(head)
            if signature != b"PK\x03\x04" or flags & 1 or method not in (STORED, DEFLATED):
                return
            name = zip_name(file.read(name_length).decode("utf-8" if flags & UTF8_NAME else "cp437", "replace"), flags)
            start = file.seek(extra_length, io.SEEK_CUR)
            if flags & DESCRIPTOR_FOLLOWS and method == STORED:
                return
            data = _unpack(path, start, method, limit, 0 if flags & DESCRIPTOR_FOLLOWS else packed)
            if data is None:
                return
            content, length = data
            if not name.endswith("/"):
                yield RecoveredMember(
                    name.replace("\\", "/"), len(content), _opener(path, start, method, limit, length)
                )
            file.seek(start + length)
            if flags & DESCRIPTOR_FOLLOWS:
                file.seek(12 + (4 if file.read(4) == b"PK\x07\x08" else 0) - 4, io.SEEK_CUR)


def _opener(path: Path, start: int, method: int, limit: int, length: int) -> "Callable[[], IO[bytes]]":
    def open_again() -> "IO[bytes]":
        data = _unpack(path, start, method, limit, length)
        return io.BytesIO(data[0] if data else b"")

    return open_again


def _unpack(path: Path, start: int, method: int, limit: int, packed: int) -> tuple[bytes, int] | None:
    """Return a member's bytes and its compressed length, or None if it is cut off or too large."""
    with path.open("rb") as file:
        file.seek(start)
        if method == STORED:
            data = file.read(min(packed, limit))
            return (data, packed) if len(data) == packed else None
        unpacker, parts, taken = zlib.decompressobj(-zlib.MAX_WBITS), bytearray(), 0
        while not unpacker.eof:
            chunk = file.read(1 << 16)
            try:
                parts += unpacker.decompress(chunk, limit + 1 - len(parts))
            except zlib.error:
                return None
            if not chunk or len(parts) > limit:
                return None
            taken += len(chunk)
        return bytes(parts), taken - len(unpacker.unused_data)
