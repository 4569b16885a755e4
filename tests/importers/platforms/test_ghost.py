"""Exports of Ghost are read as a stream and imported as posts."""

import json
from datetime import UTC

from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from tests.support.importing import EXPORTS, check_sample, import_path

SAMPLE_FILE = EXPORTS / "ghost/input/inkwell.ghost.2021-08-01-10-00-00.json"


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("ghost", tmp_path)


def test_an_export_without_the_wrapper_is_read(tmp_path):
    (tmp_path / "e.json").write_text(json.dumps(json.loads(SAMPLE_FILE.read_text())["db"][0]))
    assert import_path(tmp_path / "e.json", tmp_path / "site").written == 8


def test_the_order_of_the_tables_does_not_matter(tmp_path):
    document = json.loads(SAMPLE_FILE.read_text())
    document["db"][0]["data"] = dict(reversed(document["db"][0]["data"].items()))
    (tmp_path / "e.json").write_text(json.dumps(document))
    import_path(tmp_path / "e.json", tmp_path / "site", "ghost")
    import_path(SAMPLE_FILE, tmp_path / "same", "ghost")
    for post in (tmp_path / "same/content/posts").iterdir():
        assert (tmp_path / "site/content/posts" / post.name).read_text() == post.read_text()


def test_posts_before_the_cut_of_a_truncated_export_are_imported(tmp_path):
    text = SAMPLE_FILE.read_text()
    (tmp_path / "e.json").write_text(text[: text.index("Only plain")])
    report = import_path(tmp_path / "e.json", tmp_path / "site")
    assert report.written == 3
    assert any("cut off" in note.message for note in report.notes)


def test_rows_that_are_not_posts_are_skipped(tmp_path):
    document = {
        "meta": {"exported_on": 1},
        "data": {"posts": [5, {"title": "A", "html": "<p>x</p>", "published_at": "not a day"}]},
    }
    (tmp_path / "e.json").write_text(json.dumps(document))
    report = import_path(tmp_path / "e.json", tmp_path / "site")
    assert (report.read, report.written, len(report.skipped)) == (2, 1, 1)
    assert '"not a day" is not a date' in {note.message for note in report.notes}


def test_the_url_of_the_old_site_completes_urls_of_images_and_links(tmp_path):
    post = {
        "id": "5f" + 22 * "0",
        "title": "A",
        "slug": "a",
        "html": '<p><a href="__GHOST_URL__/b/">b</a><img src="__GHOST_URL__/content/images/i.png" alt="I"></p>',
        "feature_image": "__GHOST_URL__/content/images/top.png",
        "published_at": "2021-05-02T08:00:00.000Z",
    }
    export = {"meta": {"exported_on": 1, "version": "5.0"}, "data": {"posts": [post]}}
    (tmp_path / "export.json").write_text(json.dumps(export))
    options = Options(UTC, old_url="https://ink.example/", images="leave")
    run_import([tmp_path / "export.json"], tmp_path / "site", "content/posts", options, format="ghost")
    written = (tmp_path / "site/content/posts/2021-05-02-a.md").read_text()
    assert "image: https://ink.example/content/images/top.png\n" in written
    assert "[b](https://ink.example/b/)" in written
    assert "(https://ink.example/content/images/i.png)" in written


def test_links_to_the_form_for_subscribers_become_text(tmp_path):
    portal = "#/portal/signup"
    text = f'<p>Please <a href="__GHOST_URL__/{portal}">subscribe</a> or <a href="{portal}/plans">pay</a>.</p>'
    post = {"id": "a" * 24, "title": "A", "slug": "a", "html": text, "published_at": "2021-05-02T08:00:00.000Z"}
    (tmp_path / "e.json").write_text(json.dumps({"meta": {"version": "5.0"}, "data": {"posts": [post]}}))
    report = import_path(tmp_path / "e.json", tmp_path / "site", "ghost")
    assert "Please subscribe or pay." in (tmp_path / "site" / report.created[0]).read_text()
    assert report.broken == ()
    assert report.dropped["link to Ghost's form for subscribers (text imported)"] == 2
