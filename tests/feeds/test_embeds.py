"""What frames, videos, sounds, check boxes and image sources become, each by itself."""

from html import escape

import pytest

from sitegen.feeds.embeds import check_mark, describe, make_readable

PERMALINK = "https://h.example/posts/a/"
FILM = (
    '<a href="https://www.youtube.com/watch?v=abc-efghi_k">'
    '<img src="https://i.ytimg.com/vi/abc-efghi_k/hqdefault.jpg" alt="{}"></a>'
)


@pytest.mark.parametrize(
    ("name", "attributes", "inside", "expected"),
    [
        ("iframe", {}, "", ""),
        ("iframe", {"src": ""}, "", ""),
        ("iframe", {"src": "https://[x"}, "", ""),
        ("iframe", {"src": "/b/c.html"}, "", '<a href="https://h.example/b/c.html">h.example</a>'),
        ("iframe", {"src": "x?a=1&b=2", "title": " A\n<film> "}, "", '<a href="{}x?a=1&amp;b=2">A &lt;film&gt;</a>'),
        ("video", {"src": "my%20film.mp4"}, "", '<a href="{}my%20film.mp4">my film.mp4</a>'),
        ("video", {"src": "https://o.example/"}, "", '<a href="https://o.example/">o.example</a>'),
        ("audio", {"src": "a.mp3", "title": "A talk"}, "", '<a href="{}a.mp3">A talk</a>'),
        ("video", {"src": "a.mp4", "poster": "b.jpg"}, "", '<a href="{0}a.mp4"><img src="{0}b.jpg" alt="a.mp4"></a>'),
        ("video", {"src": "a.mp4", "poster": "https://[x"}, "", '<a href="{}a.mp4">a.mp4</a>'),
        ("video", {"src": "a.mp4"}, '<source src="b.mp4">', '<a href="{}a.mp4">a.mp4</a>'),
        (
            "video",
            {},
            '<source type="x"><source src=""><source src="b&amp;.mp4">',
            '<a href="{}b&amp;.mp4">b&amp;.mp4</a>',
        ),
        ("video", {}, '<source type="x">', ""),
        ("iframe", {"src": "https://www.youtube.com/embed/abc-efghi_k?a"}, "", FILM.format("www.youtube.com")),
        ("iframe", {"src": "http://youtube-nocookie.com/embed/abc-efghi_k", "title": "T"}, "", FILM.format("T")),
        (
            "iframe",
            {"src": "https://youtube.com/embed/short"},
            "",
            '<a href="https://youtube.com/embed/short">youtube.com</a>',
        ),
    ],
)
def test_what_plays_becomes_a_link_with_a_preview_where_there_is_one(name, attributes, inside, expected):
    url, shown = describe(name, attributes, inside, PERMALINK)
    link = f'<a href="{escape(url)}">{shown}</a>' if url else shown
    assert link == expected.replace("{0}", PERMALINK).replace("{}", PERMALINK)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, ""),
        ({"type": "text", "checked": ""}, ""),
        ({"type": "checkbox"}, "☐ "),
        ({"type": "CheckBox", "checked": ""}, "☑ "),
    ],
    ids=["none", "text", "open", "done"],
)
def test_a_check_box_becomes_a_character(attributes, expected):
    assert check_mark(attributes) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>a<iframe src="/b"><p>text</p></iframe>c', '<p>a<a href="https://h.example/b">h.example</a>c'),
        ('a<iframe src="/b">text to the end', 'a<a href="https://h.example/b">h.example</a>'),
        ('a<video src="b.mp4"><audio src="c.mp3"></audio>x</video>d', 'a<a href="{}b.mp4">b.mp4</a>d'),
        ('a</video>b<audio src="c.mp3"></audio>d', 'a</video>b<a href="{}c.mp3">c.mp3</a>d'),
        (
            '<audio src="a.mp3"></audio>, <audio src="b.mp3"></audio>',
            '<a href="{}a.mp3">a.mp3</a>, <a href="{}b.mp3">b.mp3</a>',
        ),
        ('a<video src="b.mp4">c', "a"),
        (
            '<a href="https://o.example/"><video src="b.mp4"></video>, <audio src="c.mp3"></audio></a>',
            '<a href="https://o.example/">b.mp4, c.mp3</a> <a href="{}b.mp4">b.mp4</a> <a href="{}c.mp3">c.mp3</a>',
        ),
        ('<a href="{}b.mp4"><video src="b.mp4"></video></a>c', '<a href="{}b.mp4">b.mp4</a>c'),
        ('<a href="https://o.example/"><iframe src=""></iframe>x</a>', '<a href="https://o.example/">x</a>'),
        ('<a id="b">1</a><video src="b.mp4"><a href="/c">c</a></video>', '<a id="b">1</a><a href="{}b.mp4">b.mp4</a>'),
        ('<li><input type="checkbox" checked=""> done</li><input type="text">', "<li>☑ done</li>"),
        ('<img alt="x">y', "y"),
        ('<img src="https://a/b" alt="a&amp;b">', '<img src="https://a/b" alt="a&amp;b">'),
        (
            '<img src="https://a/b" srcset="c.png 2x, /d.png 3x">',
            '<img src="https://a/b" srcset="{}c.png 2x, https://h.example/d.png 3x">',
        ),
        ('<img src="https://a/b" srcset="c.png 2q, https://[x 2x">', '<img src="https://a/b">'),
        ('<source srcset="c.png" type="image/png">', '<source srcset="{}c.png" type="image/png">'),
        ('<source type="image/png">', '<source type="image/png">'),
        ('<img src="https://a/b" alt="">', '<img src="https://a/b" alt="">'),
    ],
)
def test_html_has_links_characters_and_absolute_sources_instead(html, expected):
    assert make_readable(html.replace("{}", PERMALINK), PERMALINK) == expected.replace("{}", PERMALINK)
