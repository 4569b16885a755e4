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
        make('<image href="data:image/png;base64,iVBORw0KGgo="/><image xlink:href="beside.png"/>'),
        make('<style>a{fill:url(#paint);src:url(fonts/a.woff2)} b::after{content:"\\201C"}</style>'),
        make("<style>@font-face{src:url('data:application/font-woff;base64,d09GRg==')}</style>"),
        make('<g fill="url(#paint)" style="filter: url(&quot;#f&quot;)"/>'),
        make("<text>Ask at https://example.org/ (before: noon) &#8212; script</text>"),
        b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n' + make("<g/>"),
        make(f'<image href="data:image/png;base64,{"A" * 11_000_000}"/><text>&#65;</text>'),
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
        make('<a.b:script xmlns:a.b="http://www.w3.org/2000/svg">bad()</a.b:script>'),
        make('<é:script xmlns:é="http://www.w3.org/2000/svg">bad()</é:script>'),
        b'<?xml version="1.0" encoding="iso-2022-jp"?>' + make("<scr\x1b(Bipt>bad()</scr\x1b(Bipt>"),
        b'<?xml version="1.0" encoding="utf-7"?>' + make("+ADw-script+AD4-bad()"),
        b'<?xml version="1.0" encoding="utf-16"?>' + make("<script>bad()</script>"),
        make('<use href="data:image/svg+xml,bad()#a"/>'),
        make('<a href="#" ping="https://example.org/bad()"/>'),
        make('<image href="https://example.org/bad()"/>'),
        make('<image xlink:href="//example.org/bad()"/>'),
        make('<image href="&#104;ttps://example.org/bad()"/>'),
        make('<feImage href="ftp://example.org/bad()"/>'),
        make('<use href="https://example.org/bad()#a"/>'),
        make('<image><set attributeName="href" to="https://example.org/bad()"/></image>'),
        make('<g xml:base="https://example.org/bad()/"/>'),
        make('<g fill="url(https://example.org/bad())"/>'),
        make("<g style=\"fill: url( 'https://example.org/bad()' )\"/>"),
        make("<g style='fill: u\\72l(https://example.org/bad())'/>"),
        make("<style>a{fill:red} @import 'https://example.org/bad()';</style>"),
        make("<style>@\\69mport 'https://example.org/bad()';</style>"),
        make("<style><![CDATA[a{background:url(//example.org/bad())}]]></style>"),
        make('<style>a{background:image-set("https://example.org/bad()" 1x)}</style>'),
        b"<?program bad()?>" + make(),
        make() + b"<!-- bad() -->",
        b"<html><script>bad()</script></html>",
    ],
)
def test_what_runs_or_names_the_author_is_removed(data):
    cleaned = sanitize_svg(data)
    assert b"bad()" not in cleaned
    assert b"bad()" not in cleaned.replace(b"\0", b"")
    assert sanitize_svg(cleaned) == cleaned


def test_the_rest_of_a_style_sheet_stays():
    data = make("<style>a{fill:red} @import 'https://example.org/'; b{background:url(https://example.org/)}</style>")
    assert b"<style>a{fill:red}  b{background:}</style>" in sanitize_svg(data)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_nested_elements_take_linear_time(depth):
    data = make("<g>" * depth + "<script>bad()</script>" + "</g>" * depth)
    assert b"bad()" not in sanitize_svg(data)


def test_entities_that_grow_are_not_expanded():
    lines = [f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12)]
    bomb = '<!DOCTYPE svg [<!ENTITY e0 "x">' + "".join(lines) + "]>"
    assert sanitize_svg(bomb.encode() + make("<text>&e12;</text>")) == EMPTY


def test_external_entities_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("bad()")
    doctype = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    assert b"bad()" not in sanitize_svg(doctype.encode() + make("<text>&x;</text>"))


def test_text_after_a_removed_element_stays():
    assert b"<text>before after</text>" in sanitize_svg(make("<text>before<script>x</script> after</text>"))


def test_a_file_that_browsers_do_not_show_becomes_empty():
    assert sanitize_svg(make("<script>")) == EMPTY
