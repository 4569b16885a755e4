"""Bare URLs become links in both Markdown engines, by GitHub's rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.schema import ENGINES, Markdown
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.processor_time import find_growth, measure_seconds

RENDERERS = {engine: MarkdownRenderer(Markdown(engine=engine, highlight=False)) for engine in ENGINES}

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def render(engine, text, **settings):
    return RENDERERS[engine].render(text, path="content/posts/a.md", **settings).html.strip()


def links_of(html):
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See https://a.example/x.", ["https://a.example/x"]),
        (
            "http://a.example, HTTPS://B.example; ftp://c.example!",
            ["http://a.example", "HTTPS://B.example", "ftp://c.example"],
        ),
        ("(https://a.example/x_(y)) and (https://a.example/z)", ["https://a.example/x_(y)", "https://a.example/z"]),
        ("**https://a.example/b_c_d** *https://a.example/e*", ["https://a.example/b_c_d", "https://a.example/e"]),
        ('"https://a.example/b" ‘https://a.example/c’', ["https://a.example/b", "https://a.example/c"]),
        ("https://a.example/b--c...", ["https://a.example/b--c"]),
        ("https://a.example:8080/?b=1&amp;c=2#d", ["https://a.example:8080/?b=1&amp;c=2#d"]),
        ("https://a.example/?b=1&c=2&lt;", ["https://a.example/?b=1&amp;c=2"]),
        ("https://a.example/b&copy;", ["https://a.example/b"]),
        ("https://a.example/b\\_c\\*d", ["https://a.example/b_c*d"]),
        ("https://a.example/<b>x</b>https://a.example/c", ["https://a.example/", "https://a.example/c"]),
        ("https://a.example/[b]", ["https://a.example/"]),
        ("[https://a.example/b]", ["https://a.example/b"]),
        ("https://web.a.example/2/https://b.example/c", ["https://web.a.example/2/https://b.example/c"]),
        ("见https://a.example/c。https://a.example见", ["https://a.example/c", "https://a.example"]),
        ("Ünï https://a.example/ü and *é* https://a.example/é.", ["https://a.example/ü", "https://a.example/é"]),
        (
            "# https://a.example/b\n\n> https://a.example/c\n\n- https://a.example/d",
            ["https://a.example/b", "https://a.example/c", "https://a.example/d"],
        ),
        (
            "| https://a.example/b | c |\n|---|---|\n| d | https://a.example/e |",
            ["https://a.example/b", "https://a.example/e"],
        ),
        ("a[^1]\n\n[^1]: https://a.example/b", ["https://a.example/b"]),
    ],
)
def test_a_bare_url_becomes_a_link_without_the_punctuation_of_its_sentence(engine, text, urls):
    assert links_of(render(engine, text)) == [(url, url) for url in urls]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "www.a.example/b, (www.c.example)",
            [("http://www.a.example/b", "www.a.example/b"), ("http://www.c.example", "www.c.example")],
        ),
        ("https://a.example/{b}", [("https://a.example/%7Bb%7D", "https://a.example/{b}")]),
    ],
)
def test_a_link_has_the_scheme_and_the_escapes_that_a_url_needs(engine, text, links):
    assert links_of(render(engine, text)) == links


@pytest.mark.parametrize(
    "text",
    [
        "`https://a.example`",
        "    https://a.example",
        "```\nhttps://a.example\n```",
        '<b title="https://a.example">x</b>',
        "<code>https://a.example</code>",
        "<div>https://a.example</div>",
        "x <!-- https://a.example --> y",
        "<script>\nhttps://a.example\n</script>",
        "http://localhost/a",
        "https://a_b.c_d/e",
        "xhttps://a.example",
        "x.www.a.example",
        "me@www.a.example",
        "https&#58;//a.example",
        "https:// a.example",
        "https://a\\_b.example/c",
        "me@a.example",
        'a="https://a.example"',
    ],
)
def test_text_that_is_not_a_bare_url_is_unchanged(engine, text):
    assert "<a" not in render(engine, text)


@pytest.mark.parametrize(
    "text",
    [
        "[https://a.example](https://b.example)",
        "[see *https://a.example*](/b)",
        "[https://a.example][r]\n\n[r]: https://b.example",
        "![https://a.example](b.png) [x](/c)",
        '[x](https://a.example "https://b.example")',
        "<https://a.example>",
        '<a href="https://a.example">https://b.example</a>',
        '<a href="/b">*https://a.example* <b>https://b.example</b></a>',
    ],
)
def test_links_and_images_keep_their_text(engine, text):
    assert render(engine, text).count("<a ") == 1


@given(
    st.lists(
        st.sampled_from(
            [
                *("https://a.example/b", "www.a.example", '<a href="/x">', "</a>", "<b>", "<code>", "</code>", "&amp;"),
                *("[", "](", ")", "](/c)", "`", "*", "_", "<", ">", '"', " ", "\n", "\n\n", "    ", "\\", "é", "|"),
                *("[^1]", "[r]: ", "> ", "- ", "!["),
            ]
        ),
        max_size=14,
    )
)
def test_a_url_stays_readable_in_any_context(engine, pieces):
    html = render(engine, "".join(pieces))
    assert not re.search("[\ufdd0-\ufdef]|%EF%B7", html)
    assert html.count("a.example") <= 3 * "".join(pieces).count("a.example")


def test_one_document_does_not_change_the_next(engine):
    before = '<a href="/x"> https://a.example/b\n'
    after = '<b title="x"> https://a.example/b</b>\n'
    render(engine, before)
    assert links_of(render(engine, after)) == [("https://a.example/b", "https://a.example/b")]


def test_text_that_is_not_trusted_gets_links_too(engine):
    html = render(engine, "https://a.example/b <script>x</script>", trusted=False)
    assert links_of(html) == [("https://a.example/b", "https://a.example/b")]


def test_bare_urls_stay_text_where_the_setting_says_so(engine):
    renderer = MarkdownRenderer(Markdown(engine=engine, linkify=False))
    assert renderer.render("https://a.example/b", path="a.md").html.strip() == "<p>https://a.example/b</p>"


@pytest.mark.parametrize(
    "piece", ["https://a.example/b ", "https://a.example/", "www.", "http://a.", "(https://a.b)))", "&#1"]
)
def test_many_urls_take_time_in_proportion(engine, piece):
    def measure(times):
        text = "\n\n".join([piece * 40] * times)
        return measure_seconds(lambda: render(engine, text))

    measure(1)
    assert find_growth(lambda: measure(40) + 0.2 / 12, lambda: measure(160), growth=12) is None
