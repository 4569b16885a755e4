import pytest

from sitegen.content.ledger.views_file import COLUMNS, ViewRow, check_platform, read_views, write_views
from sitegen.errors import Problem, SiteError

HEADER = ",".join(COLUMNS)
ROW = "/posts/frost/,Plausible,2024-01-01,2024-12-31,2025-01-02,1234"
ROWS = (
    ViewRow("/posts/frost/", "Plausible", "2024-01-01", "2024-12-31", "2025-01-02", 1234),
    ViewRow('/posts/a, "b"/', "Substack", "", "2025-01-02", "2025-01-02", 5),
    ViewRow("/posts/brücke/", "My server", "", "2025-01-02", "2025-01-02", 0),
)


def read(folder, text):
    path = folder / "views.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_views(path)


def test_what_is_written_is_read_again_with_a_row_a_line_in_order(tmp_path):
    data = write_views(ROWS)
    assert sorted(read(tmp_path, data)) == sorted(ROWS)
    assert data == write_views((*reversed(ROWS), ROWS[0]))
    assert data.decode().splitlines()[0] == HEADER
    assert len(data.decode().splitlines()) == 4


def test_a_site_without_the_file_has_no_rows(tmp_path):
    assert read_views(tmp_path / "views.csv") == ()


@pytest.mark.parametrize("text", [f"\ufeff{HEADER}\r\n{ROW}\r\n", f"{HEADER}\n\n{ROW}", f"{HEADER}\n{ROW}\n{ROW}\n"])
def test_a_file_that_a_spreadsheet_or_a_merge_has_written_is_read(tmp_path, text):
    assert set(read(tmp_path, text)) == {ROWS[0]}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "this is not a file that `sitegen views` has written"),
        ("post,count\n", 1, "this is not a file that `sitegen views` has written"),
        (f"{HEADER.replace(',', ';')}\n", 1, "this is not a file that `sitegen views` has written"),
        (f"{HEADER}\n{ROW}\n<<<<<<< HEAD\n", 3, "the row has 1 cells, not 6"),
        (f"{HEADER}\n{ROW},x\n", 2, "the row has 7 cells, not 6"),
        (f"{HEADER}\nposts/a/,P,,2024-01-01,2024-01-01,1\n", 2, '"posts/a/" is not the path of a post'),
        (f"{HEADER}\n/{'a' * 5000}/,P,,2024-01-01,2024-01-01,1\n", 2, "is not the path of a post"),
        (f"{HEADER}\n/a\x07/,P,,2024-01-01,2024-01-01,1\n", 2, "is not the path of a post"),
        (f"{HEADER}\n/a/,,,2024-01-01,2024-01-01,1\n", 2, "'' is not the name of a platform"),
        (f"{HEADER}\n/a/,=1+1,,2024-01-01,2024-01-01,1\n", 2, "a character by which spreadsheets recognize formulas"),
        (f"{HEADER}\n/a/,P,,2024-02-30,2024-01-01,1\n", 2, '"2024-02-30" is not a day'),
        (f"{HEADER}\n/a/,P,,20240201,2024-01-01,1\n", 2, '"20240201" is not a day'),
        (f"{HEADER}\n/a/,P,,,2024-01-01,1\n", 2, '"" is not a day'),
        (f"{HEADER}\n/a/,P,2024-03-01,2024-01-01,2024-01-01,1\n", 2, "before it begins on 2024-03-01"),
        (f"{HEADER}\n/a/,P,,2024-01-01,2024-01-01,-1\n", 2, '"-1" is not a whole number'),
        (f"{HEADER}\n/a/,P,,2024-01-01,2024-01-01,{10**13}\n", 2, "is not a whole number from 0 to"),
        (f"{HEADER}\n/a/,P,,2024-01-01,2024-01-01,{'9' * 5000}\n", 2, "is not a whole number from 0 to"),
        (f"{HEADER}\n/a/,P,,2024-01-01,2024-01-01,٣\n", 2, "is not a whole number from 0 to"),
        (f'{HEADER}\n"/a/\n', 2, "not valid CSV: unexpected end of data"),
        (f'{HEADER}\n"{"a" * (1 << 21)}",P\n', 2, "not valid CSV: field larger than field limit"),
        (f"{HEADER}\n".encode() + b"/\xff/,P,,2024-01-01,2024-01-01,1\n", 2, "the file is not UTF-8"),
    ],
)
def test_a_damaged_row_is_a_problem_with_its_line(tmp_path, text, line, message):
    with pytest.raises(SiteError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("views.csv", line)
    assert message in problem.message
    assert problem.hint


def test_all_damaged_rows_are_reported_at_once(tmp_path):
    with pytest.raises(SiteError) as caught:
        read(tmp_path, f'{HEADER}\n"/a\n/",x\n{ROW}\nb,y\n')
    assert [problem.line for problem in caught.value.problems] == [2, 5]
    assert isinstance(caught.value.problems[0], Problem)


@pytest.mark.parametrize("name", ["", " a", "a\nb", "a" * 61, "+1", "@x", "-", "=A1"])
def test_a_platform_has_a_name_that_pages_and_spreadsheets_can_show(name):
    with pytest.raises(ValueError, match=r"platform|formulas"):
        check_platform(name)
