"""The HTML of comments: what Markdown makes of them, without anything that a stranger should not put on a page."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.comments import comment_html
from sitegen.comments.comment_html import render_comment
from tests.comments.markup import PARTS

WORDS = st.text(st.sampled_from("ab cé1.,-?!'\"()_\n*#>w水 "), max_size=40)


@given(WORDS)
def test_plain_text_is_rendered_as_the_engine_renders_it(text):
    if not comment_html._is_plain(text):
        return
    expected = comment_html._cleaner().clean(comment_html._markdown().html(text)).strip("\n") + "\n"
    assert render_comment(text).split() == expected.split()


@given(st.lists(PARTS, max_size=14))
@example(["https://e.org/a", ".", " "])
@example(["[link](https://e.org/a)", ", ", "*em* ", "**strong** ", "[x](https://e.org/b)"])
@example(["a", "*b*"])
@example(["*[a](https://e.org/a)*"])
@example(["*a* https://e.org/a *b*[c](https://e.org/b)"])
@example(["[a](https://e.org/a)", "(", "b", ")"])
@example(["**a*", " *b**"])
@example(['"', "*", "a", "*"])
def test_html_without_the_cleaner_is_that_of_the_cleaner(parts):
    text = "".join(parts)
    html = render_comment(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comment_html, "_is_plain", lambda _: False)
        patch.setattr(comment_html, "_is_clean", lambda *_: False)
        expected = render_comment(text)
    assert html.split() == expected.split()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Two\nlines.\n\nAnother.", "<p>Two\nlines.</p>\n<p>Another.</p>\n"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
        ("# Shout", "<p><strong>Shout</strong></p>\n"),
        ("a <script>alert(1)</script> b", "<p>a  b</p>\n"),
        ("[x](javascript:alert)", "<p>x</p>\n"),
        ("[*x*](a.html) [y](https://e.org)", '<p><em>x</em> <a href="https://e.org" rel="ugc nofollow">y</a></p>\n'),
        ("[x](/a/ 't')", '<p><a href="/a/" title="t" rel="ugc nofollow">x</a></p>\n'),
        ("[x](#a) [y](mailto:a@e.org)", '<p><a href="#a" rel="ugc nofollow">x</a> '
            '<a href="mailto:a@e.org" rel="ugc nofollow">y</a></p>\n'),
        ('<p>a <img width=9 src="https://e.org/i.png?a&amp;b" alt="x"></p>',
            '<p>a <a href="https://e.org/i.png?a&amp;b" rel="ugc nofollow">https://e.org/i.png?a&amp;b</a></p>\n'),
        ("[x](https://e.org)", '<p><a href="https://e.org" rel="ugc nofollow">x</a></p>\n'),
        ("https://e.org/a", '<p><a href="https://e.org/a" rel="ugc nofollow">https://e.org/a</a></p>\n'),
        ("![alt](https://e.org/i.png)", '<p><a href="https://e.org/i.png" rel="ugc nofollow">alt</a></p>\n'),
        ('<b onclick="x" style="y" id="z">a</b>', "<p>a</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
    ],
)  # fmt: skip
def test_markdown_of_a_comment(text, html):
    assert render_comment(text) == html


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "<iframe src=//e.org></iframe>", "<form><input>"])
def test_nothing_is_loaded_or_run(text):
    assert render_comment(text).strip() in ("", "<p></p>")
