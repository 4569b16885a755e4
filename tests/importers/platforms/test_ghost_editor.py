"""Posts of Ghost without HTML are imported from the documents of the editor."""

import json
from collections import Counter

import pytest

from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.platforms.ghost.editor_text import write_editor_text
from tests.support.importing import import_path

TEXT = {"type": "text", "text": "a < b"}
LINK = {"type": "link", "url": "https://x.example/?a=1&b=2", "children": [{"type": "text", "text": "there"}]}
LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            {"type": "extended-heading", "tag": "h3", "children": [{"type": "extended-text", "text": "Head"}]},
            {"type": "paragraph", "children": [TEXT, {"type": "linebreak"}, LINK]},
            {"type": "list", "listType": "number", "children": [{"type": "listitem", "children": [TEXT]}]},
            {"type": "image", "src": "__GHOST_URL__/a.png", "alt": 'A "dot"'},
            {"type": "codeblock", "code": "x = 1"},
            {"type": "html", "html": "<p>raw</p>"},
            {"type": "markdown", "markdown": "One.\n\nTwo."},
            {"type": "signup"},
        ],
    }
}
MOBILEDOC = {
    "version": "0.3.1",
    "cards": [["markdown", {"markdown": "Card words."}], ["hr", {}]],
    "sections": [
        [1, "h2", [[0, [], 0, "Head"]]],
        [10, 0],
        [10, 1],
        [10, 9],
        [3, "ul", [[[0, [], 0, "item"]]]],
        [9],
        "x",
    ],
}


def write(lexical=None, mobiledoc=None):
    dropped = Counter()
    encoded = (json.dumps(document) if document else None for document in (lexical, mobiledoc))
    return write_editor_text(*encoded, dropped), dropped


def write_card(**card):
    html, dropped = write({"root": {"type": "root", "children": [card]}})
    return convert_html(HtmlBody(html)).text, dropped


def test_lexical_documents_become_html():
    html, dropped = write(LEXICAL)
    assert html == (
        "<h3>Head</h3>"
        '<p>a &lt; b<br><a href="https://x.example/?a=1&amp;b=2">there</a></p>'
        "<ol><li>a &lt; b</li></ol>"
        '<p><img src="__GHOST_URL__/a.png" alt="A &quot;dot&quot;"></p>'
        "<pre><code>x = 1</code></pre><p>raw</p><p>One.</p>\n<p>Two.</p>\n"
    )
    assert dropped == {"subscribe or share button": 1}


def test_mobiledoc_documents_become_html():
    html, dropped = write(None, MOBILEDOC)
    assert html == "<h2>Head</h2><p>Card words.</p>\n<hr><ul><li>item</li></ul>"
    assert dropped == {"damaged section of Ghost's editor": 3}


def test_atoms_and_markups_of_mobiledoc_become_html():
    markers = [[0, [], 0, "Hello "], [0, [0], 1, "bold"], [1, [], 0, 0], [0, [1], 1, "link"], [1, [], 0, 1]]
    document = {
        "atoms": [["soft-return", "", {}], ["mention", "@ada", {}]],
        "markups": [["strong"], ["a", ["href", "__GHOST_URL__/p2/", "rel", "nofollow"]]],
        "sections": [[1, "p", markers]],
    }
    html, dropped = write(None, document)
    assert html == '<p>Hello <strong>bold</strong><br><a href="__GHOST_URL__/p2/">link</a>@ada</p>'
    assert dropped == {"unknown atom mention of Ghost's editor (text imported)": 1}


def test_markdown_cards_become_html():
    assert write_card(type="markdown", markdown="## MD\n\n- a")[0] == "## MD\n\n- a\n"


@pytest.mark.parametrize(
    ("bits", "html"),
    [
        (1, "<strong>x</strong>"),
        (2, "<em>x</em>"),
        (3, "<strong><em>x</em></strong>"),
        (4, "<s>x</s>"),
        (8, "<u>x</u>"),
        (16, "<code>x</code>"),
        (32, "<sub>x</sub>"),
        (64, "<sup>x</sup>"),
        (128, "<mark>x</mark>"),
        ("", "x"),
    ],
)
def test_formats_of_lexical_text_become_elements(bits, html):
    text = {"type": "extended-text", "text": "x", "format": bits}
    assert write({"root": {"type": "root", "children": [text]}})[0] == html


@pytest.mark.parametrize(
    ("card", "text"),
    [
        ({"type": "callout", "calloutText": "<p>Mind <b>it</b></p>", "calloutEmoji": "🔥"}, "> 🔥 Mind **it**\n"),
        ({"type": "bookmark", "url": "https://b.example/", "metadata": {"title": "B"}}, "[B](https://b.example/)\n"),
        ({"type": "button", "buttonText": "Go", "buttonUrl": "https://g.example/"}, "[Go](https://g.example/)\n"),
        ({"type": "file", "src": "/f.pdf", "fileTitle": "F", "fileName": "f.pdf"}, "[F](/f.pdf)\n"),
        ({"type": "audio", "src": "/a.mp3", "title": "Song"}, "[Song](/a.mp3)\n"),
        ({"type": "video", "src": "/v.mp4", "caption": "Waves"}, "[Video](/v.mp4)\n\nWaves\n"),
        ({"type": "header", "heading": "H", "subheading": "S"}, "## H\n\nS\n"),
        ({"type": "product", "productTitle": "P", "productDescription": "<p>D</p>"}, "**P**\n\nD\n"),
        ({"type": "codeblock", "code": "x=1", "language": "python"}, "```python\nx=1\n```\n"),
        ({"type": "embed", "url": "https://e.example/", "html": "<iframe></iframe>"}, "<https://e.example/>\n"),
        ({"type": "horizontalrule"}, "* * *\n"),
        (
            {"type": "toggle", "heading": "T", "content": "<p>in</p>"},
            "<details>\n<summary>T</summary>\n<p>in</p>\n</details>\n",
        ),
        ({"type": "gallery", "images": [{"src": "/a.png"}, {"src": "/b.png"}]}, "![](/a.png)\n\n![](/b.png)\n"),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_cards_become_html(card, text):
    assert write_card(**card) == (text, Counter())
    _, dropped = write_card(**card, invented="value")
    assert dropped == {f"`invented` of Ghost's {card['type']} card": 1}


def test_an_unknown_card_is_counted_with_its_keys():
    assert write_card(type="press", force="high", size=3)[1] == {
        "Ghost's press card": 1,
        "`force` of Ghost's press card": 1,
    }


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"root": 5}', '{"sections": 5}', '{"sections": [[1]]}', None, 7])
def test_other_values_give_no_html(text):
    assert write_editor_text(text, text, Counter()) == ""


def test_deeply_nested_nodes_are_dropped():
    node = {"type": "text", "text": "deep"}
    for _ in range(200):
        node = {"type": "paragraph", "children": [node]}
    assert "deep" not in write({"root": node})[0]


def test_a_post_without_html_is_imported_from_its_editor_document(tmp_path):
    row = {"id": "1" * 24, "title": "T", "slug": "t", "status": "published", "published_at": "2023-01-02T10:00:00Z"}
    posts = [row | {"lexical": json.dumps(LEXICAL), "plaintext": "Head"}]
    (tmp_path / "a.json").write_text(json.dumps({"meta": {"exported_on": 1}, "data": {"posts": posts}}))
    import_path(tmp_path / "a.json", tmp_path / "site", "ghost")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "[there](https://x.example/?a=1&b=2)" in post.read_text()
