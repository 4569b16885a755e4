from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.ledger.view_totals import SmallerCount, Total, merge_rows, total_of
from sitegen.content.ledger.views_file import ViewRow

START = date(2024, 1, 1)


def row(since, until, count, exported="2026-01-01", post="/a/", platform="P"):
    return ViewRow(post, platform, since, until, exported, count)


JANUARY, FEBRUARY = row("2024-01-01", "2024-01-31", 60), row("2024-02-01", "2024-02-29", 40)
BOTH = row("2024-01-01", "2024-02-29", 100)


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([], Total(0, "")),
        ([JANUARY], Total(60, "2024-01-31")),
        ([JANUARY, FEBRUARY], Total(100, "2024-02-29")),
        ([JANUARY, FEBRUARY, BOTH], Total(100, "2024-02-29")),
        ([row("", "2024-01-31", 70), JANUARY], Total(70, "2024-01-31")),
        ([row("", "2024-01-31", 70), FEBRUARY], Total(110, "2024-02-29")),
        ([row("2024-01-01", "2024-01-20", 5), row("2024-01-20", "2024-01-31", 6)], Total(6, "2024-01-31")),
        ([row("2024-01-01", "2024-12-31", 5, exported="2024-06-01")], Total(5, "2024-06-01")),
        ([row("", "2024-01-31", 7), row("", "2025-01-31", 7)], Total(7, "2025-01-31")),
    ],
)
def test_periods_that_overlap_are_never_counted_twice(rows, total):
    for order in permutations(rows):
        assert total_of(order) == total


@st.composite
def exports(choose):
    """Exports of one post: the days on which it was viewed, and sums of them by period, each exported after its end."""
    days = choose(st.lists(st.integers(0, 9), min_size=60, max_size=60))
    rows = []
    for _ in range(choose(st.integers(1, 6))):
        first, last = sorted((choose(st.integers(0, 59)), choose(st.integers(0, 59))))
        if choose(st.booleans()):
            since, first = "", 0
        else:
            since = (START + timedelta(first)).isoformat()
        until = (START + timedelta(last)).isoformat()
        rows.append(row(since, until, sum(days[first : last + 1]), exported=until))
    return sum(days), rows


@given(exports(), st.randoms())
def test_the_order_of_exports_does_not_matter_and_the_total_is_never_too_large(example, random):
    truth, rows = example
    ordered, shuffled = (), ()
    for one in rows:
        ordered = merge_rows(ordered, [one]).rows
    for one in random.sample(rows, len(rows)):
        merge = merge_rows(shuffled, [one])
        shuffled = merge.rows
        assert merge.smaller == ()
    assert ordered == shuffled
    assert merge_rows(ordered, rows).rows == ordered, "merging the same rows again changes nothing"
    assert max(one.count for one in rows) <= total_of(ordered).count <= truth


def test_rows_stay_because_later_ones_can_make_them_part_of_a_larger_sum():
    until_june, until_july = row("2024-01-01", "2024-06-30", 50), row("2024-01-01", "2024-07-31", 55)
    assert merge_rows([until_june], [until_july]).rows == (until_june, until_july)
    from_july = row("2024-07-01", "2024-12-31", 40)
    assert total_of([until_july, from_july]).count == 55
    assert total_of([until_june, until_july, from_july]).count == 90


def test_a_later_export_of_the_same_number_for_the_same_time_changes_nothing():
    again = row("2024-01-01", "2024-01-31", 60, exported="2027-01-01")
    assert merge_rows([JANUARY], [again]).rows == (JANUARY,) == merge_rows([again], [JANUARY]).rows


@pytest.mark.parametrize(
    ("old", "new", "known", "said"),
    [
        ([JANUARY], [row("2024-01-01", "2024-01-31", 59)], 60, 59),
        ([JANUARY], [row("2024-01-01", "2024-02-29", 59)], 60, 59),
        ([row("", "2024-01-31", 60)], [row("", "2025-01-31", 50)], 60, 50),
    ],
)
def test_a_smaller_number_of_a_platform_is_reported_and_does_not_count(old, new, known, said):
    merge = merge_rows(old, new)
    assert total_of(merge.rows) == total_of(old)
    assert merge.smaller == (SmallerCount("/a/", "P", known, said),)
    replaced = merge_rows(old, new, replace=True)
    assert (replaced.rows, replaced.smaller) == (tuple(new), ())
    assert merge_rows(replaced.rows, new, replace=True) == replaced


def test_a_smaller_number_for_a_longer_time_does_not_make_the_total_smaller():
    year = row("2024-01-01", "2024-12-31", 90)
    merge = merge_rows([JANUARY, FEBRUARY], [year])
    assert (total_of(merge.rows).count, merge.smaller) == (100, ())


def test_replacing_keeps_periods_that_the_new_ones_do_not_overlap():
    less = row("2024-01-01", "2024-01-31", 1)
    assert merge_rows([JANUARY, FEBRUARY], [less], replace=True).rows == (less, FEBRUARY)


def test_platforms_and_posts_are_merged_apart():
    others = [row("2024-01-01", "2024-01-31", 1, platform="Q"), row("2024-01-01", "2024-01-31", 1, post="/b/")]
    merge = merge_rows([JANUARY], others)
    assert (len(merge.rows), merge.smaller) == (3, ())
