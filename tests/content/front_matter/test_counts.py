from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.front_matter.counts import MAX_COUNT, read_count
from sitegen.model import Count


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (0, Count(0)),
        (MAX_COUNT, Count(10**12)),
        ("12", Count(12)),
        (" 1,234 ", Count(1234)),
        ("12,345,678", Count(12_345_678)),
        ("1.2K", Count(1200)),
        ("1.2 k", Count(1200)),
        ("3M", Count(3_000_000)),
        ("1B", Count(10**9)),
        ({"count": "1.2K", "on": "Wix", "at": "2023-01-02"}, Count(1200, "Wix", date(2023, 1, 2))),
        ({"count": 5, "on": None, "at": None}, Count(5)),
    ],
)
def test_a_count_is_read_as_platforms_write_it(value, count):
    assert read_count(value) == count


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "True is not a whole number"),
        (1.5, "1.5 is not a whole number"),
        ("1.2345K", '"1.2345K" is not a whole number'),
        ("1,23", '"1,23" is not a whole number'),
        ("5 views", '"5 views" is not a whole number'),
        ("-5", '"-5" is not a whole number'),
        ("٥", '"٥" is not a whole number'),
        (-1, "-1 is not between 0 and 1,000,000,000,000"),
        (10**12 + 1, "1000000000001 is not between 0 and 1,000,000,000,000"),
        (10**40, "the number is not between 0 and 1,000,000,000,000"),
        ([5], "[5] is not a whole number"),
        ({"on": "Wix"}, "the count itself is missing"),
        ({"count": 5, "onn": "Wix"}, 'a count has no key "onn"; did you mean "on"?'),
        ({"count": 5, "on": 3}, '"on" is not the name of a platform'),
        ({"count": 5, "at": "2023-02-30"}, "there is no 30 February 2023"),
        ({"count": {"count": 1}}, "{'count': 1} is not a whole number"),
    ],
)
def test_invalid_counts_are_refused(value, message):
    with pytest.raises(ValueError) as error:
        read_count(value)
    assert str(error.value) == message


@given(st.integers(0, MAX_COUNT))
def test_every_whole_number_is_read_with_and_without_commas(number):
    assert read_count(number) == read_count(str(number)) == read_count(f"{number:,}") == Count(number)
