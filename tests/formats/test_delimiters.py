import re

import pytest

from sitegen.formats import delimiters

TAG = re.compile(r"<p\b[^>]*+(?:>|(?P<unclosed>\Z))")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<p>b<p x>c", "a-b-c"),
        ("a<p>b<p x", "a-b<p x"),
        ("<p <p <p", "<p <p <p"),
        ("<p <p>a", "-a"),
        ("", ""),
    ],
)
def test_only_what_is_closed_is_replaced(html, expected):
    assert delimiters.replace_closed(TAG, "-", html) == expected
    assert len(list(delimiters.find_closed(TAG, html))) == expected.count("-")
    first = delimiters.search_closed(TAG, html)
    assert (first is not None) == ("-" in expected)


def test_an_expression_without_unclosed_matches_is_replaced_everywhere():
    assert delimiters.replace_closed(re.compile(rb"(?P<one>a)|b"), b"-", b"abc") == b"--c"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<pre>b<code>c</code></pre>d", "ad"),
        ("a<code>b</pre>c", "a<code>b</pre>c"),
        ("a<pre>b<code>c</code>d", "a<pre>bd"),
        ("a<pre>b</code><code>c</pre>d</code>", "ad</code>"),
        ("<prefix>b</pre>", "<prefix>b</pre>"),
    ],
)
def test_code_is_removed_from_its_start_tag_to_the_next_end_tag(html, expected):
    assert delimiters.remove_code(html) == expected


def test_a_span_ends_at_the_first_of_its_ends_that_is_found():
    ends = {"<a": (re.compile("</a>"), re.compile(">")), "<": (re.compile(">"),)}
    start = re.compile("<a?", re.IGNORECASE)
    assert delimiters.remove_spans("1<A>2</a>3<A>4<b>5<A 6", start, ends) == "1345<A 6"


def test_tags_are_removed():
    assert delimiters.remove_tags("a<b c>d<>e < f") == "ade < f"


def test_the_next_match_is_found_from_growing_positions():
    following = delimiters.NextMatch(re.compile("x"), "axbx")
    found = [following.find(position) for position in (0, 1, 2, 3, 4, 4)]
    assert [match and match.start() for match in found] == [1, 1, 3, 3, None, None]
