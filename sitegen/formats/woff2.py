"""Read the metrics of a font in a WOFF2 file (W3C, WOFF File Format 2.0; ISO/IEC 14496-22, Open Font Format)."""

import struct
from collections.abc import Mapping

from msgspec import Struct

from sitegen.formats.cmap import join_ranges, read_glyphs

_HEADER = struct.Struct(">4s4sIHHIIHHIIIII")
_TABLES = {0: "cmap", 1: "head", 2: "hhea", 3: "hmtx", 6: "OS/2", 10: "glyf", 11: "loca", 47: "fvar"}
"""The tables that are read, or whose length in the file differs, by their number in the directory."""

_OTHER_TAG = 63
"""The number of a table whose name follows."""

_NO_TRANSFORM = 3
"""The transformation of the tables `glyf` and `loca` that means none."""

_TYPO_METRICS, _ITALIC, _OBLIQUE = 1 << 7, 1 << 0, 1 << 9
"""Flags of `fsSelection` in the table OS/2."""

_SANS_CLASS = 8
_SANS_SERIF_STYLES = range(11, 16)
"""The family class, and the serif styles of PANOSE, of fonts without serifs."""

LETTER_FREQUENCIES: Mapping[str, int] = {
    **dict(zip(" etaoinsrhldu", (183, 103, 75, 65, 62, 57, 57, 53, 50, 50, 33, 33, 23), strict=True)),
    **dict(zip("cmfwgpybvkxjqz", (22, 20, 20, 17, 16, 15, 14, 13, 8, 6, 1, 1, 1, 1), strict=True)),
}
"""How often letters and spaces are in English text, in thousandths."""


class FontMetrics(Struct, frozen=True):
    """The metrics of a font that style sheets need; lengths are in em.

    `weights` are the lightest and the boldest weight of the font, from 1 to 1000. `letter_width` is the mean width of
    letters and spaces in English text, 0 if the font lacks some of them. `characters` are the first and last code
    points of the ranges that the font contains.
    """

    ascent: float
    descent: float
    line_gap: float
    weights: tuple[int, int]
    is_italic: bool
    is_sans: bool
    letter_width: float
    characters: tuple[tuple[int, int], ...]


def read_metrics(data: bytes) -> FontMetrics:
    """Return the metrics of a WOFF2 file; raise ValueError, with the cause, if it is not one or is damaged.

    Needs the package brotli. A variable font has the widths of its default instance.
    """
    if data[:4] != b"wOF2":
        raise ValueError(f"it is {_name_type(data)}, not a WOFF2 file")
    try:
        return _read_metrics(_read_tables(data))
    except (struct.error, IndexError, KeyError, ZeroDivisionError) as error:
        raise ValueError("it is damaged: a table is missing or too short") from error


def _name_type(data: bytes) -> str:
    truetype = "a TrueType file"
    types = {b"wOFF": "a WOFF file", b"OTTO": "an OpenType file", b"\0\1\0\0": truetype, b"true": truetype}
    return types.get(data[:4], "another type of file")


def _read_tables(data: bytes) -> dict[str, bytes]:
    """Return the tables of _TABLES by name, and the transformed table hmtx as "hmtx+"."""
    import brotli  # noqa: PLC0415 - an extra

    fields = _HEADER.unpack_from(data)
    flavor, count, compressed = fields[1], fields[3], fields[6]
    if flavor == b"ttcf":
        raise ValueError("it is a collection of fonts, and a style sheet needs a file for each")
    position = _HEADER.size
    lengths: list[tuple[str, int]] = []
    for _ in range(count):
        flags = data[position]
        number, transform = flags & 63, flags >> 6
        position += 5 if number == _OTHER_TAG else 1
        length, position = _read_base128(data, position)
        name = _TABLES.get(number, "")
        if transform != _NO_TRANSFORM if name in ("glyf", "loca") else transform:
            length, position = _read_base128(data, position)
            name += "+"
        lengths.append((name, length))
    try:
        whole = brotli.decompress(data[position : position + compressed])
    except brotli.error:
        raise ValueError("it is damaged: its data cannot be decompressed") from None
    tables, position = {}, 0
    for name, length in lengths:
        tables[name] = whole[position : position + length]
        position += length
    return tables


def _read_base128(data: bytes, position: int) -> tuple[int, int]:
    """Return a number of the type UIntBase128, and the position after it."""
    value = 0
    for _ in range(5):
        byte = data[position]
        position += 1
        value = value << 7 | byte & 127
        if byte < 128:
            return value, position
    raise ValueError("it is damaged: a length has more than five bytes")


def _read_metrics(tables: Mapping[str, bytes]) -> FontMetrics:
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    (italic_style,) = struct.unpack_from(">H", tables["head"], 44)
    ascent, descent, line_gap = struct.unpack_from(">hhh", tables["hhea"], 4)
    style = tables["OS/2"]
    (weight,) = struct.unpack_from(">H", style, 4)
    family_class, family_type, serif_style = style[30], style[32], style[33]
    (selection,) = struct.unpack_from(">H", style, 62)
    if selection & _TYPO_METRICS:
        ascent, descent, line_gap = struct.unpack_from(">hhh", style, 68)
    glyphs = dict(read_glyphs(tables["cmap"]))
    return FontMetrics(
        ascent / units,
        -descent / units,
        line_gap / units,
        read_weights(tables["fvar"]) or (weight, weight) if "fvar" in tables else (weight, weight),
        bool(selection & (_ITALIC | _OBLIQUE) or italic_style & 2),
        family_class == _SANS_CLASS or (family_type == 2 and serif_style in _SANS_SERIF_STYLES),
        _measure_letters(tables, glyphs) / units,
        join_ranges((code, code) for code, glyph in glyphs.items() if glyph),
    )


def read_weights(table: bytes) -> tuple[int, int] | None:
    """Return the ends of the weight axis of a variable font, None if it has none."""
    start, _, count, size = struct.unpack_from(">HHHH", table, 4)
    for number in range(count):
        tag, lightest, _, boldest = struct.unpack_from(">4siii", table, start + number * size)
        if tag == b"wght":
            return lightest >> 16, boldest >> 16
    return None


def _measure_letters(tables: Mapping[str, bytes], glyphs: Mapping[int, int]) -> float:
    """Return the mean width of letters and spaces in English text in units of the font, 0 if one is missing."""
    if any(ord(letter) not in glyphs for letter in LETTER_FREQUENCIES):
        return 0
    (count,) = struct.unpack_from(">H", tables["hhea"], 34)
    # The transformed table begins with flags, and has all widths before the side bearings (WOFF2, section 5.4).
    table, start, step = (tables["hmtx"], 0, 4) if "hmtx" in tables else (tables["hmtx+"], 1, 2)
    total = 0
    for letter, frequency in LETTER_FREQUENCIES.items():
        glyph = min(glyphs[ord(letter)], count - 1)
        total += struct.unpack_from(">H", table, start + glyph * step)[0] * frequency
    return total / sum(LETTER_FREQUENCIES.values())
