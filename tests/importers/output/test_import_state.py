import json
import os
from datetime import UTC
from pathlib import Path
from random import Random

import pytest

from sitegen.content.ledger.file import read_ledger as read_published
from sitegen.errors import SiteError
from sitegen.importers.base import Options
from sitegen.importers.output.destination import check_destination
from sitegen.importers.output.import_state import PostRecord, parse_record
from sitegen.importers.run import run_import
from sitegen.system.fingerprints import of_bytes
from tests.support.sites import write

RECORD = "imports/plain-content-posts.json"
POST = "---\ntitle: {title}\ndate: 2024-01-02\n---\n\n{text}\n"


def importing(root: Path, text: str = "Text.", **options: bool):
    one, two = POST.format(title="One", text=text), POST.format(title="Two", text="T.")
    write(root / "export", {"one.md": one, "two.md": two})
    folder = root / "site"
    return run_import([root / "export"], folder, "content/posts", Options(UTC), format="plain", **options)


def change_record(root: Path, **values: object) -> None:
    """Change the record of the first post."""
    path = root / "site" / RECORD
    saved = json.loads(path.read_text())
    next(iter(saved["posts"].values())).update(values)
    path.write_text(json.dumps(saved))


def test_the_record_is_in_imports_and_other_files_are_in_the_work_folder(tmp_path):
    importing(tmp_path)
    assert (tmp_path / "site" / RECORD).is_file()
    names = {path.name for path in (tmp_path / "site/.sitegen/imports").iterdir()}
    work = {f"plain-content-posts.{ending}" for ending in ("conversions", "last", "txt")}
    assert names == {"lock", *work}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_record_at_the_old_path_is_moved(tmp_path, dry_run):
    importing(tmp_path)
    record, old = tmp_path / "site" / RECORD, tmp_path / "site/.sitegen/imports/plain-content-posts.json"
    before = record.read_bytes()
    record.rename(old)
    record.parent.rmdir()
    report = importing(tmp_path, dry_run=dry_run)
    assert (report.written, report.unchanged) == (0, 2)
    assert (old if dry_run else record).read_bytes() == before
    assert old.exists() == dry_run
    assert record.exists() != dry_run


def test_a_record_at_the_new_path_takes_precedence(tmp_path):
    importing(tmp_path)
    (tmp_path / "site/.sitegen/imports/plain-content-posts.json").write_text("damaged")
    assert importing(tmp_path).unchanged == 2


@pytest.mark.parametrize("path", ["../../../outside.md", "../outside.md", "a/../../../../outside.md"])
def test_a_record_cannot_overwrite_files_outside_of_the_folder(tmp_path, path):
    importing(tmp_path)
    outside = [tmp_path / "outside.md", tmp_path / "site/outside.md", tmp_path / "site/content/outside.md"]
    for file in outside:
        file.write_text("MY PRECIOUS")
    change_record(tmp_path, file=path, digest=of_bytes(b"MY PRECIOUS"))
    with pytest.raises(SiteError, match="the import record is damaged: the file of") as caught:
        importing(tmp_path, "Newer.")
    assert caught.value.problems[0].path == RECORD
    assert [file.read_text() for file in outside] == ["MY PRECIOUS"] * 3


@pytest.mark.parametrize("name", ["👩‍👩‍👧", "نامه‌ای-از-دریا", "क्‍ष", "مرحبا"])
def test_a_record_with_joiners_in_names_is_read(tmp_path, name):
    write(tmp_path / "export", {f"{name}.md": POST.format(title=name, text="Text.")})
    for written in (1, 0):
        report = run_import([tmp_path / "export"], tmp_path / "site", "content/posts", Options(UTC), format="plain")
        assert (report.written, report.unchanged) == (written, 1 - written)
    assert name in (tmp_path / "site" / RECORD).read_text("utf-8")


BROKEN = {
    "absolute": {"file": "/etc/passwd.md"},
    "parent": {"file": "../x.md"},
    "empty part": {"file": "a//b.md"},
    "empty": {"file": ""},
    "dot": {"file": "./b.md"},
    "NUL": {"file": "a\0b.md"},
    "control": {"file": "a\nb.md"},
    "not Markdown": {"file": "hooks.py"},
    "number": {"file": 7},
    "null": {"file": None},
    "list": {"file": ["a.md"]},
    "digest": {"digest": 7},
    "offered": {"offered": {}},
    "slug": {"slug": 7},
    "slug with parts": {"slug": "a/b"},
    "slug that leads up": {"slug": ".."},
    "slug with a line break": {"slug": "a\nb"},
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_damaged_record_is_reported_with_its_path(tmp_path, name):
    importing(tmp_path)
    change_record(tmp_path, **BROKEN[name])
    with pytest.raises(SiteError) as caught:
        importing(tmp_path)
    (problem,) = caught.value.problems
    assert problem.path == RECORD
    assert problem.message.startswith("the import record is damaged: ")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "7", '{"posts": 3}', "[" * 100_000, "\udcff"),
        '{"version": 2, "posts": {}, "pictures": {}}',
        '{"version": 1, "posts": {}, "pictures": {"https://a.example/": "../x.png"}}',
        '{"version": 1, "posts": {}, "pictures": {"https://a.example/": 7}}',
        '{"version": 1, "posts": [], "pictures": {}}',
    ],
    ids=range(11),
)
def test_a_file_that_is_not_a_record_is_reported_with_its_path(tmp_path, text):
    write(tmp_path / "site", {RECORD: text.encode("utf-8", "surrogateescape")})
    with pytest.raises(SiteError) as caught:
        importing(tmp_path)
    (problem,) = caught.value.problems
    assert problem.path == RECORD
    assert problem.message.startswith("the import record is damaged: ")


def test_randomly_changed_import_records_are_read_safely_or_rejected(tmp_path):
    random = Random(1)
    posts = {f"key {n}": {"file": f"2024-01-0{n}-ä.md", "slug": "ä", "digest": "0", "offered": ""} for n in range(1, 4)}
    saved = {"version": 1, "posts": posts, "pictures": {"https://a.example/x.png": "x.png"}}
    data = json.dumps(saved, ensure_ascii=False).encode()
    pieces = (b"", b"..", b"/", b"\\u0000", b'"', b"7", b"{", b"../", b"\\ud800", b"\xff", b"null")
    rejected = 0
    for _ in range(10_000):
        changed = bytearray(data)
        for _ in range(random.choice((1, 1, 2, 6))):
            start = random.randrange(len(changed))
            changed[start : start + random.choice((0, 1, 3))] = random.choice((*pieces, random.randbytes(1)))
        try:
            ledger = parse_record(bytes(changed), RECORD)
        except SiteError as error:
            rejected += 1
            assert {problem.path for problem in error.problems} == {RECORD}  # noqa: PT017 - thousands of cases
            continue
        for file in (*[record.file for record in ledger.posts.values()], *ledger.pictures.values()):
            assert Path(os.path.normpath(tmp_path / file)).is_relative_to(tmp_path)
            assert file.isprintable()
    assert 1_000 < rejected < 10_000


def test_randomly_changed_publication_ledgers_are_read_or_rejected(tmp_path):
    random, path = Random(2), tmp_path / "published.json"
    post = {"guid": "urn:a", "urls": ["/posts/a/"], "path": "content/posts/a.md"}
    data = json.dumps({"version": 1, "posts": [post, {**post, "guid": "urn:b", "urls": ["/posts/b/"]}]}).encode()
    for _ in range(2_000):
        changed = bytearray(data)
        for _ in range(random.choice((1, 1, 2, 6))):
            start = random.randrange(len(changed))
            changed[start : start + random.choice((0, 1, 3))] = random.choice((b"", b"7", b"..", b'"', b"[", b"\xff"))
        path.write_bytes(changed)
        try:
            read_published(path)
        except SiteError as error:
            assert all(problem.path == "published.json" for problem in error.problems)  # noqa: PT017 - thousands of cases


def test_files_outside_of_the_folder_in_a_journal_are_ignored(tmp_path):
    importing(tmp_path)
    journal = tmp_path / "site/.sitegen/imports/plain-content-posts.journal"
    (tmp_path / "outside.md").write_text("MY PRECIOUS")
    digest = of_bytes(b"MY PRECIOUS")
    lines = [
        ["one.md", {"file": "../../../outside.md", "slug": "one", "digest": digest}],
        ["new", {"file": "/outside.md", "slug": "one", "digest": digest}],
        ["new", {"file": 7, "slug": "one", "digest": digest}],
        [7],
        "text",
    ]
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines) + "\0\n[[[[\n")
    importing(tmp_path, "Newer.")
    assert (tmp_path / "outside.md").read_text() == "MY PRECIOUS"
    assert not journal.exists()


def test_paths_outside_of_the_site_are_refused(tmp_path):
    for path in ("../x", "a/../../x", "a\0b"):
        with pytest.raises(SiteError, match="outside of the site"):
            check_destination(tmp_path / "site", tmp_path / "site" / path)


def edit(tmp_path: Path) -> tuple[Path, Path]:
    """Import a post, edit it, and return its file and the file for the new version."""
    importing(tmp_path)
    post = tmp_path / "site/content/posts/2024-01-02-one.md"
    post.write_text(post.read_text() + "Mine.\n")
    return post, post.with_name(f"{post.name}.new")


def test_a_file_with_the_name_of_the_new_version_is_not_overwritten(tmp_path):
    post, beside = edit(tmp_path)
    beside.write_text("MY PRECIOUS")
    report = importing(tmp_path, "Newer.")
    second = post.with_name(f"{post.name}.2.new")
    assert beside.read_text() == "MY PRECIOUS"
    assert "Newer." in second.read_text()
    assert [post.new_version for post in report.preserved] == [f"content/posts/{second.name}"]
    importing(tmp_path, "Newest.")
    assert "Newest." in second.read_text()
    assert beside.read_text() == "MY PRECIOUS"
    assert len(list(post.parent.glob("*.new"))) == 2


def test_an_edited_new_version_is_not_overwritten(tmp_path):
    post, beside = edit(tmp_path)
    importing(tmp_path, "Newer.")
    beside.write_text(beside.read_text() + "Mine.\n")
    importing(tmp_path, "Newest.")
    assert beside.read_text().endswith("Mine.\n")
    assert "Newest." in post.with_name(f"{post.name}.2.new").read_text()


@pytest.mark.parametrize("file_type", ["folder", "link", "dangling link"])
def test_a_folder_or_link_with_the_name_of_the_new_version_stays(tmp_path, file_type):
    post, beside = edit(tmp_path)
    if file_type == "folder":
        beside.mkdir()
    else:
        if file_type == "link":
            (tmp_path / "precious").write_text("mine")
        beside.symlink_to(tmp_path / "precious")
    importing(tmp_path, "Newer.")
    assert beside.is_dir() if file_type == "folder" else beside.is_symlink()
    assert (tmp_path / "precious").exists() == (file_type == "link")
    assert "Newer." in post.with_name(f"{post.name}.2.new").read_text()


def test_a_new_version_is_replaced_by_a_newer_one(tmp_path):
    post, beside = edit(tmp_path)
    importing(tmp_path, "Newer.")
    importing(tmp_path, "Newest.")
    assert "Newest." in beside.read_text()
    beside.unlink()
    importing(tmp_path, "Newest.")
    assert not beside.exists(), "it was offered once, and taken away"
    assert [path.name for path in post.parent.glob("*.new")] == []


def test_records_are_compared_by_value():
    assert PostRecord("a.md", "a", "0") == PostRecord(file="a.md", slug="a", digest="0", offered="")
