"""An import writes each post once, does not overwrite edited files, and accounts for each item."""

import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.importers import item_importer
from sitegen.importers.base import Location, Options, Skipped
from sitegen.importers.item_importer import ItemImporter
from sitegen.importers.output.import_state import ImportRecord
from sitegen.importers.output.report import ImportReport
from sitegen.importers.output.report_text import format_report, summarise
from sitegen.importers.registry import FORMATS, load_importer, recognise_format
from sitegen.importers.run import run_import
from sitegen.system.atomic_write import is_temporary
from sitegen.system.file_lock import hold
from tests.support.importing import PNG


def page(title, text, date="Jan 2, 2023"):
    day = f"{date} · 1 min read\n" if date else ""
    return f"top of page\n• Writer's pictureWGON\n{day}{title}\n\n{text}\n\n1 view0 comments\nbottom of page\n"


def export(folder, count):
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"post-{number}.txt").write_text(page(f"Post {number}", f"Text {number}."))
    return folder


def importing(root, *paths, into="content/posts", options=None, **more):
    root.mkdir(exist_ok=True)
    return run_import([Path(path) for path in paths], root, into, options or Options(UTC), format="wix", **more)


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_second_import_writes_no_file(tmp_path):
    first = importing(tmp_path / "site", export(tmp_path / "e", 12))
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "site/content/posts").iterdir()}
    second = importing(tmp_path / "site", tmp_path / "e")
    assert (first.written, second.written, second.unchanged) == (12, 0, 12)
    assert stamps == {path: path.stat().st_mtime_ns for path in (tmp_path / "site/content/posts").iterdir()}


def test_edited_posts_are_not_overwritten_and_new_versions_written_once(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 12))
    edited = sorted((tmp_path / "site/content/posts").glob("*.md"))[:10]
    for path in edited:
        path.write_text(path.read_text() + "A remark of mine.\n")
    report = importing(tmp_path / "site", tmp_path / "e")
    assert (report.written, report.unchanged, len(report.preserved)) == (0, 2, 10)
    assert all(path.read_text().endswith("A remark of mine.\n") for path in edited)
    beside = sorted((tmp_path / "site/content/posts").glob("*.md.new"))
    assert [path.name for path in beside] == [f"{path.name}.new" for path in edited]
    for path in beside:
        path.unlink()
    again = importing(tmp_path / "site", tmp_path / "e")
    assert len(again.preserved) == 10
    assert not list((tmp_path / "site/content/posts").glob("*.md.new")), "a new version is written once"


def test_a_new_version_is_written_next_to_an_edited_post(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 2))
    post = tmp_path / "site/content/posts/2023-01-02-post-1.md"
    post.write_text("mine")
    (tmp_path / "e/post-1.txt").write_text(page("Post 1", "The platform's own new text."))
    (preserved,) = importing(tmp_path / "site", tmp_path / "e").preserved
    assert post.read_text() == "mine"
    assert "own new text" in (tmp_path / "site" / preserved.new_version).read_text()


def test_an_export_with_one_new_post_adds_one(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 5))
    report = importing(tmp_path / "site", export(tmp_path / "e", 6))
    assert (report.created, report.unchanged) == (("content/posts/2023-01-02-post-5.md",), 5)


def test_a_post_that_changed_on_the_platform_is_updated(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 2))
    (tmp_path / "e/post-0.txt").write_text(page("Post 0", "Corrected."))
    report = importing(tmp_path / "site", tmp_path / "e")
    assert report.changed == ("content/posts/2023-01-02-post-0.md",)
    assert "Corrected." in (tmp_path / "site/content/posts/2023-01-02-post-0.md").read_text()


def test_a_deleted_post_is_not_imported_again(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 2))
    (tmp_path / "site/content/posts/2023-01-02-post-0.md").unlink()
    (preserved,) = importing(tmp_path / "site", tmp_path / "e").preserved
    assert "deleted" in preserved.reason
    assert not (tmp_path / "site/content/posts/2023-01-02-post-0.md").exists()


def test_posts_with_the_same_slug_get_stable_numbers(tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"{day}.txt").write_text(page("Weekly news", f"Week {day}.", f"Jan {day}, 2023"))
    importing(tmp_path / "site", folder)
    names = sorted(path.name for path in (tmp_path / "site/content/posts").iterdir())
    assert names == ["2023-01-01-weekly-news.md", "2023-01-02-weekly-news-2.md", "2023-01-03-weekly-news-3.md"]
    assert importing(tmp_path / "site", folder).unchanged == 3


def test_a_foreign_file_is_not_overwritten(tmp_path):
    posts = tmp_path / "site/content/posts"
    posts.mkdir(parents=True)
    (posts / "2023-01-02-post-0.md").write_text("mine")
    (posts / "other.md").write_text("---\ntitle: x\nslug: Post-1\n---\n")
    report = importing(tmp_path / "site", export(tmp_path / "e", 2))
    assert (posts / "2023-01-02-post-0.md").read_text() == "mine"
    assert report.created == ("content/posts/2023-01-02-post-0-2.md", "content/posts/2023-01-02-post-1-2.md")


def test_a_lost_record_causes_no_duplicates(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 4))
    (tmp_path / "site/imports/wix-content-posts.json").unlink()
    report = importing(tmp_path / "site", tmp_path / "e")
    assert (report.written, report.unchanged) == (0, 4)


def test_a_damaged_record_is_an_error(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 1))
    (tmp_path / "site/imports/wix-content-posts.json").write_text('{"posts": 3}')
    with pytest.raises(SiteError, match="import record is damaged"):
        importing(tmp_path / "site", tmp_path / "e")


def test_a_dry_run_writes_nothing_and_reports_the_same(tmp_path):
    export(tmp_path / "e", 3)
    dry = importing(tmp_path / "site", tmp_path / "e", dry_run=True)
    assert files(tmp_path / "site") == {}
    wet = importing(tmp_path / "site", tmp_path / "e")
    assert (dry.created, dry.read) == (wet.created, wet.read)
    assert "dry run" in summarise(dry)


def test_two_imports_of_an_export_are_equal(tmp_path):
    export(tmp_path / "e", 5)
    importing(tmp_path / "one", tmp_path / "e")
    importing(tmp_path / "two", tmp_path / "e")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_post_without_a_date_becomes_a_draft_until_a_date_is_given(tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "a.txt").write_text(page("Undated", "Text.", ""))
    report = importing(tmp_path / "site", folder)
    assert report.drafts[0].path == "content/posts/undated.md"
    assert "no date" in report.drafts[0].reason
    dated = importing(tmp_path / "site", folder, options=Options(UTC, date=datetime(2020, 5, 1, tzinfo=UTC)))
    assert dated.changed == ("content/posts/undated.md",)
    text = (tmp_path / "site/content/posts/undated.md").read_text()
    assert "date: 2020-05-01" in text
    assert "draft" not in text


@pytest.mark.parametrize("into", ["..", "/tmp/elsewhere", "content/../../x", "", "."])
def test_folders_outside_of_the_site_are_refused(tmp_path, into):
    with pytest.raises(SiteError, match="not inside the site"):
        importing(tmp_path / "site", export(tmp_path / "e", 1), into=into)


@pytest.mark.parametrize("link", ["content", "content/posts", ".sitegen", ".sitegen/imports", "imports"])
def test_a_symbolic_link_in_the_path_is_refused(tmp_path, link):
    (tmp_path / "elsewhere").mkdir()
    link_path = tmp_path / "site" / link
    link_path.parent.mkdir(parents=True)
    link_path.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(SiteError, match="symbolic link"):
        importing(tmp_path / "site", export(tmp_path / "e", 1))
    assert not any(path.is_file() for path in (tmp_path / "elsewhere").rglob("*"))


def test_a_post_that_is_a_symbolic_link_is_not_overwritten(tmp_path):
    posts = tmp_path / "site/content/posts"
    posts.mkdir(parents=True)
    (tmp_path / "secret").write_text("s")
    (posts / "2023-01-02-post-0.md").symlink_to(tmp_path / "secret")
    importing(tmp_path / "site", export(tmp_path / "e", 1))
    assert (tmp_path / "secret").read_text() == "s"
    assert (posts / "2023-01-02-post-0-2.md").is_file()


def test_titles_cannot_create_files_outside_of_the_folder(tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    for number, title in enumerate(["../../evil", "/etc/passwd", "CON", "a\\..\\b", "x" * 5000, "。。/…"]):
        (folder / f"{number}.txt").write_text(page(title, "Text."))
    report = importing(tmp_path / "site", folder)
    assert report.read == 6
    assert {path.split("/")[0] for path in files(tmp_path / "site")} == {"content", ".sitegen", "imports"}
    assert all(path.count("/") == 2 for path in files(tmp_path / "site") if not path.startswith("imports/"))
    assert all(len(Path(path).name.encode()) < 130 for path in files(tmp_path / "site"))


def test_the_report_adds_up_and_is_saved(tmp_path):
    export(tmp_path / "e", 3)
    (tmp_path / "e/empty.txt").write_text("top of page\nbottom of page\n")
    report = importing(tmp_path / "site", tmp_path / "e")
    assert report.adds_up
    assert report.read == 4 == report.written + len(report.skipped)
    text = (tmp_path / "site/.sitegen/imports/wix-content-posts.txt").read_text()
    assert "4 read, 3 written, 0 unchanged, 1 skipped" in text
    assert "empty.txt" in text


def test_numbers_of_equal_titles_are_stable_if_the_record_is_lost(tmp_path):
    for number in range(1, 40):
        (tmp_path / "e").mkdir(exist_ok=True)
        (tmp_path / f"e/{number:02}.txt").write_text(page("Weekly", f"Text {number}."))
    importing(tmp_path / "site", tmp_path / "e")
    posts = tmp_path / "site/content/posts"
    assert "Text 39." in (posts / "2023-01-02-weekly-39.md").read_text()
    before = files(posts)
    (tmp_path / "site/imports/wix-content-posts.json").unlink()
    (tmp_path / "e/00.txt").write_text(page("Weekly", "Text of the newest."))
    report = importing(tmp_path / "site", tmp_path / "e")
    assert (report.written, report.unchanged) == (1, 39)
    after = files(posts)
    assert "Text of the newest." in after.pop("2023-01-02-weekly-40.md").decode()
    assert after == before


def begin_and_die(root, folder, after):
    """Import in a process that is killed after a number of items."""
    child = os.fork()
    if not child:
        try:
            importing(root, folder, progress=lambda read, _: os._exit(0) if read == after else None)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def rewrite(folder, version):
    for number in range(3):
        (folder / f"post-{number}.txt").write_text(page(f"Post {number}", f"Text {number}, version {version}."))


def test_a_newer_export_updates_posts_of_a_killed_import(tmp_path):
    site, folder, posts = tmp_path / "site", export(tmp_path / "e", 3), tmp_path / "site/content/posts"
    importing(site, folder)
    rewrite(folder, 2)
    begin_and_die(site, folder, after=2)
    assert [b"version 2" in data for data in files(posts).values()] == [True, True, False]
    rewrite(folder, 3)
    report = importing(site, folder)
    assert (len(report.changed), report.preserved) == (3, ())
    assert [b"version 3" in data for data in files(posts).values()] == [True, True, True]
    assert not (site / ".sitegen/imports/wix-content-posts.journal").exists()


def test_edited_posts_of_a_killed_import_are_not_overwritten(tmp_path):
    site, folder, posts = tmp_path / "site", export(tmp_path / "e", 3), tmp_path / "site/content/posts"
    begin_and_die(site, folder, after=2)
    edited, other = sorted(posts.iterdir())
    edited.write_text(edited.read_text() + "A remark of mine.\n")
    rewrite(folder, 2)
    report = importing(site, folder)
    assert [post.path for post in report.preserved] == [f"content/posts/{edited.name}"]
    assert edited.read_text().endswith("A remark of mine.\n")
    assert "version 2" in other.read_text()
    assert len(list(posts.glob("*.md"))) == 3


def test_a_journal_with_an_incomplete_last_line_is_read(tmp_path):
    site, folder = tmp_path / "site", export(tmp_path / "e", 3)
    importing(site, folder)
    rewrite(folder, 2)
    begin_and_die(site, folder, after=2)
    journal = site / ".sitegen/imports/wix-content-posts.journal"
    journal.write_bytes(journal.read_bytes()[:-9])
    rewrite(folder, 3)
    report = importing(site, folder)
    assert len(report.changed) == 2
    assert [post.path for post in report.preserved] == ["content/posts/2023-01-02-post-1.md"]


def test_an_import_waits_for_another_but_a_dry_run_does_not(tmp_path):
    def interrupt():
        raise InterruptedError

    with hold(tmp_path / "site/.sitegen/imports/lock"):
        with pytest.raises(InterruptedError):
            importing(tmp_path / "site", export(tmp_path / "e", 1), waiting=interrupt)
        importing(tmp_path / "site", tmp_path / "e", dry_run=True, waiting=interrupt)
    assert importing(tmp_path / "site", tmp_path / "e", waiting=interrupt).written == 1


def test_progress_is_reported(tmp_path):
    seen = []
    importing(tmp_path / "site", export(tmp_path / "e", 3), progress=lambda count, title: seen.append((count, title)))
    assert seen == [(1, "Post 0"), (2, "Post 1"), (3, "Post 2")]


def test_the_error_about_an_unknown_format_lists_all_formats(tmp_path):
    (tmp_path / "x.bin").write_bytes(b"\0\1\2")
    with pytest.raises(SiteError, match="the format of this export is not recognised") as error:
        recognise_format([tmp_path / "x.bin"])
    assert all(name in str(error.value) for name in FORMATS)
    with pytest.raises(SiteError, match='did you mean "wordpress"'):
        load_importer("wordpres")


def test_recognition_opens_no_private_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as file:
        for name in ("email_list.csv", "posts/1.opens.csv", "lists/members.csv", "subscribers.csv"):
            file.writestr(name, "email\na@example.org\n")
        file.writestr("posts.csv", "post_id,title,is_published\n1.a,A,true\n")
        file.writestr("posts/1.a.html", "<p>x</p>")
    data = bytearray((tmp_path / "e.zip").read_bytes())
    while (at := data.find(b"a@example.org")) >= 0:
        data[at : at + 13] = b"x" * 13  # a wrong checksum: reading it fails
    (tmp_path / "e.zip").write_bytes(data)
    assert recognise_format([tmp_path / "e.zip"]) == "substack"
    (tmp_path / "site").mkdir()
    report = run_import([tmp_path / "e.zip"], tmp_path / "site", "content/posts", Options(UTC))
    assert report.written == 1
    assert report.private_files == 3


def test_the_record_is_saved_when_an_import_is_interrupted(tmp_path):
    def stop(count, _):
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing(tmp_path / "site", export(tmp_path / "e", 4), progress=stop)
    ledger = json.loads((tmp_path / "site/imports/wix-content-posts.json").read_text())
    assert len(ledger["posts"]) == 2
    report = importing(tmp_path / "site", tmp_path / "e")
    assert (report.written, report.unchanged) == (2, 2)


def test_no_temporary_files_remain(tmp_path):
    importing(tmp_path / "site", export(tmp_path / "e", 3))
    assert not [name for name in files(tmp_path / "site") if is_temporary(name)]
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"content", ".sitegen", "imports"}


def test_an_updated_post_is_reported_with_its_changes(tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export/a.md").write_text("---\ntitle: One\n---\n\nText\n")
    (tmp_path / "export/b.md").write_text("---\ntitle: Two\ndate: 2024-01-02\n---\n\nText\n")

    def run(**options):
        return run_import([tmp_path / "export"], tmp_path / "site", "content/posts", Options(UTC, **options))

    run()
    report = run(date=datetime(2023, 1, 1, tzinfo=UTC))
    assert report.changes == {"content/posts/a.md": "changed: `date`, `draft`"}
    assert "Updated posts: 1\n  content/posts/a.md: changed: `date`, `draft`" in format_report(report)
    (tmp_path / "export/b.md").write_text("---\ntitle: Three\ndate: 2024-01-02\n---\n\nOther\n")
    report = run(date=datetime(2023, 1, 1, tzinfo=UTC))
    assert list(report.changes.values()) == ["changed: `title`, its text"]


def test_only_the_full_report_has_complete_lists():
    skipped = tuple(Skipped(Location("posts.csv", row), "it has no text") for row in range(2, 32))
    report = ImportReport("wix", "wix-content-posts", read=30, skipped=skipped)
    assert report.adds_up
    short, full = format_report(report), format_report(report, full=True)
    assert "30 × it has no text" in short
    assert "… and 27 more" in short
    assert "posts.csv:31" not in short
    assert "posts.csv:31" in full


def count_records(monkeypatch, folder, export_of, options):
    """Import after setting the period to one item, and return how often the record was written before the end."""
    written = []
    save, finish = ImportRecord.save, ItemImporter.finish
    monkeypatch.setattr(item_importer, "SAVE_EVERY", 1)
    monkeypatch.setattr(ImportRecord, "save", lambda record: (written.append(record.path), save(record))[1])
    monkeypatch.setattr(ItemImporter, "finish", lambda importer: (written.append("finish"), finish(importer))[1])
    run_import([export_of], folder, "content/posts", options)
    return written.index("finish")


def test_the_record_of_a_long_import_is_written_at_its_end(tmp_path, monkeypatch):
    root = tmp_path / "site"
    root.mkdir()
    assert count_records(monkeypatch, root, export(tmp_path / "e", 12), Options(UTC)) == 0


def test_the_record_of_a_long_import_is_written_after_new_images(tmp_path, monkeypatch):
    folder = tmp_path / "e"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(PNG + b"%d" % number)
        (folder / f"2024-01-0{number + 1}-post.md").write_text(f"---\ntitle: Post\n---\n\n![]({number}.png)\n")
    root = tmp_path / "site"
    root.mkdir()
    assert count_records(monkeypatch, root, folder, Options(UTC, images="copy")) == 3
