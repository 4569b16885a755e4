import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.natural_order import natural_key


@pytest.mark.parametrize(
    "names",
    [
        ["t1", "t2", "t10", "t12"],
        ["2", "10", "a"],
        ["Apple", "apple pie", "Banana"],
        ["v1.2", "v1.10", "v2"],
        ["issue 9", "issue 09b", "issue 10"],
    ],
)
def test_numbers_in_names_are_in_the_order_of_their_values(names):
    mixed = names[::-1]
    assert sorted(mixed, key=natural_key) == names


@given(st.text(), st.integers(0, 10**12), st.integers(0, 10**12), st.text())
def test_names_that_differ_in_a_number_are_in_the_order_of_the_numbers(before, one, other, after):
    names = [f"{before}-{number}-{after}" for number in (one, other)]
    assert (natural_key(names[0]) < natural_key(names[1])) == (one < other)
