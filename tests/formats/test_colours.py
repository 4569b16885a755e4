import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.colours import contrast, lighten, lowest_contrast, nearest_readable, parse_hex

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
LIGHT, DARK = ("#fffdf9", "#f7f3ea"), ("#161513", "#211f1b")


@pytest.mark.parametrize(("text", "colour"), [("#A2281B", "#a2281b"), ("#06c", "#0066cc")])
def test_a_hexadecimal_colour_has_six_digits_in_lower_case(text, colour):
    assert parse_hex(text) == colour


@pytest.mark.parametrize("text", ["", "red", "#1234", "#12345g", "00566b", "#00566b;}", "#00566b\n"])
def test_other_notations_are_refused(text):
    with pytest.raises(ValueError, match="is not a colour"):
        parse_hex(text)


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)]
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, st.sampled_from([LIGHT, DARK]))
def test_the_nearest_readable_colour_is_readable_and_is_the_colour_itself_if_that_is(colour, backgrounds):
    found = nearest_readable(colour, backgrounds)
    assert re.fullmatch("#[0-9a-f]{6}", found)
    assert lowest_contrast(found, backgrounds) >= 4.5
    assert (found == colour) == (lowest_contrast(colour, backgrounds) >= 4.5)


def test_the_nearest_readable_colour_keeps_its_hue():
    dark_yellow = nearest_readable("#ffcc00", LIGHT)
    red, green, blue = (int(dark_yellow[start : start + 2], 16) for start in (1, 3, 5))
    assert red > green > 3 * blue


def test_where_a_background_leaves_no_shade_black_or_white_is_nearest():
    assert nearest_readable("#00566b", ("#757575", "#7a7a7a"), 4.6) in ("#000000", "#ffffff")


@given(COLOURS)
def test_lightening_makes_no_colour_darker(colour):
    assert contrast(lighten(colour, 0.78), "#000000") >= contrast(colour, "#000000") - 0.1
