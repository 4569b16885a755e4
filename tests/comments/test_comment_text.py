"""The text of comments, for search and for search engines."""

from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.comments.comment_html import render_comment
from sitegen.comments.comment_text import texts_of_comments
from sitegen.search.html_text import text_of
from tests.comments.markup import PARTS


@given(st.lists(st.lists(PARTS, max_size=14), min_size=1, max_size=4))
@example([["a"], ["b\n\nc"]])
@example([["a<sup>b</sup><hr>c & d", "- e\n- f"], ["g"]])
@example([['[a](https://e.org/?a>b "c>d")'], ["*a*"]])
@example([["- a"], ["b"]])
@example([["a"], [""], ["> b"]])
def test_the_texts_of_comments_are_those_of_any_html(comments):
    htmls = [render_comment("".join(parts)) for parts in comments]
    assert [text.split() for text in texts_of_comments(htmls)] == [text_of(html).split() for html in htmls]


def test_no_comments_have_no_texts():
    assert texts_of_comments([]) == []
