"""An import that would change nothing is recognised by fingerprints, and returns what a complete one would."""

import json
import shutil
from datetime import UTC, timedelta, timezone

import pytest
from msgspec.structs import replace

from sitegen.config.schema import Config, Urls
from sitegen.importers import run
from sitegen.importers.base import Options
from sitegen.importers.output import last_import
from tests.support.importing import PNG, SAMPLES, import_sample

OPTIONS = Options(UTC, images="copy")
POST = """---
title: Letter {0}
date: 2024-01-0{0}
---
See [the first](letter-1.md), ![a](a{0}.png) and [about](/about/).
"""


def tree(root):
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix not in (".last", ".lock"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def make_site(root):
    """Write an export with three posts to `root/old`, and import it into `root`."""
    export = root / "old"
    export.mkdir(parents=True)
    for number in (1, 2, 3):
        (export / f"letter-{number}.md").write_text(POST.format(number))
        (export / f"a{number}.png").write_bytes(PNG + bytes([number]))
    return import_again(root)


def import_again(root, options=OPTIONS, config=None):
    return run.run_import([root / "old"], root, "content/posts", options, format="plain", config=config)


def forget(root):
    for path in root.glob(".sitegen/imports/*.last"):
        path.unlink()


@pytest.fixture
def complete_imports(monkeypatch):
    """Return a list to which each import that reads the items of its export adds one."""
    found = []
    original = run._import_items
    monkeypatch.setattr(run, "_import_items", lambda *arguments: (found.append(1), original(*arguments)))
    return found


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_a_repeated_import_returns_the_report_of_a_complete_one(sample, tmp_path, complete_imports):
    import_sample(sample, tmp_path)
    forget(tmp_path)
    complete = import_sample(sample, tmp_path)
    assert complete.created == complete.changed == ()
    before = tree(tmp_path)
    assert import_sample(sample, tmp_path) == complete
    assert (len(complete_imports), tree(tmp_path)) == (2, before)


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_the_second_import_returns_the_report_of_a_complete_one(sample, tmp_path):
    import_sample(sample, tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "b")
    assert import_sample(sample, tmp_path / "a") == import_sample(sample, tmp_path / "b")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_the_second_import_of_posts_does_not_read_their_export_again(tmp_path, complete_imports):
    make_site(tmp_path)
    report = import_again(tmp_path)
    assert (report.read, report.unchanged, report.written, len(complete_imports)) == (6, 3, 0, 1)


def edit(root):
    (root / "content/posts/2024-01-02-letter-2.md").write_text("My own words.")


def change_record(root):
    path = root / "imports/plain-content-posts.json"
    record = json.loads(path.read_bytes())
    record["posts"].pop("letter-2.md")
    path.write_text(json.dumps(record))


def start_journal(root):
    (root / ".sitegen/imports/plain-content-posts.journal").write_bytes(b"")


def write(path, text="---\ntitle: A\ndate: 2024-01-04\nslug: letter-2\n---\n"):
    def change(root):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return change


def remove(path):
    return lambda root: (root / path).unlink()


CHANGES = {
    "an edited post": edit,
    "a deleted post": remove("content/posts/2024-01-02-letter-2.md"),
    "a deleted image": remove("content/posts/2024-01-02-letter-2/a2.png"),
    "a foreign post": write("content/posts/letter-9.md"),
    "a page with an old URL": write("content/pages/letter-2.md"),
    "a file that a link leads to": write("content/about/index.html"),
    "a new post in the export": write("old/letter-4.md"),
    "a changed post in the export": write("old/letter-2.md"),
    "a post that left the export": remove("old/letter-2.md"),
    "a new image in the export": write("old/b.png", "no image"),
    "an entry that left the record": change_record,
    "an import that was killed": start_journal,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_an_import_is_complete(change, tmp_path, complete_imports):
    make_site(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "b")
    for root in (tmp_path / "a", tmp_path / "b"):
        change(root)
    assert import_again(tmp_path / "a") == import_again(tmp_path / "b")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert len(complete_imports) == 3


def test_after_a_comment_was_edited_an_import_is_complete(tmp_path, complete_imports):
    for _ in range(2):
        import_sample("wordpress", tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "b")
    for root in (tmp_path / "a", tmp_path / "b"):
        path = sorted(root.rglob("*.comments.yaml"))[0]
        path.write_text(path.read_text("utf-8").replace("  text: |\n    ", "  text: |\n    My own words. ", 1), "utf-8")
    report = import_sample("wordpress", tmp_path / "a")
    assert report == import_sample("wordpress", tmp_path / "b")
    assert (report.comments.edited, len(complete_imports)) == (1, 4)


def test_an_import_with_links_to_files_beside_the_content_folder_is_complete(tmp_path, complete_imports):
    make_site(tmp_path)
    write("old/letter-3.md", POST.format(3) + "[a](../../static/a.txt)\n")(tmp_path)
    assert {target.url for target in import_again(tmp_path).broken} == {"/about/", "/static/a.txt"}
    write("static/a.txt")(tmp_path)
    assert {target.url for target in import_again(tmp_path).broken} == {"/about/"}
    assert len(complete_imports) == 3


@pytest.mark.parametrize(
    ("options", "config"),
    [
        (replace(OPTIONS, zone=timezone(timedelta(hours=9))), None),
        (replace(OPTIONS, images="leave"), None),
        (replace(OPTIONS, old_url="https://a.example/"), None),
        (OPTIONS, Config(urls=Urls(post="/{year}/{slug}/"))),
    ],
)
def test_with_other_options_an_import_is_complete(options, config, tmp_path, complete_imports):
    make_site(tmp_path)
    import_again(tmp_path, options, config)
    assert len(complete_imports) == 2


@pytest.mark.parametrize("options", [replace(OPTIONS, images="download"), replace(OPTIONS, date_from="git")])
def test_an_import_that_depends_on_more_than_files_is_complete(options, tmp_path, complete_imports, monkeypatch):
    monkeypatch.setattr(run, "date_filler", lambda *_: options.fill_date)
    make_site(tmp_path)
    import_again(tmp_path, options)
    import_again(tmp_path, options)
    assert len(complete_imports) == 3


def test_with_other_code_an_import_is_complete(tmp_path, complete_imports, monkeypatch):
    make_site(tmp_path)
    monkeypatch.setattr(last_import, "of_installation", lambda: "other code")
    import_again(tmp_path)
    assert len(complete_imports) == 2


@pytest.mark.parametrize("index", [0, 31, 32, 40, 120, -1])
def test_a_damaged_file_is_ignored_and_written_again(index, tmp_path, complete_imports):
    make_site(tmp_path)
    (path,) = tmp_path.glob(".sitegen/imports/*.last")
    data = bytearray(path.read_bytes())
    data[index] ^= 1
    path.write_bytes(data)
    assert import_again(tmp_path).unchanged == 3
    path.write_bytes(path.read_bytes()[:index])
    assert import_again(tmp_path).unchanged == 3
    assert import_again(tmp_path).unchanged == 3
    assert len(complete_imports) == 3


def test_a_dry_run_reads_the_items(tmp_path, complete_imports):
    make_site(tmp_path)
    run.run_import([tmp_path / "old"], tmp_path, "content/posts", OPTIONS, format="plain", dry_run=True)
    assert len(complete_imports) == 2
