import re
from collections import Counter
from pathlib import Path

import lxml.html
import markdown
import pyromark
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.feeds.content import (
    EXCERPT_CHARACTERS,
    FeedHtml,
    ShownImage,
    clean,
    clean_plain,
    clean_tree,
    excerpt,
    find_plain,
    find_shown_images,
)
from sitegen.feeds.text import legal

PERMALINK = "https://h.example/repo/posts/a/"
CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"


def cleaned(html: str) -> str:
    return clean(html, PERMALINK).html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/repo/x/">x</a>', '<a href="https://h.example/repo/x/">x</a>'),
        ('<a href="#fn:1">x</a>', '<a href="https://h.example/repo/posts/a/#fn:1">x</a>'),
        ('<a href="../b/?q=1#z">x</a>', '<a href="https://h.example/repo/posts/b/?q=1#z">x</a>'),
        ('<a href="//other.example/">x</a>', '<a href="https://other.example/">x</a>'),
        ('<a href="mailto:a@b.example">x</a>', '<a href="mailto:a@b.example">x</a>'),
        ("<a href='/a'>x</a>", '<a href="https://h.example/a">x</a>'),
        ('<A HREF="/a">x</A>', '<a href="https://h.example/a">x</a>'),
        ('<a title="> href=" href="/a">x</a>', '<a title="&gt; href=" href="https://h.example/a">x</a>'),
        ('<p>in text href="/a" stays</p>', '<p>in text href="/a" stays</p>'),
        ('<a href="/a?b=1&amp;c=2">x</a>', '<a href="https://h.example/a?b=1&amp;c=2">x</a>'),
        ('<img src="p.png" alt="q">', '<img src="https://h.example/repo/posts/a/p.png" alt="q">'),
        (
            '<img src="/p.png" srcset="/p.png 1x, q,r.png 2x" alt="">',
            '<img src="https://h.example/p.png" '
            'srcset="https://h.example/p.png 1x, https://h.example/repo/posts/a/q,r.png 2x" alt="">',
        ),
        (
            '<picture><source srcset="/a.avif 640w" type="image/avif"><img src="/a.png" alt=""></picture>',
            '<picture><source srcset="https://h.example/a.avif 640w" type="image/avif">'
            '<img src="https://h.example/a.png" alt=""></picture>',
        ),
        (
            '<blockquote cite="/x"><p>q</p></blockquote>',
            '<blockquote cite="https://h.example/x"><p>q</p></blockquote>',
        ),
    ],
)
def test_every_url_is_absolute(html, expected):
    assert cleaned(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>p{color:red}</style><p>x</p>", "<p>x</p>"),
        ('<p style="color:red" onclick="x()">x</p>', "<p>x</p>"),
        ('<p style="color:red">x</p>', "<p>x</p>"),
        ('<p data-x="1" role="note" aria-label="n">x</p>', "<p>x</p>"),
        ('<img src="/a.png" alt="" loading="lazy" width="3">', '<img src="https://h.example/a.png" alt="" width="3">'),
        ('<form action="/s"><input name="q"><button>Go</button></form><p>x</p>', "<p>x</p>"),
        ('<object data="/x"><p>old</p></object><embed src="/y"><p>x</p>', "<p>x</p>"),
        ('<svg><path d="M0"/></svg><p>x</p>', "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href=" java\nscript:alert(1)">x</a>', "<a>x</a>"),
        ("<noscript><img src=x onerror=alert(1)></noscript>", '<img src="https://h.example/repo/posts/a/x">'),
        ("<noscript><script>alert(1)</script></noscript>x", "x"),
        ("a<!-- more -->b<!--[if IE]><p>x</p><![endif]-->", "ab"),
        ("<my-widget>x</my-widget>", "x"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("</div><p>x</p>", "<p>x</p>"),
        ("<p>x</br>y</p>", "<p>x<br>y</p>"),
        ("<b>x</i>", "<b>x</b>"),
        ('<p>x</p class="y">', "<p>x</p>"),
    ],
)
def test_what_runs_or_only_a_page_can_show_is_removed(html, expected):
    assert cleaned(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="A film"></iframe>',
            '<a href="https://www.youtube.com/watch?v=abcdefghijk">'
            '<img src="https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg" alt="A film"></a>',
        ),
        (
            '<figure><iframe src="//maps.example/x"></iframe><figcaption>c</figcaption></figure>',
            '<figure><a href="https://maps.example/x">maps.example</a><figcaption>c</figcaption></figure>',
        ),
        (
            '<video poster="/p.jpg" controls><source src="v.mp4" type="video/mp4">old</video>after',
            '<a href="https://h.example/repo/posts/a/v.mp4"><img src="https://h.example/p.jpg" alt="v.mp4"></a>after',
        ),
        ('<audio src="/m/a%20b.mp3"></audio>', '<a href="https://h.example/m/a%20b.mp3">a b.mp3</a>'),
        ("<p>x<iframe></iframe>y</p>", "<p>xy</p>"),
        ("<ul><li><input type=checkbox checked disabled> done</li></ul>", "<ul><li>☑ done</li></ul>"),
        ("<ul><li><input type=checkbox> open</li></ul>", "<ul><li>☐ open</li></ul>"),
        ('<p>x<img data-src="/late.png">y</p>', "<p>xy</p>"),
        ("x &lt;b&gt; <video></video>y", "x &lt;b&gt; y"),
        (
            '<i><video src="/v.mp4"><b><video src="/w.mp4">x</video></b></video></i>y<video src="/x.mp4"></video>',
            '<i><a href="https://h.example/v.mp4">v.mp4</a></i>y<a href="https://h.example/x.mp4">x.mp4</a>',
        ),
    ],
)
def test_what_cannot_be_played_becomes_something_to_read(html, expected):
    assert cleaned(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="https://h.example/a.png" alt="A"><figcaption>c</figcaption></figure>',
        '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td colspan="2">b</td></tr></tbody></table>',
        '<pre><code class="language-python"><span class="k">if</span> a &lt; b:</code></pre>',
        '<sup id="fnref:1"><a href="https://h.example/repo/posts/a/#fn:1">1</a></sup>',
        "<details><summary>s</summary><p>x</p></details>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        '<math display="block"><mrow><mi>x</mi><mo>=</mo><mn>1</mn></mrow></math>',
        '<p lang="ar" dir="rtl">مرحبا &amp; 👋🏽</p>',
    ],
)
def test_html_that_feed_readers_can_show_is_unchanged(html):
    assert cleaned(html) == html
    assert clean_tree(html, PERMALINK) == html


def test_images_are_found_with_what_they_show():
    html = '<img src="/a.png" alt="A &amp; B"><p><img alt="" src="/a.png"><img src="https://o.example/b.png"></p>'
    assert clean(html, PERMALINK).shown_images == (
        ShownImage("https://h.example/a.png", "A & B"),
        ShownImage("https://o.example/b.png", ""),
    )


def test_an_excerpt_is_the_beginning_of_the_text_cut_between_words():
    assert excerpt("<p>a &amp; <b>b</b></p>\n<p>c</p>") == "a & b c"
    assert excerpt(f"<p>{'word ' * 100}</p>") == ("word " * 60).strip() + "…"
    assert excerpt("") == ""


@pytest.mark.parametrize("length", [EXCERPT_CHARACTERS - 1, EXCERPT_CHARACTERS, EXCERPT_CHARACTERS + 1])
def test_only_a_longer_text_is_cut(length):
    text = f"{'a' * 10} {'b' * (length - 11)}"
    assert excerpt(f"<p>{text}</p>") == (text if length <= EXCERPT_CHARACTERS else f"{'a' * 10}…")
    assert excerpt("<i>" + " " * EXCERPT_CHARACTERS * 10 + "</i>text") == "", "no more than the beginning is read"


@pytest.mark.parametrize(
    ("html", "attributed"),
    [
        ("", []),
        ("<p>a<br>b</p>", []),
        ('<p id="a">b</p><p id="a">c</p>', ['<p id="a">']),
        ('<a href="/b">c</a><img src="/d" alt=""><hr>', ['<a href="/b">', '<img src="/d" alt="">']),
        ("a < b", None),
        ("<p>a", None),
        ("a</p>", None),
        ('<p id="a">b', None),
        ('<p id="a">b</p></p>', None),
        ("<p>a</i>", None),
        ('<img alt="a">', None),
        ("<P>a</P>", None),
        ("<video></video>", None),
        ('<p onclick="a">b</p>', None),
        ('<a href="b">c</a>', None),
        ('<a href="//b">c</a>', None),
        ('<a href="/../b">c</a>', None),
        ('<a href="javascript:b">c</a>', None),
        ("</br>", None),
    ],
)
def test_plain_html_is_recognised_with_its_tags_that_have_attributes(html, attributed):
    assert find_plain(html) == attributed


@pytest.mark.parametrize(
    ("html", "expected", "shown"),
    [
        ('<p id="a">b</p>', '<p id="a">b</p>', ()),
        ('<p role="a">b</p>', "<p>b</p>", ()),
        ('<a href="/b">c</a><a href="#d">e</a>', '<a href="https://h.example/b">c</a><a href="{}#d">e</a>', ()),
        ('<img src="/a" alt="b">', '<img src="https://h.example/a" alt="b">', (("https://h.example/a", "b"),)),
        ('<img src="https://a/ü"><b>', '<img src="https://a/ü"><b>', (("https://a/%C3%BC", ""),)),
        ('<ins cite="/a">b</ins>', '<ins cite="https://h.example/a">b</ins>', ()),
    ],
)
def test_plain_html_is_cleaned_tag_by_tag(html, expected, shown):
    tags = [tag for tag in re.findall("<[^>]*>", html) if " " in tag]
    images = tuple(ShownImage(*image) for image in shown)
    assert clean_plain(html, tags, PERMALINK) == FeedHtml(expected.replace("{}", PERMALINK), images)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], ()),
        (['<img alt="a">'], ()),
        (['<img src="" alt="a">'], ()),
        (['<img src="https://a/b">'], (ShownImage("https://a/b", ""),)),
        (['<img src="https://a/b&amp;c" alt=" d\n&lt;">'], (ShownImage("https://a/b&c", "d <"),)),
        (['<img src="https://a/b" alt="1">', '<img src="https://a/b" alt="2">'], (ShownImage("https://a/b", "1"),)),
    ],
    ids=range(6),
)
def test_an_image_is_listed_once_with_its_alternative_text(tags, expected):
    assert find_shown_images(tags) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<!-- a -->b<!--c--><!----><!-- d-e -->", "b"),
        ("a<!-- b", "a"),
        ("a<!--> b -->c", "a b --&gt;c"),
        ("<NoScript class='a'>b</NOSCRIPT>", "b"),
        ("a\r\nb<my-tag>\x00</my-tag>", "a\nb"),
        ('<a href="x" target="_blank" rel="me">b</a>', '<a href="{}x" rel="me">b</a>'),
    ],
)
def test_comments_and_control_characters_are_removed(html, expected):
    assert cleaned(html) == expected.replace("{}", PERMALINK)


def same_tree(one: str, other: str) -> bool:
    """Return whether two pieces of HTML have the same tree."""
    shown = []
    for html in (one, other):
        root = lxml.html.fragment_fromstring(html, create_parent="div")
        rows = [(node.tag, sorted(node.attrib.items()), node.text or "", node.tail or "") for node in root.iter()]
        shown.append(rows)
    return shown[0] == shown[1]


def test_plain_html_of_real_posts_comes_to_the_same_with_and_without_a_tree():
    if not CORPORA.is_dir():
        pytest.skip("the real archives are not beside the checkout")
    plain = 0
    for number, path in enumerate(sorted(CORPORA.rglob("*.md"))):
        if number % 4:
            continue
        text = path.read_text("utf-8", "replace").split("---", 2)[-1]
        engines = [pyromark.html(text)]
        if number % 24 == 0:
            engines.append(markdown.markdown(text, extensions=["extra", "toc"]))
        for written in engines:
            html = legal(re.sub(r'(href|src)="(?=[\w.])(?!https?:|mailto:)', r'\1="/', written))
            tags = find_plain(html)
            if tags is not None:
                plain += 1
                assert same_tree(clean_plain(html, tags, PERMALINK).html, clean_tree(html, PERMALINK)), path
    assert plain > 100


PARTS = """
<p>|</p>|<em>|</em>|<a href="/x">|<a href="#y">|</a>|<img src="/i.png" alt="a">|<br>|<p style="x">|<script>|</script>
|<iframe src=/f>|<!--|-->|<|>|"|&lt;|x|<img src="/a" srcset="/b 2x">|<video poster=/p>|<svg>|<textarea>|</video>
|<a href="javascript:x">|<noscript>|]]>|<img>|<math>|</svg>|<style>|<form>|<video src=v title="<img src=x onerror=y>">
|<audio src=w>|</audio>|</iframe>|<i>|</i>|<source src=s>|<plaintext>|<noembed>|</noembed>|<annotation-xml>|</math>
"""


@example(html='<video src=v title="<img src=x onerror=y>">\n<iframe src=/f></video>\n<style>')
@example(html='<video src=v><iframe src=/f></video><p style="x"><a href="/x">')
@example(html="<audio src=v><i><audio src=w></audio></i></audio>")
@given(st.lists(st.sampled_from(PARTS.split("|")), max_size=12).map("".join))
def test_any_html_is_written_without_dangerous_or_relative_parts(html):
    ready = cleaned(html)
    root = lxml.html.fragment_fromstring(ready, create_parent="div")
    for node in root.iter():
        assert node.tag not in ("script", "iframe", "video", "svg", "style", "form", "input", "noscript")
        for name, value in node.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in ("href", "src", "srcset", "poster"):
                assert value.startswith("https://")
    opened = Counter(re.findall("<([a-z][a-z0-9]*)", ready))
    for name in ("br", "img", "source"):
        opened.pop(name, None)
    assert opened == Counter(re.findall("</([a-z][a-z0-9]*)", ready))


LINK_PARTS = (
    '<a href="https://a.example/">',
    '<a id="b">',
    "</a>",
    "<p>",
    "</p>",
    "<em>",
    "</em>",
    '<video src="/b.mp4"></video>',
    '<iframe src="/c"></iframe>',
    "<table>",
    "text",
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<p><a href="https://a.example/">one <a href="https://b.example/">two</a></a></p>',
            '<p><a href="https://a.example/">one </a><a href="https://b.example/">two</a></p>',
        ),
        (
            '<a href="https://a.example/"><video src="/b.mp4"></video></a>',
            '<a href="https://a.example/">b.mp4</a> <a href="https://h.example/b.mp4">b.mp4</a>',
        ),
    ],
)
def test_a_link_in_a_feed_contains_no_other_link(html, expected):
    assert cleaned(html) == expected


@given(st.lists(st.sampled_from(LINK_PARTS), max_size=8).map("".join))
def test_no_html_becomes_a_link_within_a_link(html):
    opened = re.findall("</?a[ >]", cleaned(html))
    assert all(tag.startswith("</" if number % 2 else "<a") for number, tag in enumerate(opened)), opened
