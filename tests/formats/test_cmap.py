"""The characters that a font contains, read from its table cmap."""

import struct
from io import BytesIO

import pytest

from sitegen.formats.cmap import join_ranges, read_glyphs, read_ranges

pytest.importorskip("fontTools", reason="fontTools is not installed")

from fontTools.ttLib import TTFont

from tests.support.fonts import make_font

SETS = {"letters": "abcxyz", "beyond the basic plane": "a\U0001f389\U0001f38aé", "scattered": "aceg ש中"}


def read_table(letters: str) -> bytes:
    with TTFont(BytesIO(make_font(letters=letters, is_packed=False))) as font:
        return bytes(font.reader["cmap"])


@pytest.mark.parametrize("letters", SETS.values(), ids=SETS)
def test_ranges_are_the_characters_of_the_font(letters):
    table = read_table(letters)
    codes = [code for first, last in read_ranges(table) for code in range(first, last + 1)]
    assert codes == sorted(map(ord, letters))
    assert sorted(code for code, glyph in read_glyphs(table) if glyph) == codes


def test_a_glyph_of_number_zero_is_a_missing_character():
    group = struct.pack(">III", 0x61, 0x63, 0)
    subtable = struct.pack(">HHIII", 12, 0, 16 + len(group), 0, 1) + group
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable
    assert read_ranges(table) == ((0x62, 0x63),)


@pytest.mark.parametrize("length", range(0, 60, 3))
def test_a_short_table_is_an_error(length):
    table = read_table("a\U0001f389")
    if length < len(table):
        with pytest.raises(struct.error):
            read_ranges(table[:length])


def test_ranges_that_follow_on_each_other_are_joined():
    assert join_ranges([(5, 6), (1, 2), (3, 4), (9, 9), (9, 12), (8, 7)]) == ((1, 6), (9, 12))
