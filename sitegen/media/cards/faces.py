"""Read what a font is from a TrueType, OpenType or WOFF2 file, or a collection (ISO/IEC 14496-22, Open Font Format)."""

import struct
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Literal

from msgspec import Struct

from sitegen.errors import naming
from sitegen.formats.cmap import MAX_CODE, read_ranges
from sitegen.formats.woff2 import read_metrics, read_weights
from sitegen.system import fingerprints
from sitegen.system.files import Stamp

FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff2")
Ranges = tuple[tuple[int, int], ...]
Extent = tuple[int, int]
Colors = Literal["", "bitmap", "layers", "other"]

_SINGLE = frozenset((b"\0\1\0\0", b"OTTO", b"true"))
_TABLE = struct.Struct(">4sIII")
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
_WINDOWS = 3
_ITALIC, _OBLIQUE = 1 << 0, 1 << 9
MAX_FACES, MAX_TABLES, MAX_TABLE_BYTES = 64, 256, 1 << 24
"""Limits for damaged files: fonts of a collection, tables of a font, and bytes of a table that is read."""


class StampedFont(Struct, frozen=True):
    """A font file on disk, with the stamp that it had."""

    path: str
    stamp: Stamp


class Face(Struct, frozen=True):
    """A font of a file: its number in a collection, and the name of its family.

    `digest` is the fingerprint of its tables, by the check sums in the file. `weights` are the lightest and the boldest
    weight, from 1 to 1000; they differ in a variable font. `colors` says how its glyphs have colors: "bitmap",
    "layers", or "other" for forms that are not rendered. `cmap` is where the table of its characters is in the file.
    """

    file: StampedFont
    index: int
    family: str
    digest: str
    weights: tuple[int, int]
    is_italic: bool
    colors: Colors
    cmap: Extent

    @property
    def is_variable(self) -> bool:
        """Whether the weight can be chosen."""
        return self.weights[0] != self.weights[1]


@lru_cache(maxsize=512)
def read_faces(file: StampedFont) -> tuple[Face, ...]:
    """Return the fonts of a file; raise ValueError, with the cause, if it is not a font file or is damaged."""
    path = Path(file.path)
    try:
        with naming(path), path.open("rb") as opened:
            magic = opened.read(4)
            if magic == b"wOF2":
                return (_read_woff2(file, magic + opened.read()),)
            if magic != b"ttcf":
                if magic not in _SINGLE:
                    raise ValueError("it is not a TrueType, OpenType or WOFF2 file")
                return (_read_face(opened, file, 0, 0),)
            (count,) = struct.unpack(">I", _read(opened, 8, 4))
            offsets = struct.unpack(f">{min(count, MAX_FACES)}I", _read(opened, 12, 4 * min(count, MAX_FACES)))
            return tuple(_read_face(opened, file, index, offset) for index, offset in enumerate(offsets))
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError("it is damaged: a table is missing or too short") from error


def _read_woff2(file: StampedFont, data: bytes) -> Face:
    if find_spec("brotli") is None:
        raise ValueError("reading WOFF2 files needs the package brotli")
    metrics = read_metrics(data)
    digest = fingerprints.of_bytes(data)
    return Face(file, 0, "", digest, metrics.weights, metrics.is_italic, "", (0, 0))


def _read_face(opened: BinaryIO, file: StampedFont, index: int, offset: int) -> Face:
    (count,) = struct.unpack(">H", _read(opened, offset + 4, 2))
    directory = _read(opened, offset + 12, _TABLE.size * min(count, MAX_TABLES))
    tables = {tag: (start, length) for tag, _, start, length in _TABLE.iter_unpack(directory)}
    style = _read_table(opened, tables, b"OS/2")
    (weight,) = struct.unpack_from(">H", style, 4)
    (selection,) = struct.unpack_from(">H", style, 62)
    variations = _read_table(opened, tables, b"fvar") if b"fvar" in tables else b""
    return Face(
        file,
        index,
        _read_family(_read_table(opened, tables, b"name")),
        fingerprints.of_value((index, directory)),
        read_weights(variations) or (weight, weight) if variations else (weight, weight),
        bool(selection & (_ITALIC | _OBLIQUE)),
        _find_colors(opened, tables),
        tables[b"cmap"],
    )


def _find_colors(opened: BinaryIO, tables: Mapping[bytes, Extent]) -> Colors:
    if b"CBDT" in tables or b"sbix" in tables:
        return "bitmap"
    if b"COLR" in tables:
        (version,) = struct.unpack(">H", _read(opened, tables[b"COLR"][0], 2))
        return "layers" if version == 0 else "other"
    return "other" if b"SVG " in tables and not {b"glyf", b"CFF ", b"CFF2"} & tables.keys() else ""


def _read_family(table: bytes) -> str:
    """Return the name of a font's family in English, "" if it has none."""
    count, start = struct.unpack_from(">HH", table, 2)
    found: dict[int, str] = {}
    for number in range(count):
        platform, _, language, name, length, offset = struct.unpack_from(">HHHHHH", table, 6 + 12 * number)
        if name in (_FAMILY, _TYPOGRAPHIC_FAMILY) and platform == _WINDOWS and language == 0x409:
            data = table[start + offset : start + offset + length]
            found.setdefault(name, data.decode("utf-16-be", errors="replace"))
    return found.get(_TYPOGRAPHIC_FAMILY) or found.get(_FAMILY, "")


def _read_table(opened: BinaryIO, tables: Mapping[bytes, Extent], tag: bytes) -> bytes:
    return _read_limited(opened, *tables[tag])


def _read_limited(opened: BinaryIO, start: int, length: int) -> bytes:
    if length > MAX_TABLE_BYTES:
        raise ValueError("it is damaged: a table is too long")
    return _read(opened, start, length)


def _read(opened: BinaryIO, start: int, length: int) -> bytes:
    opened.seek(start)
    data = opened.read(length)
    if len(data) != length:
        raise struct.error("the file is too short")
    return data


@lru_cache(maxsize=128)
def read_characters(face: Face) -> Ranges:
    """Return the ranges of code points that a font contains; none if its table of characters is damaged."""
    path = Path(face.file.path)
    with naming(path), path.open("rb") as opened:
        if face.cmap == (0, 0):
            return read_metrics(opened.read()).characters
        try:
            return read_ranges(_read_limited(opened, *face.cmap))
        except (struct.error, IndexError, ValueError):
            return ()


def contains(face: Face, code: int) -> bool:
    """Return whether a font contains the character of a code point."""
    ranges = read_characters(face)
    at = bisect_right(ranges, (code, MAX_CODE)) - 1
    return at >= 0 and code <= ranges[at][1]
