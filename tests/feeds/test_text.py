"""Strings and URLs as feeds have them."""

from xml.etree import ElementTree

import pytest

from sitegen.feeds import text
from sitegen.feeds.address import absolute, to_uri
from sitegen.feeds.item import Image
from sitegen.feeds.xml_writer import element, enclose, plain_or_html, show_images, show_text


@pytest.mark.parametrize(
    ("value", "legal", "one_line"),
    [
        ("a b", "a b", "a b"),
        (" a  b ", " a  b ", "a b"),
        (" a b", " a b", "a b"),
        ("a\r\nb\rc\n", "a\nb\nc\n", "a b c"),
        ("a\x85b", "a b", "a b"),
        ("a\x00\ud800b", "ab", "ab"),
        ("a\tb\u2028c", "a\tb\u2028c", "a b c"),
        ("", "", ""),
        ("<&>", "<&>", "<&>"),
    ],
)
def test_strings_have_no_characters_that_xml_forbids(value, legal, one_line):
    assert text.legal(value) == legal
    assert text.one_line(value) == one_line


@pytest.mark.parametrize("html", ["<p>a &amp; b</p>", "", "x]]>y", "]]>", "]]]]>>", "<![CDATA[x]]>"])
def test_html_in_a_cdata_section_is_what_a_parser_reads(html):
    assert ElementTree.fromstring(f"<a>{text.write_cdata(html)}</a>").text == (html or None)


def test_markup_is_escaped_as_each_format_needs_it():
    value = """<a href="b" c='d'>&amp;</a>"""
    assert text.escape(value) == """&lt;a href="b" c='d'&gt;&amp;amp;&lt;/a&gt;"""
    assert text.escape_plain(value) == """&#x3C;a href="b" c='d'&gt;&#x26;amp;&#x3C;/a&gt;"""
    assert text.quote(value) == "&lt;a href=&quot;b&quot; c='d'&gt;&amp;amp;&lt;/a&gt;"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a < b", True), ("&lt", True), ("&#60;", True), ("R&D", True), ("a & b > c", False), ("&", False), ("", False)],
)
def test_what_readers_may_take_for_html_is_recognised(value, expected):
    assert text.looks_like_html(value) is expected
    assert plain_or_html(value)[0] == ("html" if expected else "text")
    assert plain_or_html(value, "plain")[0] == ("html" if expected else "plain")


def test_elements_are_written_with_their_attributes():
    assert element("a", "<\x00&") == "<a>&lt;&amp;</a>"
    assert element("a:b", xml__lang='"de"\x00', href="c&d") == '<a:b xml:lang="&quot;de&quot;" href="c&amp;d"/>'
    assert enclose("a", "<b/>", c="d") == '<a c="d"><b/></a>'
    assert show_text("title", "a > b") == "<title>a &gt; b</title>"
    assert show_text("title", "a < b") == '<title type="html">a &amp;lt; b</title>'


def test_images_are_written_with_what_is_known_of_them():
    images = [
        Image("https://a/b?c&d", "image/png", 12, 3, 4, "plain"),
        Image("https://a/e", "", 0, 3, 0, "a < b"),
        Image("https://a/f", "image/gif", 0, 0, 4, ""),
    ]
    assert show_images([]) == ""
    assert show_images(images) == (
        '<media:content url="https://a/b?c&amp;d" type="image/png" medium="image" fileSize="12" width="3" height="4">'
        '<media:description type="plain">plain</media:description></media:content>'
        '<media:content url="https://a/e" medium="image">'
        '<media:description type="html">a &amp;lt; b</media:description></media:content>'
        '<media:content url="https://a/f" type="image/gif" medium="image"/>'
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a/b", "https://h.example:80/a/b"),
        ("/a/../b", "https://h.example:80/b"),
        ("/.b", "https://h.example:80/.b"),
        ("//o.example/a", "https://o.example/a"),
        ("a/b", "https://h.example:80/x/a/b"),
        ("", "https://h.example:80/x/y"),
        ("http://o.example", "http://o.example"),
        ("https://o.example/a/../b.c/", "https://o.example/a/../b.c/"),
        ("https://[::1", ""),
        ("//[/a", ""),
    ],
)
def test_a_url_is_resolved_as_browsers_do(url, expected):
    assert absolute(url, "https://h.example:80/x/y") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/b?c=d&e=%41#f", "https://a.example/b?c=d&e=%41#f"),
        ("https://bücher.example/ü?ü#ü", "https://xn--bcher-kva.example/%C3%BC?%C3%BC#%C3%BC"),
        ("https://bücher.example:8080", "https://xn--bcher-kva.example:8080"),
        ("https://[2001:db8::1]/[a]", "https://[2001:db8::1]/%5Ba%5D"),
        ("https://a.example/100%/%zz%41", "https://a.example/100%25/%25zz%41"),
        ("mailto:jürgen@a.example", "mailto:j%C3%BCrgen@a.example"),
        ("/ä [b]", "/%C3%A4%20%5Bb%5D"),
        ("https://ü" + "x" * 70 + ".example/", "https://%C3%BC" + "x" * 70 + ".example/"),
        ("https://a.example/!$&'()*+,;=:@~-._/\"<>", "https://a.example/!$&'()*+,;=:@~-._/%22%3C%3E"),
        ("", ""),
    ],
)
def test_a_url_becomes_a_uri(url, expected):
    assert to_uri(url) == expected
