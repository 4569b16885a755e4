"""The metrics of WOFF2 files are those that fontTools reads."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.woff2 import read_metrics

fonttools = pytest.importorskip("fontTools", reason="fontTools is not installed")
pytest.importorskip("brotli", reason="brotli is not installed")

from tests.support.fonts import LETTERS, make_font  # noqa: E402 - needs fontTools


def test_metrics_are_those_of_the_tables():
    metrics = read_metrics(make_font(widths=500, ascent=950, descent=-250, line_gap=30, weight=700))
    assert (metrics.ascent, metrics.descent, metrics.line_gap) == (0.95, 0.25, 0.03)
    assert metrics.weights == (700, 700)
    assert metrics.letter_width == 0.5
    assert not metrics.is_italic
    assert not metrics.is_sans
    assert metrics.characters == ((0x20, 0x20), (0x61, 0x7A))


@pytest.mark.parametrize("is_transformed", [False, True])
def test_letters_have_their_own_widths(is_transformed):
    widths = {letter: 300 + 20 * number for number, letter in enumerate(LETTERS)}
    metrics = read_metrics(make_font(widths=widths, is_transformed=is_transformed))
    # Letters of English text are on average the eighth of the alphabet after the space.
    assert 0.46 < metrics.letter_width < 0.5
    assert read_metrics(make_font(widths=widths)).letter_width == metrics.letter_width


def test_typographic_metrics_are_used_where_the_font_says_so():
    assert read_metrics(make_font(ascent=900, typo_ascent=800)).ascent == 0.9
    assert read_metrics(make_font(ascent=900, typo_ascent=800, selection=1 << 7)).ascent == 0.8


@pytest.mark.parametrize(("settings", "is_italic"), [({}, False), ({"selection": 1}, True), ({"selection": 512}, True)])
def test_italic_and_oblique_fonts_are_italic(settings, is_italic):
    assert read_metrics(make_font(**settings)).is_italic == is_italic


def test_a_font_without_serifs_is_recognized_by_class_or_panose():
    assert read_metrics(make_font(family_class=8 << 8)).is_sans
    assert read_metrics(make_font(serif_style=11)).is_sans


def test_a_variable_font_has_the_range_of_its_weight_axis():
    assert read_metrics(make_font(axis=(300, 400, 900))).weights == (300, 900)


def test_a_font_without_latin_letters_has_no_letter_width():
    metrics = read_metrics(make_font(letters="ابپ"))
    assert metrics.letter_width == 0
    assert metrics.characters == ((0x627, 0x628), (0x67E, 0x67E))


def test_characters_beyond_the_first_plane_are_read():
    assert read_metrics(make_font(letters="a\U0001f600")).characters == ((0x61, 0x61), (0x1F600, 0x1F600))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"wOFF" + bytes(60), "it is a WOFF file, not a WOFF2 file"),
        (b"OTTO" + bytes(60), "it is an OpenType file, not a WOFF2 file"),
        (b"\0\1\0\0" + bytes(60), "it is a TrueType file, not a WOFF2 file"),
        (b"", "it is another type of file, not a WOFF2 file"),
        (b"<!doctype html>", "it is another type of file, not a WOFF2 file"),
        (b"wOF2", "it is damaged: a table is missing or too short"),
        (b"wOF2ttcf" + bytes(60), "it is a collection of fonts, and a style sheet needs a file for each"),
    ],
)
def test_other_files_are_refused_with_the_cause(data, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_metrics(data)


FONT = make_font(axis=(300, 400, 900))


@given(st.integers(0, len(FONT) - 1), st.binary(max_size=4))
def test_a_damaged_font_is_read_or_refused(position, put):
    for data in (FONT[:position] + put + FONT[position + len(put) :], FONT[:position]):
        with suppress(ValueError):
            assert read_metrics(data).weights


def test_fonts_under_test_are_fonts():
    with fonttools.ttLib.TTFont(BytesIO(FONT)) as font:
        assert font.flavor == "woff2"
        assert font["hmtx"]["a"] == (500, 0)
