"""Exports of comment systems: each published comment arrives at its post, and nothing private does."""

import json
from datetime import UTC

import pytest

from sitegen.comments.file import parse_comments
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.importers.base import Options
from sitegen.importers.comments.run import import_comments
from sitegen.importers.run import run_import
from tests.cli.test_commands import run
from tests.importers.comments.samples import PRIVATE, SAMPLES, URL, disqus, wordpress
from tests.support.sites import build, make_site, post, tree, write

FILE = "content/posts/2024-01-02-second.comments.yaml"
POST = "content/posts/2024-01-02-second.md"


def make(tmp_path, name="disqus.xml"):
    ids = post("Second", "2024-01-02").replace("tags:", "id: em_2\ntags:")
    root = make_site(tmp_path / "site", {POST: ids})
    path = tmp_path / "export" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(SAMPLES[name][0]() if name in SAMPLES else b"")
    return root, tmp_path / "export" if "/" in name else path


def import_into(root, path, **options):
    return import_comments([path], root, read_config(root).config, **options)


def read(root):
    return parse_comments((root / FILE).read_bytes(), FILE).comments


@pytest.mark.parametrize("name", SAMPLES)
def test_each_published_comment_arrives_at_its_post_with_its_thread(tmp_path, name):
    root, path = make(tmp_path, name)
    _, count, dropped = SAMPLES[name]
    report = import_into(root, path)
    assert (report.counts.added, report.dropped, report.counts.problems) == (count, dropped, [])
    comments = read(root)
    assert len(comments) == count
    assert all(item.text.startswith("Text") and item.author.lower().startswith("ada") for item in comments)
    assert all(item.date and item.date.year == 2024 for item in comments)
    assert [item.reply_to for item in comments if item.reply_to] == [comments[0].id] * (count - 1)


@pytest.mark.parametrize("name", [*SAMPLES, "wordpress.xml"])
def test_nothing_private_is_in_the_site_or_its_output(tmp_path, name):
    if name == "wordpress.xml":
        root, path = make(tmp_path, "disqus.xml")
        path.write_bytes(wordpress())
        assert run_import([path], root, "content/posts", Options(UTC)).comments.added == 2
    else:
        root, path = make(tmp_path, name)
        assert import_into(root, path).counts.added
    build(root)
    for file, data in tree(root).items():
        for value in PRIVATE:
            assert value.encode() not in data, (file, value)


@pytest.mark.parametrize("name", SAMPLES)
def test_importing_again_writes_nothing(tmp_path, name):
    root, path = make(tmp_path, name)
    import_into(root, path)
    before = {file: file.stat().st_mtime_ns for file in root.rglob("*") if file.is_file()}
    report = import_into(root, path)
    assert (report.counts.added, report.counts.unchanged) == (0, SAMPLES[name][1])
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_comments_that_were_edited_or_deleted_stay_so(tmp_path):
    root, path = make(tmp_path)
    import_into(root, path)
    first, _, _ = (root / FILE).read_text().partition("- id: disqus-2")
    write(root, {FILE: "# Ours\n" + first.replace("Text **1**", "Edited")})
    report = import_into(root, path)
    assert (report.counts.edited, report.counts.added) == (2, 0)
    assert (root / FILE).read_text() == "# Ours\n" + first.replace("Text **1**", "Edited")


def test_a_comment_that_changed_on_the_platform_is_updated(tmp_path):
    root, path = make(tmp_path)
    import_into(root, path)
    path.write_bytes(disqus().replace(b"Text <b>1</b>", b"Better"))
    assert import_into(root, path).counts.changed == 1
    assert read(root)[0].text == "Better"


def test_a_new_comment_changes_no_other_line(tmp_path):
    root, path = make(tmp_path)
    own = "# Ours\n- id: own\n  date: 2024-02-01T12:00:00Z\n  text: 'Between'   # quoted\n"
    write(root, {FILE: own})
    import_into(root, path)
    text = (root / FILE).read_text()
    assert text.startswith("# Ours\n- id: disqus-1\n")
    assert "- id: own\n  date: 2024-02-01T12:00:00Z\n  text: 'Between'   # quoted\n- id: disqus-2\n" in text


def test_comments_on_other_posts_are_reported(tmp_path):
    root, path = make(tmp_path)
    assert import_into(root, path).unmatched == {"https://old.example.org/gone/": 1}


@pytest.mark.parametrize(
    "change",
    [
        {POST: post("Second", "2024-01-02").replace("tags:", "slug: other\naliases: [/posts/second/]\ntags:")},
        {POST: post("Second", "2024-01-02").replace("tags:", f"slug: other\nsource_url: {URL}\ntags:")},
        {POST: post("Second", "2024-01-02").replace("tags:", "slug: other\nid: x1\ntags:")},
        {
            POST: post("Second", "2024-01-02").replace("tags:", "slug: other\ntags:"),
            "published.json": json.dumps({"version": 1, "posts": [{"path": POST, "guid": "g", "urls": [URL]}]}),
        },
    ],
    ids=["alias", "source", "id", "ledger"],
)
def test_a_post_is_found_by_every_name_that_it_has_or_had(tmp_path, change):
    root, path = make(tmp_path)
    write(root, change)
    assert import_into(root, path).counts.added == 2


def test_a_dry_run_writes_nothing(tmp_path):
    root, path = make(tmp_path)
    before = tree(root)
    assert import_into(root, path, dry_run=True).counts.added == 2
    assert tree(root) == before


def test_a_file_of_an_unknown_format_is_refused(tmp_path):
    root, path = make(tmp_path)
    path.write_text("hello")
    with pytest.raises(SiteError, match="the format of this export of comments is not recognised"):
        import_into(root, path)


def test_an_invalid_comment_file_is_reported_and_not_changed(tmp_path):
    root, path = make(tmp_path)
    write(root, {FILE: "- id: a\n"})
    report = import_into(root, path)
    assert len(report.counts.problems) == 2
    assert (root / FILE).read_text() == "- id: a\n"


@pytest.mark.parametrize(
    "own", ["\ufeff- id: own\n  text: x\n", "- id: own\r\n  text: x\r\n", "# none\n", "- id: own\n  text: x"]
)
def test_comments_are_added_to_a_file_of_any_editor(tmp_path, own):
    root, path = make(tmp_path)
    write(root, {FILE: own})
    assert import_into(root, path).counts.added == 2
    assert {item.id for item in read(root)} >= {"disqus-1", "disqus-2"}
    assert import_into(root, path).counts.unchanged == 2


def test_a_comment_file_in_another_encoding_is_reported_and_not_changed(tmp_path):
    root, path = make(tmp_path)
    write(root, {FILE: b"- id: own\n  text: \xff\n"})
    assert len(import_into(root, path).counts.problems) == 2
    assert (root / FILE).read_bytes() == b"- id: own\n  text: \xff\n"


def test_the_command_reports_what_it_did(tmp_path):
    root, path = make(tmp_path)
    result = run("comments", "import", path, root=root)
    assert result.exit_code == 0
    assert "Disqus: comments on 1 post: 2 new" in result.output
    assert "https://old.example.org/gone/: 1" in result.output
    assert "spam comment: 1" in result.output


def test_comments_of_wordpress_are_imported_with_the_posts(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(wordpress())
    root = make_site(tmp_path / "site", {POST: ""})
    (root / POST).unlink()
    report = run_import([path], root, "content/posts", Options(UTC))
    assert report.comments.added == 2
    assert {
        "pending comment": 1,
        "spam comment": 1,
        'comment of the type "order_note"': 1,
    }.items() <= report.dropped.items()
    first, second = read(root)
    assert (first.id, first.text, first.url) == ("wordpress-1", "Text **1**", f"{URL}#comment-1")
    assert second.reply_to == "wordpress-1"
    again = run_import([path], root, "content/posts", Options(UTC))
    assert (again.comments.added, again.comments.unchanged) == (0, 2)
