"""Folders written for Zola become posts."""

import tomllib

from sitegen.config.load import read_config
from tests.support.importing import check_sample, import_path
from tests.support.sites import build, write


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("zola", tmp_path)


def test_posts_are_imported_if_the_settings_cannot_be_read(tmp_path):
    (tmp_path / "in/content").mkdir(parents=True)
    (tmp_path / "in/config.toml").write_text("base_url = [")
    (tmp_path / "in/content/2020-01-02-a.md").write_text('+++\ntitle = "A"\n+++\nText.\n')
    report = import_path(tmp_path / "in", tmp_path / "site", "zola")
    assert report.written == 1
    assert report.notes[0].message.startswith("the settings were not read")


SETTINGS = """
title = "Moor"
base_url = "https://moor.example"
default_language = "en"
taxonomies = [{name = "tags", feed = true}, {name = "birds", paginate_by = 5}, "broken"]
[languages.de]
title = "Das Moor"
[languages.fr]
"""


def test_sections_taxonomies_and_languages_are_suggested_and_keep_their_urls(tmp_path):
    dated = "+++\ntitle = '{}'\ndate = 2020-01-0{}\n[taxonomies]\nbirds = ['Heron']\n+++\nText.\n"
    files = {
        "in/config.toml": SETTINGS,
        "in/content/blog/_index.md": "+++\n+++\n",
        "in/content/blog/a.md": dated.format("A", 1),
        "in/content/blog/b.md": dated.format("B", 2),
        "in/content/field-notes/c.md": dated.format("C", 3),
        "in/content/blog/a.de.md": dated.format("Ä", 1),
        "site/sitegen.toml": "",
    }
    write(tmp_path, files)
    first = import_path(tmp_path / "in", tmp_path / "other", "zola")
    assert tomllib.loads(first.settings) == {
        "title": "Moor",
        "base_url": "https://moor.example",
        "urls": {"post": "/blog/{slug}/", "archive": "/blog/"},
        "types": {"field_notes": {"url": "/field-notes/{slug}/", "listing": "/field-notes/", "feed": True}},
        "taxonomies": {"birds": {}},
        "languages": {"de": {"title": "Das Moor"}},
    }
    root = write(tmp_path / "site", {"sitegen.toml": first.settings})
    import_path(tmp_path / "in", root, "zola", config=read_config(root).config)
    assert build(root).warnings == ()
    for url in (
        "blog/a",
        "blog",
        "field-notes/c",
        "field-notes",
        "birds/heron",
        "birds",
        "de/blog/a",
        "de/birds/heron",
    ):
        assert (root / "output" / url / "index.html").is_file(), url
