"""SVG images lose scripts and the data of editors; others stay as they are, byte for byte."""

import pytest

from sitegen.media.svg import EMPTY, sanitize_svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"{}>{}</svg>'


def make(inside: str = "", attributes: str = "") -> bytes:
    return SVG.format(attributes, inside).encode()


@pytest.mark.parametrize(
    "data",
    [
        make('<path d="M0 0h9v9z"/>'),
        make("<style>.a{fill:red}</style><text class='a'>on time=1</text>"),
        make('<a xlink:href="https://example.org/"><circle r="2"/></a>'),
        make('<animate attributeName="r" values="1;2" dur="1s"/>'),
    ],
)
def test_a_harmless_image_is_the_same(data):
    assert sanitize_svg(data) == data


@pytest.mark.parametrize(
    "data",
    [
        make("<script>bad()</script>"),
        make("<SCRIPT>bad()</SCRIPT>"),
        make('<s:script xmlns:s="http://www.w3.org/2000/svg">bad()</s:script>'),
        make("", ' onload="bad()"'),
        make('<g onclick = "bad()"/>'),
        make('<a href="javascript:bad()">x</a>'),
        make('<a xlink:href=" java&#10;script:bad()">x</a>'),
        make('<a><set attributeName="href" to="javascript:bad()"/></a>'),
        make('<a><animate attributeName="href" values="#;javascript:bad()"/></a>'),
        make('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="bad()"/></foreignObject>'),
        make('<h:script xmlns:h="http://www.w3.org/1999/xhtml">bad()</h:script>'),
        make("<metadata>bad()</metadata>"),
        make("<!-- bad() -->"),
        make('<i:view xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:path="bad()"/>'),
        make("", ' xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:path="bad()"'),
        b'<?xml-stylesheet href="bad()"?>' + make(),
        b'<!DOCTYPE svg [<!ENTITY x "<script>bad()</script>">]>' + make("&x;"),
        make("<script>bad()</script>").decode().encode("utf-16"),
        make("<script>bad()"),
        b"<html><script>bad()</script></html>",
    ],
)
def test_what_runs_or_names_the_author_is_removed(data):
    cleaned = sanitize_svg(data)
    assert b"bad()" not in cleaned
    assert b"bad()" not in cleaned.replace(b"\0", b"")
    assert sanitize_svg(cleaned) == cleaned


def test_text_after_a_removed_element_stays():
    assert b"<text>before after</text>" in sanitize_svg(make("<text>before<script>x</script> after</text>"))


def test_a_file_that_browsers_do_not_show_becomes_empty():
    assert sanitize_svg(make("<script>")) == EMPTY
