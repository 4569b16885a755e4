"""A Ghost export becomes posts, read as a stream."""

import json

from tests.support.importing import EXPORTS, check_sample, import_path

SAMPLE = EXPORTS / "ghost/input/inkwell.ghost.2021-08-01-10-00-00.json"


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("ghost", tmp_path)


def test_the_wrapper_may_be_missing(tmp_path):
    (tmp_path / "e.json").write_text(json.dumps(json.loads(SAMPLE.read_text())["db"][0]))
    assert import_path(tmp_path / "e.json", tmp_path / "site").written == 8


def test_the_order_of_the_tables_does_not_matter(tmp_path):
    document = json.loads(SAMPLE.read_text())
    document["db"][0]["data"] = dict(reversed(document["db"][0]["data"].items()))
    (tmp_path / "e.json").write_text(json.dumps(document))
    import_path(tmp_path / "e.json", tmp_path / "site", "ghost")
    import_path(SAMPLE, tmp_path / "same", "ghost")
    for post in (tmp_path / "same/content/posts").iterdir():
        assert (tmp_path / "site/content/posts" / post.name).read_text() == post.read_text()


def test_a_torn_export_gives_the_posts_before_the_tear(tmp_path):
    text = SAMPLE.read_text()
    (tmp_path / "e.json").write_text(text[: text.index("Only plain")])
    report = import_path(tmp_path / "e.json", tmp_path / "site")
    assert report.written == 3
    assert any("cut off" in note.message for note in report.notes)


def test_rows_that_are_no_posts_are_skipped(tmp_path):
    document = {
        "meta": {"exported_on": 1},
        "data": {"posts": [5, {"title": "A", "html": "<p>x</p>", "published_at": "not a day"}]},
    }
    (tmp_path / "e.json").write_text(json.dumps(document))
    report = import_path(tmp_path / "e.json", tmp_path / "site")
    assert (report.read, report.written, len(report.skipped)) == (2, 1, 1)
    assert '"not a day" is not a date' in {note.message for note in report.notes}
