"""The order of right-to-left and left-to-right text (Unicode Standard Annex 9).

The expected levels are those of FriBiDi 1.0.16.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.media.cards.bidi import find_base_level, find_levels, order_runs

CASES = {
    "left to right": ("abc 12", 0, "000000"),
    "a word of Hebrew": ("ab שלום cd", 0, "0001111000"),
    "a number after Hebrew": ("שלום 1865 ab", 0, "111112222000"),
    "a number in brackets in a Hebrew title": ("אב (1865)", 1, "111122221"),
    "English in an Arabic title": ("سفر Dispatch", 1, "111122222222"),
    "an Arabic number keeps its sign": ("٢٫٥", 1, "222"),
    "European digits after Arabic": ("عام 1865", 1, "11112222"),
    "brackets around text in the direction of the title": ("a (שb) ש", 0, "00010001"),
    "brackets around the other direction": ("שa (ab) b", 1, "122222222"),
    "a combining mark": ("aש\u05b8b", 0, "0110"),
    "a percent sign beside a number": ("ש 5% ש", 1, "112211"),
    "a hyphen before Latin letters": ("ב-New York", 1, "1122222222"),
    "punctuation at the end": ("שלום!", 0, "11110"),
    "a space at the end": ("שa ", 1, "121"),
}


@pytest.mark.parametrize(("text", "base", "levels"), CASES.values(), ids=CASES)
def test_levels_are_those_of_the_standard(text, base, levels):
    assert "".join(map(str, find_levels(text, base))) == levels


@pytest.mark.parametrize(("text", "level"), [("12 abc ש", 0), ("«שלום» abc", 1), ("١٢", 0), ("", 0), ("… عام", 1)])
def test_the_first_letter_decides_about_the_direction_of_a_paragraph(text, level):
    assert find_base_level(text) == level


@pytest.mark.parametrize(
    ("levels", "order"), [([0, 1, 0], [0, 1, 2]), ([1, 2, 1], [2, 1, 0]), ([0, 1, 2, 1, 0], [0, 3, 2, 1, 4]), ([], [])]
)
def test_runs_are_put_in_the_order_from_left_to_right(levels, order):
    assert order_runs(levels) == order


@given(st.text(alphabet="ab שע١2٣-+,.$%()[]!\u0301\u05b8", max_size=24), st.integers(0, 1))
def test_every_text_has_levels_above_that_of_the_paragraph(text, base):
    levels = find_levels(text, base)
    assert len(levels) == len(text)
    assert all(base <= level <= 2 for level in levels)
    assert sorted(order_runs(levels)) == list(range(len(levels)))
