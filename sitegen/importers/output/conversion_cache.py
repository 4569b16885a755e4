"""Caches the results of conversions between imports, in `.sitegen/imports/<name>.conversions`.

The cache saves time and changes no result: keys are digests of everything that a result depends on except the code,
whose fingerprint is at the start of the file. It is not committed with the site. A damaged entry is not used.

The file has one line with the version of its format and the fingerprint, then the entries: the key, the CRC-32 of
the key and the value, the length of the value (both four bytes, big-endian), and the value.
"""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from struct import Struct as Layout
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO
from zlib import crc32

from msgspec import Struct
from msgspec.msgpack import encode

from sitegen.errors import naming
from sitegen.system.atomic_write import replacing

KEY_BYTES = 16
VERSION = b"1"
MAX_VALUE_BYTES = 64 << 20

_HEAD = Layout(f">{KEY_BYTES}sII")


class ConversionCache:
    """Reads values by their keys, and collects those of this import, which replace the old ones when it is saved.

    `path` is the file of the cache, `code` the fingerprint of the code: with another one, the cache is empty. Values
    stay on disk, so that memory has only their positions.
    """

    def __init__(self, path: Path, code: str) -> None:
        self._path = path
        self._title = VERSION + b" " + code.encode() + b"\n"
        self._old_file: IO[bytes] | None = None
        self._new_file: IO[bytes] | None = None
        self._new: dict[bytes, tuple[int, int]] = {}
        self._new_end = 0
        self._used: dict[bytes, None] = {}
        self._is_damaged = False

    def __enter__(self) -> "ConversionCache":
        return self

    def __exit__(self, error_type: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for file in filter(None, (self._old_file, self._new_file)):
            file.close()

    @cached_property
    def _old(self) -> dict[bytes, tuple[int, int]]:
        """The positions and lengths of the entries of the file, by their keys. An import that repeats needs none."""
        try:
            self._old_file = self._path.open("rb")
        except FileNotFoundError:
            return {}
        return dict(_scan(self._old_file, self._title))

    def __contains__(self, key: bytes) -> bool:
        return key in self._new or key in self._old

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key, or None."""
        if self._new_file is not None and key in self._new:
            return _read(self._new_file, key, self._new[key])
        if key not in self._old or self._old_file is None:
            return None
        value = _read(self._old_file, key, self._old[key])
        if value is None:
            del self._old[key]
            self._is_damaged = True
        else:
            self._used[key] = None
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value of a key."""
        if len(value) > MAX_VALUE_BYTES:
            return
        if self._new_file is None:
            self._new_file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        if self._new_file.tell() != self._new_end:  # a value was read; a seek to the same position writes the buffer
            self._new_file.seek(self._new_end)
        self._new_file.write(_HEAD.pack(key, _checksum(key, value), len(value)) + value)
        self._new[key] = self._new_end, len(value)
        self._new_end += _HEAD.size + len(value)
        self._used[key] = None

    def save(self) -> None:
        """Write the values that were read or set since the cache was opened, unless the file has just these."""
        if not self._new and not self._is_damaged and self._used.keys() == self._old.keys():
            return
        if not self._used:
            self._path.unlink(missing_ok=True)
            return
        with replacing(self._path) as temporary, naming(self._path), temporary.open("xb") as file:
            file.write(self._title)
            for key in self._used:
                source, (start, length) = (
                    (self._new_file, self._new[key]) if key in self._new else (self._old_file, self._old[key])
                )
                assert source is not None
                source.seek(start)
                file.write(source.read(_HEAD.size + length))


def _scan(file: IO[bytes], title: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield the key, the position and the length of each entry, up to the end or to an entry that is cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(len(title)) != title:
        return
    start = len(title)
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        key, _, length = _HEAD.unpack(head)
        end = start + _HEAD.size + length
        if end > size:
            return
        yield key, (start, length)
        start = file.seek(end)


def _read(file: IO[bytes], key: bytes, position: tuple[int, int]) -> bytes | None:
    """Return the value of an entry, None if it is damaged."""
    start, length = position
    file.seek(start)
    entry = file.read(_HEAD.size + length)
    value = entry[_HEAD.size :]
    return value if entry == _HEAD.pack(key, _checksum(key, value), length) + value else None


def _checksum(key: bytes, value: bytes) -> int:
    return crc32(value, crc32(key))


def encode_if_text(value: Struct) -> bytes:
    """Return a value as MessagePack, b"" if a string of it has a lone surrogate, as exports may contain."""
    try:
        return encode(value)
    except UnicodeEncodeError:
        return b""
