"""What `.sitegen/` and the output folder can be like: unwritable, gone, or on several file systems."""

import errno
import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from sitegen.build import builder as builder_module
from sitegen.build import output as output_module
from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.build.snapshot import Snapshot
from sitegen.cache.store import Store, StoreError
from sitegen.config.load import read_config
from sitegen.errors import Problem, SiteError
from sitegen.system.file_lock import hold
from tests.support.rights import bound_by_rights
from tests.support.sites import CACHE, tree, write

CONFIG = 'title = "T"\nbase_url = "https://ex.org/"\n[feeds]\nformats = ["atom"]\n'
POST = "---\ntitle: {}\ndate: 2024-01-0{}\n---\n{}\n"


@pytest.fixture
def site(tmp_path):
    posts = {f"content/posts/p{n}.md": POST.format(f"Post {n}", n, "Words.") for n in range(1, 4)}
    return write(tmp_path / "site", {"sitegen.toml": CONFIG, "content/f.txt": "f", **posts})


def run(site, builder=None, output=""):
    """Build with a new builder, as a new process would, or with the last one."""
    config = read_config(site).config
    if builder is not None:
        report = builder.build(config, Request(output))
        builder.save()
        return report
    with closing(Builder(site, time.time_ns, cache=CACHE)) as other:
        return other.build(config, Request(output))


def edit(site):
    write(site, {"content/posts/p1.md": POST.format("Another", 1, "Other words."), "content/posts/n/new.txt": "new"})
    (site / "content/f.txt").unlink(missing_ok=True)
    (site / "content/posts/p2.md").unlink(missing_ok=True)


def check_output(site):
    """Compare the output with that of a clean build."""
    clean, work = site.parent / "clean", site.parent / "work"
    for folder in (clean, work):
        shutil.rmtree(folder, ignore_errors=True)
    with closing(Builder(site, time.time_ns, work=work, cache=CACHE)) as builder:
        builder.build(read_config(site).config, Request(str(clean)))
    assert tree(site / "output") == tree(clean)


@pytest.mark.parametrize(
    ("mounted", "reuse"), [("posts", True), ("posts", False), ("posts/p1", False), ("feeds", False), ("assets", False)]
)
def test_a_folder_of_the_output_may_be_another_file_system(site, monkeypatch, mounted, reuse):
    inside = f"{site}/output/{mounted}/"
    (site / "output" / mounted).mkdir(parents=True)
    moves = []

    def guard(move):
        def moved(source, target, **named):
            if str(target).startswith(inside) != str(source).startswith(inside):
                moves.append(target)
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, target)
            move(source, target, **named)

        return moved

    monkeypatch.setattr(os, "replace", guard(os.replace))
    monkeypatch.setattr(os, "rename", guard(os.rename))
    builder = Builder(site, time.time_ns, cache=CACHE) if reuse else None
    run(site, builder)
    check_output(site)
    edit(site)
    run(site, builder)
    check_output(site)
    assert run(site, builder).rendered == ()
    assert moves
    if builder is not None:
        builder.close()


def fail_open(monkeypatch, number):
    make = Store._open

    def open_store(store):
        if store.in_memory:
            return make(store)
        raise OSError(number, os.strerror(number), str(store.path))

    monkeypatch.setattr(Store, "_open", open_store)


def fail_writes(monkeypatch, number):
    change = Store._change

    def change_store(store, statement, rows):
        if store.in_memory:
            return change(store, statement, rows)
        raise OSError(number, os.strerror(number), str(store.path))

    monkeypatch.setattr(Store, "_change", change_store)


def fail_manifest(monkeypatch, number):
    def write_manifest(manifest, _paths):
        raise OSError(number, os.strerror(number), str(manifest))

    monkeypatch.setattr(output_module, "write_manifest", write_manifest)


@pytest.mark.parametrize("reuse", [True, False], ids=["one process", "two processes"])
@pytest.mark.parametrize(
    ("fail", "number"),
    [
        (fail_open, errno.EROFS),
        (fail_writes, errno.EACCES),
        (fail_writes, errno.ENOSPC),
        (fail_writes, errno.EFBIG),
        (fail_manifest, errno.ENOSPC),
    ],
)
def test_a_build_succeeds_with_a_warning_if_its_cache_cannot_be_written(site, monkeypatch, fail, number, reuse):
    run(site)
    edit(site)
    fail(monkeypatch, number)
    builder = Builder(site, time.time_ns, cache=CACHE) if reuse else None
    for _ in range(2):
        report = run(site, builder)
        warnings = [warning for warning in report.warnings if warning.path.startswith(".sitegen/")]
        assert [warning.message for warning in warnings] == [
            f"the build cache cannot be written: {os.strerror(number)}"
        ]
        assert {warning.hint for warning in warnings} == {
            "the output is right; until you make the folder writable, each build renders everything"
        }
        check_unharmed = monkeypatch.context()
        with check_unharmed as unharmed:
            unharmed.undo()
            check_output(site)
        write(site, {"content/posts/p3.md": POST.format("Third", 3, "More.")})
    if builder is not None:
        assert builder.close() == ()


@pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX")
def test_a_build_succeeds_with_a_work_folder_without_permissions(site):
    run(site)
    edit(site)
    (site / ".sitegen").chmod(0o555)
    (site / ".sitegen/store.db").chmod(0o444)
    with bound_by_rights():
        assert any("cannot be written" in warning.message for warning in run(site).warnings)
    check_output(site)
    (site / ".sitegen").chmod(0o755)


def test_a_lock_can_be_held_where_its_file_cannot_be_made(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with hold(tmp_path / "site/.sitegen/lock") as descriptor:
        assert descriptor >= 0


@pytest.mark.parametrize("reuse", [True, False], ids=["one process", "two processes"])
def test_a_build_after_the_work_folder_was_removed_knows_its_files(site, reuse):
    builder = Builder(site, time.time_ns, cache=CACHE) if reuse else None
    run(site, builder)
    for _ in range(2):
        shutil.rmtree(site / ".sitegen")
        edit(site)
        run(site, builder)
        check_output(site)
        write(site, {"content/f.txt": "f", "content/posts/p2.md": POST.format("Two", 2, "Again.")})
    if builder is not None:
        builder.close()


def test_a_foreign_file_that_replaced_an_own_one_is_recognised(site):
    run(site)
    shutil.rmtree(site / ".sitegen")
    edit(site)
    write(site, {"output/posts/p1/index.html": "mine", "output/f.txt": "mine too"})
    with pytest.raises(SiteError, match="sitegen did not write"):
        run(site)
    assert (site / "output/posts/p1/index.html").read_text() == "mine"
    (site / "output/posts/p1/index.html").unlink()
    run(site)
    assert (site / "output/f.txt").read_text() == "mine too"


def harm(name):
    def apply(site):
        path = site / ".sitegen"
        store, manifest = path / "store.db", next(path.glob("written-*.txt"))
        {
            "no store": store.unlink,
            "an empty store": lambda: store.write_bytes(b""),
            "a store of text": lambda: store.write_text("text"),
            "half a store": lambda: os.truncate(store, store.stat().st_size // 2),
            "the database of another program": lambda: replace_base(store),
            "a folder for the store": lambda: (store.unlink(), store.mkdir()),
            "no manifest": manifest.unlink,
            "an empty manifest": lambda: manifest.write_bytes(b""),
            "a manifest of bytes": lambda: manifest.write_bytes(bytes(range(256))),
            "nothing at all": lambda: [file.unlink() for file in path.iterdir()],
            "no folder": lambda: shutil.rmtree(path),
            "no store and no manifest": lambda: (store.unlink(), manifest.unlink()),
        }[name]()

    return apply


def replace_base(store):
    store.unlink()
    with closing(sqlite3.connect(store)) as base:
        base.execute("CREATE TABLE other (x)")


HARMS = (
    "no store",
    "an empty store",
    "a store of text",
    "half a store",
    "the database of another program",
    "a folder for the store",
    "no manifest",
    "an empty manifest",
    "a manifest of bytes",
    "nothing at all",
    "no folder",
    "no store and no manifest",
)


@pytest.mark.parametrize("name", HARMS)
def test_a_work_folder_that_was_harmed_ends_in_a_right_build(site, name):
    run(site)
    harm(name)(site)
    edit(site)
    run(site)
    check_output(site)


def test_a_snapshot_that_cannot_be_stored_is_a_problem_and_the_output_is_right(site, monkeypatch):
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        builder.build(read_config(site).config, Request())
        with monkeypatch.context() as patched:
            fail_writes(patched, errno.ENOSPC)
            message = f"the build cache cannot be written: {os.strerror(errno.ENOSPC)}"
            hint = "the output is right; the next build will take longer"
            assert builder.save() == (Problem(".sitegen/store.db", 0, message, hint),)
        assert not builder.snapshot.is_stored
        assert builder.save() == ()
        assert builder.snapshot.is_stored
    check_output(site)


def test_the_snapshot_of_a_later_build_by_another_process_is_not_overwritten(site):
    config = read_config(site).config
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        builder.build(config, Request())
        edit(site)
        run(site)
        assert builder.save() == ()
        assert not builder.snapshot.is_stored
    assert run(site).rendered == ()
    check_output(site)


def test_a_build_cache_that_is_damaged_twice_stops_the_build(site, monkeypatch):
    run(site)

    def damage(*_):
        raise StoreError("checksum")

    monkeypatch.setattr(builder_module, "build", damage)
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        with pytest.raises(SiteError) as error:
            builder.build(read_config(site).config, Request())
        message = "the new build cache was damaged (checksum)"
        assert error.value.problems == (Problem(".sitegen/store.db", 0, message, "check the disk for errors"),)
        assert builder.snapshot == Snapshot()
