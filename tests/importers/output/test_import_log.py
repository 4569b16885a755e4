"""What an import collects for its report, item by item."""

from collections import Counter

import pytest

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import Dropped, HtmlBody, ImportedPost, Location, Note, Skipped, SuggestedTable
from sitegen.importers.output.import_log import ImportLog
from sitegen.importers.skip_reasons import DATA, IMAGE, UNUSED_IMAGE


def where(path):
    return Location(path)


@pytest.fixture
def archive(tmp_path):
    for name in ("a.html", "b.html", "settings.json", "photo.png", "unused.png", "rest.bin"):
        (tmp_path / name).write_bytes(b"{}")
    with Archive([tmp_path]) as opened:
        yield opened


def test_a_post_that_is_skipped_is_named_by_the_printable_beginning_of_its_title():
    log = ImportLog()
    log.skip_post(ImportedPost(where("a.html"), title="\x1b[31m" + "x" * 200, body=HtmlBody("")), "too deep")
    assert log.skipped == [Skipped(where("a.html"), f'" [31m{"x" * 75}": too deep')]


def test_each_category_of_dropped_content_names_its_first_place():
    log = ImportLog()
    log.add_dropped(Counter({"forms": 2, "scripts": 0}), where("a.html"))
    log.add_dropped(Counter({"forms": 1}), where("b.html"))
    log.add_item(Dropped(where("c.html"), "polls"))
    assert log.dropped == {"forms": 3, "polls": 1}
    assert log.examples == {"forms": "a.html", "polls": "c.html"}


def test_posts_are_reported_in_the_order_of_the_export():
    log = ImportLog()
    for path in ("z.md", "a.md", "m.md"):
        log.add_post(path, "no date" if path == "a.md" else "", has_original=path == "z.md")
    assert log.in_order({"a.md", "z.md"}) == ("z.md", "a.md")
    assert [(draft.path, draft.reason) for draft in log.drafts] == [("a.md", "no date")]
    assert log.posts_with_original == 1


def test_reasons_for_skipping_files_are_refined_by_what_posts_use(archive):
    log = ImportLog()
    for path, reason in (("photo.png", IMAGE), ("unused.png", IMAGE), ("settings.json", DATA), ("rest.bin", DATA)):
        log.add_item(Skipped(where(path), reason))
    archive.read("settings.json")
    refined = {item.where.path: item.reason for item in log.refine_skipped(archive, {"photo.png"})}
    assert refined == {
        "photo.png": "saved next to the posts that use it",
        "unused.png": UNUSED_IMAGE,
        "settings.json": "settings of the old site",
        "rest.bin": DATA,
    }


def test_a_file_is_unused_only_if_nothing_mentions_it(archive):
    log = ImportLog()
    log.add_item(Note(where("a.html"), "no text"))
    log.add_item(Skipped(where("b.html"), DATA))
    log.add_item(Dropped(where("settings.json"), "settings"))
    log.add_item(SuggestedTable((), {"title": "Letters"}))
    assert log.find_unused_files(archive, {"photo.png"}) == ("rest.bin", "unused.png")


def test_long_urls_of_broken_links_are_cut():
    log = ImportLog()
    log.add_broken_links("a.md", [("https://example.com/" + "x" * 500, "no such page")])
    assert [(len(target.url), target.path, target.reason) for target in log.broken] == [(200, "a.md", "no such page")]
