"""Posts of Ghost that were never rendered keep their words."""

import json

import pytest

from sitegen.importers.ghost_editor import write_editor_text
from tests.importing import import_path

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


def test_lexical_is_written_plainly():
    assert write_editor_text(json.dumps(LEXICAL), None) == (
        "<h2>Head</h2>"
        '<p>a &lt; b<br><a href="https://x.example/?a=1&amp;b=2">there</a></p>'
        "<ol><li>a &lt; b</li></ol>"
        '<p><img src="__GHOST_URL__/a.png" alt="A &quot;dot&quot;"></p>'
        "<pre>x = 1</pre><p>raw</p><p>One.</p><p>Two.</p>"
    )


def test_mobiledoc_is_written_plainly():
    assert write_editor_text(None, json.dumps(MOBILEDOC)) == "<h2>Head</h2><p>Card words.</p><ul><li>item</li></ul>"


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"root": 5}', '{"sections": 5}', '{"sections": [[1]]}', None, 7])
def test_what_is_neither_gives_nothing(text):
    assert write_editor_text(text, text) == ""


def test_nesting_without_end_is_cut():
    node = {"type": "text", "text": "deep"}
    for _ in range(200):
        node = {"type": "paragraph", "children": [node]}
    assert "deep" not in write_editor_text(json.dumps({"root": node}), None)


def test_a_post_without_html_is_imported_by_what_the_editor_kept(tmp_path):
    row = {"id": "1" * 24, "title": "T", "slug": "t", "status": "published", "published_at": "2023-01-02T10:00:00Z"}
    posts = [row | {"lexical": json.dumps(LEXICAL), "plaintext": "Head"}]
    (tmp_path / "a.json").write_text(json.dumps({"meta": {"exported_on": 1}, "data": {"posts": posts}}))
    import_path(tmp_path / "a.json", tmp_path / "site", "ghost")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "[there](https://x.example/?a=1&b=2)" in post.read_text()
