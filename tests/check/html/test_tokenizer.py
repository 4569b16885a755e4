"""The tokenizer and the check of nesting follow the HTML standard, and accept arbitrary input."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.check.html.tag_cache import _PLAIN_TAG, _read_attributes, read_form
from sitegen.check.html.tag_cache import MARKUP as PATTERN
from sitegen.check.html.tokenizer import _read_any, _read_plain, read_document, read_tags
from sitegen.check.links.resolve import host_files
from sitegen.check.options import CheckLimits
from sitegen.check.pages.nesting import check_nesting
from sitegen.check.pages.page_facts import read_page
from sitegen.check.pages.template_leftovers import _TEMPLATE_TAG, _blank_code, _is_all_code
from sitegen.check.problem_types import PROBLEM_TYPES
from sitegen.formats.srcset import read_srcset
from sitegen.system.limits import limit

HOSTING = host_files("https://news.example.org/repo/", ["index.html", "a/index.html"])
MARKUP = (
    "< > </ /> <a href= <p <!-- --> <script> </script> <title> </title> <svg> </svg> = \" ' & &amp; # ? % \x00 \\ "
    "<img src srcset= <table> <td> <tr> <li> </li> <ul> <h1> </h2> <meta http-equiv=refresh content= 0;url= "
    '<script\ttype=application/ld+json> {"@type": [ ] } http:// https:// //[ : ../ a é 中 id=x'
)
PIECES = st.sampled_from(MARKUP.split(" "))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join))
def test_no_text_makes_the_check_fail(text):
    facts = read_page("a/index.html", text.encode("utf-8", "surrogatepass"), HOSTING, CheckLimits())
    assert {problem.id for problem in facts.problems} <= set(PROBLEM_TYPES)


TAGS = (
    '<p>|</p>|<a href="/x/" rel="tag">|</a>|<br/>|<img src="a" alt="&amp;">|<A HREF=x>|</P >|<title>|</title>|<script>|'
    '</script>|<svg>|</svg>|<svg/>|<!-- c -->|<!-->|<!doctype html>|<p title="a > b">|<p <b>|<a b=\'|< p>|</>|</ p>|'
    '<3>|<p id="a" id="b">|<p|<>|text|>'
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(TAGS.split("|")), max_size=12).map("".join))
def test_a_text_is_read_plainly_only_where_that_is_what_the_standard_says(text):
    plain = _read_plain(text)
    assert plain is None or (list(plain[0]), list(plain[1])) == _read_any(text)


ATTRIBUTES = 'href="/a&amp;b"|id="x"|id=""|class=\'a\'|hidden|HREF=x|xlink:href="#a"|data-x="<"|/|alt="a=b"|="x"'


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["a ", "/a ", "p ", "h1 "]),
    st.lists(st.sampled_from(ATTRIBUTES.split("|")), max_size=4).map(" ".join),
)
def test_a_plain_tag_says_what_the_standard_s_pattern_reads(name, inside):
    raw = name + inside
    form = read_form(raw)
    if _PLAIN_TAG.fullmatch(raw):
        slash, name, inside, _ = PATTERN.fullmatch(f"<{raw}>").groups()
        attributes = _read_attributes(inside, False)[0] if inside and not slash else {}
        assert (form.name, form.end, form.attributes) == (name, slash != "", attributes)


CODE = "{{ x }}|{% y %}|{|<code>|</code>|<pre>|</pre>|<b>|</b>|<!--|-->|>|<p a='|'>| "


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*CODE.split("|"), "\n", "</CODE >", "<code a>", "<!-->"]), max_size=10).map("".join))
def test_code_is_blanked_as_a_regular_expression_would_in_quadratic_time(text):
    code = re.compile(
        r"<(code|pre|script|style|textarea|template)\b[^>]*>.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
    )
    assert _blank_code(text) == code.sub(lambda found: "\n" * found[0].count("\n"), text)


@pytest.mark.parametrize("unit", ["<code>", "<!--", "<a", "<pre><code>", "</code", "<code>a</code >"])
def test_long_pages_are_blanked_in_linear_time(unit):
    with limit(2.0, 1000):
        _blank_code(unit * 100_000)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(CODE.split("|")), max_size=10).map("".join))
def test_a_page_is_taken_to_hold_code_only_if_no_template_tag_shows(text):
    if _is_all_code(text):
        assert not _TEMPLATE_TAG.search(_blank_code(text))


def names(text):
    return [("/" if tag.end else "") + tag.name for tag in read_tags(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<P>a</P >", ["p", "/p"]),
        ("<!-- <p> --><p><!--><b><!---><i><!-- a --!><u>", ["p", "b", "i", "u"]),
        ("<!-- never ends <p>", []),
        ("a < b, <3, </ p>, <?php <p>", []),
        ("<script>if (a</b>c) '<p>'</script><b>", ["script", "/script", "b"]),
        ("<textarea><p></textarea><title><p></title>", ["textarea", "/textarea", "title", "/title"]),
        ("<script><p>", ["script"]),
        ("<svg><title><p></p></title></svg>", ["svg", "title", "p", "/p", "/title", "/svg"]),
        ("<a title='>' href=\">\"><p>", ["a", "p"]),
        ("<a title=a'b><p>", ["a", "p"]),
        ("<p", []),
    ],
)
def test_tags_are_read_as_the_standard_says(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a href=x/y title='a b' HIDDEN>", {"href": "x/y", "title": "a b", "hidden": ""}),
        ('<a href = "a&amp;b" />', {"href": "a&b"}),
        ("<a href=x/>", {"href": "x/"}),
        ("<a href>", {"href": ""}),
        ("<a href=1 href=2>", {"href": "1"}),
        ('<a data-x="\n">', {"data-x": "\n"}),
    ],
)
def test_attributes_are_read_as_the_standard_says(text, expected):
    assert dict(read_tags(text)[0][0].attributes) == expected


HOSTILE = (
    "<",
    "<a ",
    "<a b=",
    "<a b='",
    "<!--",
    "</",
    "</ ",
    "<a b=\"'",
    "<script>",
    "<svg>",
    "a=",
    "<a b=c'",
    "<div>",
    "<p>",
)


@pytest.mark.parametrize("piece", [*HOSTILE, "<h2>", "<table>", "<a href=x>", "<p id=x>", "<!x", "</b>"])
def test_hostile_text_takes_time_in_proportion_to_its_length(piece):
    # Exponential or cubic work on this input would never end.
    data = (piece * (20_000 // len(piece))).encode()
    assert read_page("a/index.html", data, HOSTING, CheckLimits()).path == "a/index.html"


ELEMENTS = st.sampled_from(("div", "span", "em", "section", "blockquote", "h2", "ul", "table", "p", "svg", "button"))


def render(tree):
    name, children = tree
    inside = "".join(render(child) for child in children)
    if name == "ul":
        return f"<ul><li>{inside}</li><li>x</ul>"
    if name == "table":
        return f"<table><thead><tr><th>{inside}<tbody><tr><td>y</td></table>"
    if name == "svg":
        return '<svg><path d="M0"/><g><title>x</title></g></svg>'
    if name == "p":
        return "<p>x<br>y<img src=x alt=x><p>z</p>" if not children else f"<p>x</p>{inside}"
    return f"<{name}>{inside}</{name}>"


TREES = st.recursive(st.tuples(ELEMENTS, st.just(())), lambda inner: st.tuples(ELEMENTS, st.lists(inner, max_size=3)))


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_what_is_well_nested_is_never_blamed(tree):
    text = f"<!doctype html><html><head><title>x</title><body>{render(tree)}</body></html>"
    assert list(check_nesting(read_document("a.html", text))) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.png", [("a.png", "")]),
        ("a.png 1x, b.png 2x", [("a.png", "1x"), ("b.png", "2x")]),
        ("a,b.png 480w,\n c.png 1.5x ,", [("a,b.png", "480w"), ("c.png", "1.5x")]),
        ("a.png, b.png 2x", [("a.png", ""), ("b.png", "2x")]),
        (" , ", []),
        ("", []),
    ],
)
def test_a_srcset_is_taken_apart_as_the_standard_says(value, expected):
    assert list(read_srcset(value)) == expected
