"""Fragments of imported links are replaced with ids of the new pages, or reported as broken."""

import re

import pytest

from sitegen.config.schema import Markdown
from sitegen.importers.output.fragments import find_ids
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.importing import import_path

TEXT = """# What's new in `foo_bar`

## Notes

Setext *heading*
----------------

## Notes

### Own {#mine}

<a id="here"></a> <span name=there>x</span>

Das Übel
========
"""


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
def test_ids_are_equal_to_those_of_the_rendered_page(engine):
    html = MarkdownRenderer(Markdown(engine=engine), "en").render(TEXT, path="x.md").html
    rendered = set(re.findall(r'<h\d[^>]* id="([^"]*)"', html))
    assert rendered <= find_ids(TEXT).all
    assert find_ids(TEXT).all - rendered == {"here", "there"}


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("whats-new-in-foo_bar", "whats-new-in-foo_bar"),
        ("what-s-new-in-foo-bar", "whats-new-in-foo_bar"),
        ("whats-new-in-foobar", "whats-new-in-foo_bar"),
        ("notes-1", "notes-1"),
        ("mine", "mine"),
        ("here", "here"),
        ("there", "there"),
        ("das-übel", "das-übel"),
        ("top", "top"),
        ("gone", None),
    ],
)
def test_fragments_of_other_generators_match_headings(fragment, found):
    assert find_ids(TEXT).find(fragment) == found


def test_fragments_are_rewritten_within_a_post_and_between_posts(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "2020-01-01-a.md").write_text("# A\n\n## What's new\n\n[in](#what-s-new) [gone](#gone)\n")
    (folder / "2020-01-02-b.md").write_text("# B\n\n[to](2020-01-01-a.md#what-s-new) [no](2020-01-01-a.md#no)\n")
    report = import_path(folder, tmp_path / "site", "plain")
    first, second = (path.read_text() for path in sorted((tmp_path / "site/content/posts").glob("*.md")))
    assert "[in](#whats-new) [gone](#gone)" in first
    assert "[to](2020-01-01-a.md#whats-new) [no](2020-01-01-a.md#no)" in second
    assert [link.url for link in report.broken] == ["#gone", "2020-01-01-a.md#no"]
    assert "broken_links: warning" in first
    assert "broken_links: warning" in second
