"""Raw HTML in imported Markdown is made well-formed, safe and accessible, and what was changed is counted."""

from collections import Counter
from contextlib import closing
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.build.builder import Builder, Request
from sitegen.check.options import CheckOptions
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.load import read_config
from sitegen.config.schema import Markdown
from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.markdown_source.html_attributes import clean_html
from sitegen.importers.markdown_source.html_repairer import ESCAPED_TAG, repair
from sitegen.importers.markdown_source.raw_html import may_need_repair, repair_html
from sitegen.importers.markdown_source.tag_repairer import BLOCK_IN_LINE, BLOCK_MARK, MAX_OPEN, OPEN_COMMENT
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.importing import import_path
from tests.support.sites import CACHE

NOW = 1_800_000_000_000_000_000


@pytest.mark.parametrize(
    ("text", "repaired", "category"),
    [
        ("a Vec<u8> b", "a Vec&lt;u8> b", "<u8> is not an element: shown as text"),
        ("one <nbsp;> two", "one &lt;nbsp;> two", "<nbsp;> is not an element: shown as text"),
        ("a <span>b\n\nc", "a <span>b</span>\n\nc", "end tag added"),
        ("- a <b>x\n  - c\n- d", "- a <b>x</b>\n  - c\n- d", "end tag added"),
        ("| a |\n|--|\n| <b>x |\n", "| a |\n|--|\n| <b>x</b> |\n", "end tag added"),
        ('<a href="x">\ntext\n\nmore', '<a href="x">\ntext</a>\n\nmore', "end tag added"),
        ("<div>\n\npara", "<div>\n\npara\n\n</div>\n", "end tag added"),
        ("x <a name=y/> z", "x <a name=y></a> z", "end tag added"),
        ("x</p> y</div>", "x y", "stray end tag"),
        ("y</br>z", "y<br>z", "stray end tag"),
        ("<p>\n\ntext\n\n</p>", "<p>\n\ntext\n\n", "stray end tag"),
        ("<img src='a.png'>", "<img src='a.png' alt=\"\">", "empty alternative text added to an image"),
        ("<img src=a.png />", '<img src=a.png  alt=""/>', "empty alternative text added to an image"),
        ("[![](a/big_ship.png)](x.md)", "[![Big ship](a/big_ship.png)](x.md)", None),
        ("[![](Qm11gtyigpCjo4MfzX)](https://www.camp.example/x)", "![camp.example](Qm11", None),
        ('<a href="x.md"><img src="big-ship.png" alt=""></a>', 'src="big-ship.png" alt="Big ship"></a>', None),
        ('<a href=""><img src="big-ship.png"/></a>', '<img src="big-ship.png" alt="Big ship"/>', None),
        ('<a href="x">t <img src="a.png"></a>', 't <img src="a.png" alt="">', None),
        ("\\![](a.png)", "\\!", "link without text"),
        ("C:\\x\\<USER>", "C:\\x&lt;USER>", ESCAPED_TAG),
        ("x \\<b> y", "x &lt;b> y", ESCAPED_TAG),
        ('<a href="x">\n# A\n</a>', '<a href="x">\n&#35; A\n</a>', BLOCK_MARK),
        ('<a href="x">\nA\n- - -\n</a>', "\nA\n&#45; - -\n</a>", BLOCK_MARK),
        ('<a href="x">\nA\n> b\n</a>', "\n&#62; b\n</a>", BLOCK_MARK),
        ("## ![](a.png)", "![](a.png)", "heading without text"),
        ("<h2> </h2> x", " x", "heading without text"),
        ("</span><ul>`<script>`</ul> x", "<ul>`", "script"),
        ("</span><ul>`<a onclick=x>y`</ul>", "<ul>`<a>y`</a></ul>", "event handler"),
        ("x [&nbsp;](https://a.example) y", "x  y", "link without text"),
        ("<a href=x>t <a href=y>u</a></a>", "<a href=x>t </a><a href=y>u</a>", "stray end tag"),
        ("<a href=x>t [u](y)</a>", "<a href=x>t </a>[u](y)", "end tag added"),
        ("[t <a href=x>u</a>](y)", "[t u](y)", "link within a link"),
        ("t <p>*u*</p> v", "t \n\n*u*\n\n v", BLOCK_IN_LINE),
        ("t <ul><li>u</li></ul> v", "t \n\n<ul><li>u</li></ul>\n\n v", BLOCK_IN_LINE),
        ("- t <div>u</div>", "- t u", BLOCK_IN_LINE),
        ("<!-- t\n\nu\n", "<!-- t\n\nu -->\n", OPEN_COMMENT),
        ("t <!-- u\n\nv\n", "t &lt;!-- u\n\nv\n", OPEN_COMMENT),
        ("x [](https://a.example) y", "x  y", "link without text"),
        ('x <a href="https://a.example"></a> y', "x  y", "link without text"),
        ("<script>\nalert(1)\n\nx\n</script>\n\nafter", "\n\nafter", "script"),
        ("x <script>y</script> z", "x  z", "script"),
        ("a\n\n<script>\nnever closed", "a\n\n", "script"),
        (
            '<script src="https://gist.github.com/ada/b1.js"></script>',
            "[Code on GitHub Gist](https://gist.github.com/ada/b1)",
            "script",
        ),
        ("<a href='x' onclick=\"y()\">t</a>", "<a href='x'>t</a>", "event handler"),
    ],
)
def test_html_is_repaired_and_the_change_counted(text, repaired, category):
    dropped = Counter()
    assert repaired in repair_html(text, dropped)
    assert category is None or dropped[category] >= 1
    assert sum(dropped.values()) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "`<b>` and <https://a.example> <!-- <b> -->",
        "```\n<script>alert(1)</script>\nVec<u8>\n```",
        "    <div>code",
        "<div>\n# A\n---\n</div>",
        "<a href='x'>\n-1 - * b\n</a>",
        "<div>\n\n*text*\n\n</div>",
        "<table>\n<tr><td>x\n<tr><td>y\n</table>",
        "<ul>\n<li>a\n<li>b\n</ul>",
        "<svg viewBox='0 0 1 1'><linearGradient/><path d='M0'/></svg>",
        "<my-widget>x</my-widget>",
        "[![A ship](big_ship.png)](x.md) [text ![](a.png)](y.md)",
        '<a id="here"></a> <a href="x">text</a> <img src="a.png" alt="">',
        "<details><summary>s</summary>\n\ntext\n\n</details>",
        "a < b > c, <3 and 1<2",
    ],
)
def test_well_formed_html_is_not_changed(text):
    dropped = Counter()
    assert repair_html(text, dropped) == text
    assert not dropped


TAGS = ["div", "span", "p", "a", "b", "ul", "li", "table", "tr", "td", "br", "img", "em", "details", "u8", "script"]
PIECES = st.sampled_from(
    [f"<{tag}>" for tag in TAGS]
    + [f"</{tag}>" for tag in TAGS]
    + [
        "word ",
        "\n\n",
        "\n",
        "- ",
        "> ",
        "# ",
        "*",
        "`",
        "[x](",
        ")",
        "![](a.png)",
        "[",
        "](b.md)",
        "é",
        '<a href="x">',
        "<",
        ">",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_repairing_preserves_words_and_removes_scripts(text):
    repaired = repair_html(text, Counter())
    if "script" not in text:
        assert repaired.count("word") == text.count("word")
    shown = MarkdownRenderer(Markdown(engine="commonmark"), "en").render(repaired, path="x.md").html
    assert "<script" not in shown


ATTRIBUTES = st.sampled_from(
    ["", ' src="a.png"', " alt=''", ' alt=""', ' alt="a b"', ' alt="&nbsp;"', ' alt="x onerror=1"', ' title="an alt"',
     ' href="b"', ' href=""', ' onclick="x"']
)  # fmt: skip
INSIDE = st.one_of(
    st.sampled_from(
        ["<figcaption>", "</figcaption>", "</a>", "<b>", "</b>", "<a>", "x", " ", "\n", "\n\n", "&nbsp;", "- ",
         "<figcaption>a <em>b</em></figcaption>", '<figcaption><a href="x">y</a></figcaption>', "<u></u>"]
    ),
    st.tuples(st.sampled_from(["img", "a"]), ATTRIBUTES, ATTRIBUTES).map(lambda tag: f"<{tag[0]}{tag[1]}{tag[2]}>"),
)  # fmt: skip
FIGURES = st.lists(INSIDE, max_size=4).map(lambda inside: f"<figure>{''.join(inside)}</figure>")
AROUND = st.sampled_from(
    ["word", "\n", "\n\n", "```\n", "- ", "    ", "> ", "# ", "<!-- ", " -->", "| a |\n|--|\n", "[x](y)", "`", " ", "*",
     "![](a.png)", "![ ](a.png)", "![a](b)", "[", "](y)", "&nbsp;", "\xa0", "#", "~~", "<https://a.example>", "=\n"]
)  # fmt: skip


PLAIN = st.sampled_from(
    ["<b>x</b>", "<b>", "</b>", '<a href="b">y</a>', '<a href="b">', "</a>", '<a href="b"><img alt="x"></a>', "<br>",
     '<img alt="x">', '<img alt="&nbsp;">', '<img title=" alt=">', "<b>\xa0</b>", "<a>\xa0</a>", "<b>x|y</b>",
     "<i onx=1>z</i>", "<!-- c -->", '<iframe src="x"></iframe>', "<p>a</p>", "<p>", "<div>", "</div>", "<div>\n",
     "\n</div>\n", "\\", "<blockquote><p>a <a>b</a><br></p></blockquote>", "<h2>", "</h2>", "</details>",
     "<details><summary>x</summary>"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.one_of(AROUND, PLAIN, PLAIN.map("{}\n\n".format)), max_size=8).map("".join))
@example("\\![](a)<b>x</b>")
def test_plain_html_that_is_recognised_is_not_changed_by_a_repair(text):
    dropped = Counter()
    assert may_need_repair(text) or (repair(text, dropped) == text and not dropped)


@pytest.mark.parametrize(
    "text",
    [
        'a <b>c</b> <span class="x">([d](e))</span>',
        "<!-- <b> -->\n\n`<u8>`\n\n```\n<u8>\n```\n",
        '<p style="x">\n  <img src="a.png" alt="Ship">\n</p>\n',
        '<blockquote class="x"><p lang="en">a <a href="b">c</a><br></p>&mdash; d</blockquote>\n',
        '<iframe src="a" allowfullscreen></iframe>\n',
    ],
)
def test_common_html_is_recognised_as_plain(text):
    assert not may_need_repair(text)


@settings(max_examples=300)
@given(st.lists(st.one_of(AROUND, FIGURES, FIGURES.map("\n\n{}\n\n".format)), max_size=8).map("".join))
def test_html_that_needs_no_repair_by_a_search_is_not_changed_by_one(text):
    dropped = Counter()
    assert may_need_repair(text) or (repair(text, dropped) == text and not dropped)


@pytest.mark.parametrize("alt", ["", "A ship", "A & B"])
@pytest.mark.parametrize("caption", ["", '\n<figcaption>At <em>sea</em>, by <a href="x?y=z">me</a></figcaption>'])
def test_figures_of_the_converter_need_no_repair(alt, caption):
    html = f'<p>x</p><figure><img src="a.png?w=1" alt="{escape(alt)}">{caption}</figure><p>y</p>'
    text = convert_html(HtmlBody(html), "", str).text
    assert ("<figure>" in text) == bool(caption)
    assert not may_need_repair(text)


def test_a_post_with_broken_html_passes_the_check(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "2020-01-02-a.md").write_text(
        "# A\n\nA Vec<u8> and a <span>span.\n\n[![](big_ship.png)](https://a.example)\n\n<div>\n\nText</p>\n\n"
        "<script>\nalert(1)\n</script>\n\n<img src='https://a.example/x.png'>\n\n- a <b>x\n- y\n"
    )
    site = tmp_path / "site"
    report = import_path(folder, site, "plain")
    assert report.dropped["script"] == 1
    (site / "sitegen.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    for engine in ("python-markdown", "commonmark"):
        (site / "sitegen.toml").write_text(
            f'title = "Archive"\nbase_url = "https://archive.example/"\n[markdown]\nengine = "{engine}"\n'
        )
        with closing(Builder(site, lambda: NOW, cache=CACHE)) as builder:
            builder.build(read_config(site).config, Request())
            posts, files = {post.output: post for post in builder.posts()}, sorted(builder.outputs)
        options = CheckOptions(frozenset(["links", "html", "images"]), jobs=1)
        problems = check_site(site / "output", files, "https://archive.example/", posts, lines_of_posts(site), options)
        assert [problem for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "cleaned", "category"),
    [
        ("a <title>T</title> b", "a  b", "element of a document's head"),
        ("<svg><title>T</title></svg>", "<svg><title>T</title></svg>", None),
        ("<img src=a alt=b ALT='c'>", "<img src=a alt=b>", "attribute given twice"),
        ("# A\n\n<p id=a>x</p>", "# A\n\n<p>x</p>", "id that another element has"),
        ("<i id=x>y</i><b id='x'>z</b>", "<i id=x>y</i><b>z</b>", "id that another element has"),
        ("<i id='a b'>y</i>", "<i>y</i>", "id that no page can have"),
        ("<i id=theme:main>y</i>", "<i>y</i>", "id that no page can have"),
        ("<p lang='x!' dir=up>a</p>", "<p>a</p>", "language that is not one"),
        ("<p lang=pt-BR dir=RTL>a</p>", "<p lang=pt-BR dir=RTL>a</p>", None),
        ("<label for=q>a</label>", "<label>a</label>", "name of an id that the post lacks"),
        ("<label for=q>a</label> <input id=q>", "<label for=q>a</label> <input id=q>", None),
        ("<img src=a srcset='b.png 2x'>", "<img src=a>", "list of image sizes that has no use here"),
        ("<img srcset='https://a.example/b 2x'>", "<img srcset='https://a.example/b 2x'>", None),
        ("`<title>T</title>` <i title='id=x'>y</i>", "`<title>T</title>` <i title='id=x'>y</i>", None),
        ("```\n<p id=a id=a>\n```", "```\n<p id=a id=a>\n```", None),
        ("```\ncat <<b x x\n```\n\nx x > y", "```\ncat <<b x x\n```\n\nx x > y", None),
        ("cat <a x=1 x x\n\nx x > y", "cat <a x=1 x x\n\nx x > y", None),
        ("<EOF x=1 x x> y", "<EOF x=1 x x> y", None),
    ],
)
def test_invalid_attributes_are_removed_and_counted(text, cleaned, category):
    dropped = Counter()
    assert clean_html(text, dropped) == cleaned
    assert dropped[category] == 1 if category else not dropped


@pytest.mark.parametrize("tag", ["div", "b", "span"])
def test_tags_of_too_deeply_nested_elements_are_removed(tag):
    dropped: Counter[str] = Counter()
    text = repair_html(f"<{tag}>x" * 5_000, dropped)
    remaining = text.count(f"<{tag}>")
    assert MAX_OPEN - 1 <= remaining <= MAX_OPEN  # a paragraph around them counts
    assert (text.count(f"</{tag}>"), text.count("x")) == (remaining, 5_000)
    assert dropped[f"tag of an element within {MAX_OPEN} others"] == 5_000 - remaining
