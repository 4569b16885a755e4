import pytest

from tests.tools.coverage_report import format_report, is_enough, join_ranges


def report(total, **files):
    """Return a report in the form of `coverage json`: the percentage and the missing lines of each file."""
    return {
        "totals": {"percent_covered": total},
        "files": {
            name: {"summary": {"percent_covered": percent}, "missing_lines": lines}
            for name, (percent, lines) in files.items()
        },
    }


def test_files_below_ninety_percent_are_listed_from_the_lowest_up():
    found = report(96.04, a=(89.9, [3, 4, 5, 9]), b=(90.0, [1]), c=(12.5, [7]))
    assert format_report(found) == [
        " 12.5 %  c: 7",
        " 89.9 %  a: 3-5, 9",
        " 96.0 %  of all lines and branches (at least 95 %)",
    ]


@pytest.mark.parametrize(("total", "expected"), [(94.99, False), (95.0, True), (100.0, True)])
def test_less_than_ninety_five_percent_are_not_enough(total, expected):
    assert is_enough(report(total)) is expected


@pytest.mark.parametrize(("lines", "expected"), [([], ""), ([1], "1"), ([1, 2, 4, 6, 7, 8], "1-2, 4, 6-8")])
def test_consecutive_lines_are_joined(lines, expected):
    assert join_ranges(lines) == expected
