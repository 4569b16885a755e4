"""The script that is added to a page, and the parts of a page that make a reload necessary."""

import pytest

from sitegen.serve.reload.inject import add_ribbon, add_script, shape_of


def page(head: str = "", body: str = "text") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_pages_that_differ_in_urls_of_style_sheets_have_the_same_shape():
    one = shape_of(page('<link rel="stylesheet" href="/a.1.css"><link rel="preload" as="style" href="/a.1.css">'))
    two = shape_of(page('<link rel="stylesheet" href="/a.2.css"><link rel="preload" as="style" href="/a.2.css">'))
    assert one.digest == two.digest
    assert (one.styles, two.styles) == (("/a.1.css",), ("/a.2.css",))


@pytest.mark.parametrize(
    "other",
    [
        page('<link rel="stylesheet" href="/a.css">', "other text"),
        page('<link rel="stylesheet" href="/a.css" media="print">'),
        page('<link rel="stylesheet" href="/a.css"><link rel="stylesheet" href="/b.css">'),
        page('<link rel="icon" href="/a.css">'),
        page('<link rel="stylesheet" href="/a.css"><link rel="icon" href="/i.png">'),
        page(),
    ],
)
def test_any_other_difference_is_another_shape(other):
    assert shape_of(page('<link rel="stylesheet" href="/a.css">')).digest != shape_of(other).digest


def test_the_urls_of_other_links_are_part_of_the_shape():
    assert shape_of(page('<link rel="icon" href="/1.png">')) != shape_of(page('<link rel="icon" href="/2.png">'))


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ('<link rel="stylesheet" href="/a.css">', "/a.css"),
        ("<link rel='stylesheet' href='/a.css'>", "/a.css"),
        ("<link rel=stylesheet href=/a.css>", "/a.css"),
        ('<LINK HREF="/a.css" REL="alternate stylesheet">', "/a.css"),
        ('<link rel="stylesheet" href="/a.css?x=1&amp;y=2">', "/a.css?x=1&y=2"),
        ('<link <link rel="stylesheet" href="/a.css">', "/a.css"),
    ],
)
def test_style_sheets_are_found_however_they_are_written(tag, address):
    assert shape_of(page(tag)).styles == (address,)


def test_the_script_is_added_before_the_last_end_of_the_body():
    body = "<script>const text = '</body>';</script>"
    added = add_script(page(body=body), "token", 3, "/x/")
    assert body.encode() in added
    assert added.endswith(b"</script></body></html>")
    assert b'data-token="token" data-version="3"' in added


def test_a_page_without_a_body_gets_its_parts_at_the_end():
    assert add_ribbon(b"<p>text", "a draft").startswith(b"<p>text<div")


def test_what_a_request_said_is_escaped():
    added = add_script(page(), "token", 1, '/"><script>alert(1)</script>/')
    assert b"alert(1)</script>" not in added.replace(b"&lt;/script", b"")
    assert b"<script>alert" not in added
