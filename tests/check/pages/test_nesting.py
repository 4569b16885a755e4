"""What is not closed is reported once, at its cause."""

import pytest

from sitegen.check.html.tokenizer import read_document
from sitegen.check.pages.nesting import check_nesting


def problems_of(html):
    return [problem.message for problem in check_nesting(read_document("a.html", html))]


@pytest.mark.parametrize(
    "html",
    [
        "<main><article><div><table><tr><td>x</div></article></main>",
        "<main><div><table><tr><td>x</td></tr></div><div>y</div></main>",
        "<div><table><tr><th>x</div><table><tr><td>y</table>",
    ],
)
def test_a_table_without_an_end_is_one_problem(html):
    assert problems_of(html) == ["<table> is still open at </div>"]


@pytest.mark.parametrize(
    "html",
    [
        "<div><table><tr><td>x</div></table></div>",
        "<div><table><tr><td><table><tr><td>x</div></table></table></div>",
        "<div><table><tr><td>x</div><p>y</table><table></table></div>",
    ],
)
def test_an_end_tag_in_a_cell_of_a_complete_table_ends_nothing(html):
    assert problems_of(html) == ["the end tag </div> ends nothing"]


def test_stray_end_tags_take_linear_time():
    html = "<div><table><tr><td>" + "</div>" * 20_000 + "</table></div>"
    assert len(problems_of(html)) == 20_000
