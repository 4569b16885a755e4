"""The counts of an export have the day of the export, and those that did not change keep their day."""

import os
from datetime import UTC, date, datetime

import pytest

from tests.cli.test_commands import run
from tests.support.sites import make_site, tree, write

SAVED = """top of page
• Writer's pictureAda
Jan 2, 2023 · 2 min read
Fog on the river
( The Gazette )

It was a foggy morning on the river, and the ferry did not leave until noon.

{views} views2 comments
bottom of page
"""
MARKDOWN = "---\ntitle: Fog\ndate: 2023-01-02\nviews: 5\n---\n\nText.\n"


def touch(path, day):
    moment = datetime.combine(day, datetime.min.time(), UTC).timestamp() + 43_200
    os.utime(path, (moment, moment))


@pytest.fixture
def site(tmp_path):
    root = make_site(tmp_path / "site")
    export = write(tmp_path, {"fog.txt": SAVED.format(views=5)}) / "fog.txt"
    touch(export, date(2024, 6, 1))
    return root, export


def import_(site, *options):
    root, export = site
    assert run("import", str(export), *options, root=root).exit_code == 0
    (path,) = (root / "content/posts").glob("*fog*.md")
    return path


def test_counts_have_the_day_of_the_file(site):
    text = import_(site).read_text()
    assert "views: {count: 5, on: Wix, at: 2024-06-01}\ncomments: {count: 2, on: Wix, at: 2024-06-01}\n" in text


def test_the_day_can_be_given(site):
    assert "views: {count: 5, on: Wix, at: 2023-03-04}\n" in import_(site, "--exported", "2023-03-04").read_text()
    root, export = site
    assert run("import", str(export), "--exported", "soon", root=root).exit_code == 2


@pytest.mark.parametrize("edit", [None, "A line of my own.\n"])
def test_another_copy_with_the_same_numbers_changes_nothing(site, edit):
    path = import_(site)
    if edit:
        path.write_text(path.read_text() + edit)
        import_(site)  # writes the version of the export beside the edited post
    before = tree(path.parent)
    touch(site[1], date(2025, 1, 1))
    import_(site)
    assert tree(path.parent) == before


def test_a_repeated_import_without_its_record_does_not_change_the_post(site):
    path = import_(site)
    before = path.read_bytes()
    for record in (site[0] / "imports").iterdir():
        record.unlink()
    touch(site[1], date(2025, 1, 1))
    assert import_(site).read_bytes() == before


def test_a_new_number_has_the_day_of_the_new_export(site):
    import_(site)
    site[1].write_text(SAVED.format(views=9))
    touch(site[1], date(2025, 1, 1))
    text = import_(site).read_text()
    assert "views: {count: 9, on: Wix, at: 2025-01-01}\ncomments: {count: 2, on: Wix, at: 2024-06-01}\n" in text


def test_the_counts_of_a_generator_stay_as_their_author_wrote_them(tmp_path):
    root = make_site(tmp_path / "site")
    write(tmp_path / "old", {"2023-01-02-fog.md": MARKDOWN})
    assert run("import", str(tmp_path / "old"), "--from", "plain", root=root).exit_code == 0
    (path,) = (root / "content/posts").glob("*fog*.md")
    assert "\nviews: 5\n" in path.read_text()
