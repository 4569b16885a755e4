"""Folders written for Eleventy and Astro become posts."""

import pytest

from tests.support.importing import check_sample, import_path


@pytest.mark.parametrize("sample", ["eleventy", "astro"])
def test_the_samples_become_the_expected_posts(sample, tmp_path):
    check_sample(sample, tmp_path)


def test_a_permalink_with_template_code_gives_no_alias(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/.eleventy.js").write_text("module.exports = {};")
    (tmp_path / "in/a.md").write_text('---\ntitle: A\ndate: 2020-01-01\npermalink: "/{{ title | slugify }}/"\n---\n')
    import_path(tmp_path / "in", tmp_path / "site", "eleventy")
    assert "aliases" not in (tmp_path / "site/content/posts/2020-01-01-a.md").read_text()


@pytest.mark.parametrize("draft", ["", "draft: true\n"])
def test_a_post_without_a_page_has_no_alias(tmp_path, draft):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/.eleventy.js").write_text("module.exports = {};")
    (tmp_path / "in/a.md").write_text(f"---\ntitle: A\ndate: 2020-01-01\n{draft}permalink: false\n---\nText.\n")
    import_path(tmp_path / "in", tmp_path / "site", "eleventy")
    text = (tmp_path / "site/content/posts/2020-01-01-a.md").read_text()
    assert "draft: true" in text
    assert "aliases" not in text
