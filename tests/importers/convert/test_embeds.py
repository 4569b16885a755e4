"""Embedded scripts, players and separate footnotes become part of the post."""

import pytest

from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.platforms.wordpress.footnotes import add_footnotes
from tests.support.importing import import_path

PLAYER = "https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fwww.youtube.com%2Fembed%2Fxyz"
GIST = "[Code on GitHub Gist](https://gist.github.com/ada/abc)\n"
STORY = '<h1 class="p-name">{}</h1><section data-field="body"><p>{}</p></section>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<figure><script src="https://gist.github.com/ada/abc.js"></script></figure>', GIST),
        ("<p>a</p><script async src='//gist.github.com/ada/abc.js?file=x.py'></script>", f"a\n\n{GIST}"),
        ('<script src="https://gist.github.example/ada/abc.js"></script>', ""),
        (f'<iframe src="{PLAYER}"></iframe>', "[Video on YouTube](https://www.youtube.com/watch?v=xyz)\n"),
        (
            f'<iframe src="{PLAYER}&amp;url=https%3A%2F%2Fmap.example%2F1"></iframe>',
            "[Embedded from map.example](https://map.example/1)\n",
        ),
        (
            '<iframe src="https://cdn.embedly.com/x"></iframe>',
            "[Embedded from cdn.embedly.com](https://cdn.embedly.com/x)\n",
        ),
    ],
)
def test_an_embed_becomes_a_link_to_its_page(html, text):
    assert convert_html(HtmlBody(html)).text == text


def test_footnotes_of_the_wordpress_editor_are_added():
    reference = '<p>Lorem<sup data-fn="3e39" class="fn"><a href="#3e39" id="3e39-link">1</a></sup></p>'
    footnotes = '[{"content":"Dolor <em>sit</em>","id":"3e39"}]'
    for block in ("<!-- wp:footnotes /-->", ""):
        warnings = []
        converted = convert_html(HtmlBody(add_footnotes(reference + block, footnotes, warnings)))
        assert converted.text == "Lorem[^1]\n\n[^1]: Dolor *sit*\n"
        assert not warnings


@pytest.mark.parametrize("footnotes", ["{", '"x"', "7"])
def test_unreadable_footnotes_are_reported(footnotes):
    warnings = []
    assert add_footnotes("<p>x</p>", footnotes, warnings) == "<p>x</p>"
    assert warnings == ["its footnotes cannot be read"]


@pytest.mark.parametrize(
    ("title", "text", "drafts"),
    [("I agree with you", "I agree, with you. More.", 1), ("A title", "A text.", 0), ("", "A text.", 0)],
)
def test_a_response_on_medium_becomes_a_draft(tmp_path, title, text, drafts):
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_One-0123456789ab.html").write_text(STORY.format(title, text))
    report = import_path(folder, tmp_path / "site", "medium")
    assert [draft.reason.split(":")[0] for draft in report.drafts] == [
        "it looks like a response to another story"
    ] * drafts
