"""HTML is removed from titles and summaries."""

import pytest

from sitegen.importers.convert.plain_line import plain_line


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("2.0 <em>out</em> &amp; about", "2.0 out & about"),
        ("<b>One <i>and</i></b> two", "One and two"),
        ('<span class="x">A</span><br/>B', "A B"),
        ("What <details> does", "What <details> does"),
        ("a < b > c", "a < b > c"),
        ("Fish&nbsp;&#8217;n&#x2019; chips", "Fish\xa0’n’ chips"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("<em>open", "<em>open"),
    ],
)
def test_inline_elements_are_removed(html, text):
    assert plain_line(html) == text
