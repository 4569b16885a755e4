"""Publishing to a folder: real folders, interrupted, with foreign files, exchanged under a reader."""

import ctypes
import errno
import os
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from sitegen.errors import SiteError
from sitegen.publish.state import read_record
from sitegen.publish.targets import digest_cache, folder
from sitegen.publish.targets.folder import Folder, FolderPublisher, exchange
from sitegen.publish.transfer import Transfer
from sitegen.system.atomic_write import temporary_of
from tests.support.publishing import contents, make_context, open_cache, publish_output, rewrite, ship, write

FIRST = {"index.html": "1", "a/index.html": "1", "site.css": "1"}


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "output", FIRST)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "www" / "site"


@pytest.fixture
def publisher(tmp_path, target):
    return FolderPublisher(target, make_context(tmp_path).record, time.time_ns)


def test_a_publish_makes_the_folder_equal_and_a_second_one_does_nothing(output, target, publisher):
    assert len(publish_output(publisher, output).added) == 3
    assert contents(target) == contents(output)
    assert not publish_output(publisher, output)
    rewrite(output, {"index.html": "2", "b/index.html": "1", "site.css": "1"})
    plan = publish_output(publisher, output)
    assert (plan.added, plan.changed, plan.removed) == (("b/index.html",), ("index.html",), ("a/index.html",))
    assert contents(target) == contents(output)
    assert [path.name for path in target.parent.iterdir()] == ["site"]


@pytest.fixture
def read(monkeypatch):
    """The names of the files whose contents are read for their fingerprints, with stamps that are exact."""
    found = []
    of_file = digest_cache.of_file
    monkeypatch.setattr(digest_cache, "has_exact_stamps", lambda _folder: True)
    monkeypatch.setattr(digest_cache, "of_file", lambda path: (found.append(path.name), of_file(path))[1])
    return found


def later() -> int:
    """Return a time at which no file is being written."""
    return time.time_ns() + 60_000_000_000


@pytest.mark.parametrize("is_exchanged", [True, False], ids=["exchanged", "file by file"])
def test_a_publish_reads_no_file_of_the_folder_that_it_knows(output, target, tmp_path, monkeypatch, read, is_exchanged):
    if not is_exchanged:
        monkeypatch.setattr(folder, "exchange", lambda _first, _second: False)
    publisher = FolderPublisher(target, make_context(tmp_path).record, later)
    publish_output(publisher, output)
    assert read == []
    rewrite(output, {"index.html": "2", "b/index.html": "1", "site.css": "1"})
    publish_output(publisher, output)
    assert contents(target) == contents(output)
    assert sorted(read) == ([] if is_exchanged else ["index.html", "index.html"])
    assert not publish_output(publisher, output)
    assert len(read) == (0 if is_exchanged else 2)


def test_a_file_that_changes_while_it_has_two_names_is_read_again(output, target, tmp_path, monkeypatch, read):
    publisher = FolderPublisher(target, make_context(tmp_path).record, later)
    publish_output(publisher, output)
    write(output, {"index.html": "2"})

    def change_and_exchange(first, second):
        css = target / "site.css"
        before = css.stat()
        css.write_text("9")
        os.utime(css, ns=(before.st_atime_ns, before.st_mtime_ns))
        return exchange(first, second)

    monkeypatch.setattr(folder, "exchange", change_and_exchange)
    publish_output(publisher, output)
    assert read == ["site.css"]


@pytest.mark.parametrize("name", ["mine.txt", "index.html"])
def test_files_of_others_are_reported_and_stay_unless_forced(output, target, publisher, name):
    publish_output(publisher, output)
    write(target, {name: "foreign"})
    write(output, {"site.css": "2"})
    with pytest.raises(SiteError, match=f"site/{name}: others have added or changed this file"):
        publish_output(publisher, output)
    assert (target / name).read_text() == "foreign"
    publish_output(publisher, output, force=True)
    assert contents(target) == contents(output)


def test_a_foreign_symbolic_link_is_reported_and_never_followed(output, target, publisher):
    publish_output(publisher, output)
    outside = write(target.parent / "elsewhere", {"secret": "kept"})
    (target / "a/index.html").unlink()
    (target / "a/index.html").symlink_to(outside / "secret")
    with pytest.raises(SiteError, match="others have"):
        publish_output(publisher, output)
    remote = Transfer(publisher.transfer.remote, "site", publisher.transfer.record)
    publish_output(remote, output, force=True)
    assert contents(target) == contents(output)
    assert contents(outside) == {"secret": "kept"}


def test_a_folder_that_was_never_published_to_is_not_emptied(output, target, publisher):
    write(target, {"photos/one.jpg": "x"})
    with pytest.raises(SiteError, match="nothing was published there from here before"):
        publish_output(publisher, output)
    assert (target / "photos/one.jpg").exists()


def test_an_interrupted_publish_is_completed_by_the_next(output, target, publisher):
    publish_output(publisher, output)
    write(output, {"index.html": "2", "c/index.html": "1"})
    shipment = ship(output)
    publisher.transfer.announce(publisher.plan(shipment))
    write(target.with_name(".site.sitegen-next"), {"index.html": "half"})
    write(target, {"index.html": "2", "c/index.html": "half", ".site.css.sitegen-next": "half"})
    publish_output(publisher, output)
    assert contents(target) == contents(output)
    assert [path.name for path in target.parent.iterdir()] == ["site"]


def test_file_by_file_ends_the_same_and_takes_empty_folders_away(tmp_path, output, target):
    write(target, {"old/deep/index.html": "1", "a": "a file where a folder must be", "site.css/x": "the reverse"})
    publish_output(Transfer(Folder(open_cache(target)), "site", make_context(tmp_path).record), output, force=True)
    assert contents(target) == FIRST
    assert not (target / "old").exists()


def test_readers_never_meet_a_mixed_or_missing_folder_while_it_is_exchanged(tmp_path):
    first = write(tmp_path / "first", {"a": "1"})
    second = write(tmp_path / "second", {"a": "2"})
    if not exchange(first, second):
        assert (first / "a").read_text() == "1"
        return
    seen: list[str] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            seen.append((second / "a").read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(200):
        assert exchange(first, second)
    done.set()
    reader.join()
    assert set(seen) <= {"1", "2"}
    assert seen


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("exchanged", [True, False], ids=["exchanged", "file by file"])
def test_files_that_the_server_keeps_for_itself_stay(output, target, publisher, force, exchanged):
    remote = publisher if exchanged else Transfer(Folder(open_cache(target)), "site", publisher.transfer.record)
    own = {".well-known/acme-challenge/token": "secret", ".htaccess": "Deny from all"}
    write(target, own)
    publish_output(remote, output, force=force)
    assert contents(target) == {**contents(output), **own}
    write(output, {".well-known/security.txt": "Contact: x", "index.html": "2"})
    publish_output(remote, output, force=force)
    (output / ".well-known/security.txt").unlink()
    assert publish_output(remote, output, force=force).removed == (".well-known/security.txt",)
    assert (target / ".well-known/acme-challenge/token").read_text() == "secret"
    assert not (target / ".well-known/security.txt").exists()


@pytest.fixture(params=["no renameat2", "EXDEV", "EPERM", "a parent of others", "another system"])
def no_exchange(request, monkeypatch, target):
    """A reason why one folder cannot be exchanged for another."""
    if request.param == "a parent of others":
        make = Path.mkdir

        def refuse(path, *arguments, **named):
            if path == temporary_of(target):
                raise PermissionError(errno.EACCES, "no", str(path))
            make(path, *arguments, **named)

        monkeypatch.setattr(Path, "mkdir", refuse)
    elif request.param == "another system":
        monkeypatch.setattr(sys, "platform", "darwin")
    else:
        number = getattr(errno, request.param, 0)
        library = SimpleNamespace(renameat2=lambda *_: -1) if number else SimpleNamespace()
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: library)
        monkeypatch.setattr(ctypes, "get_errno", lambda: number)


def test_a_folder_that_cannot_be_exchanged_is_updated_file_by_file(output, target, publisher, no_exchange):
    target.mkdir(parents=True)
    publish_output(publisher, output)
    assert contents(target) == contents(output)
    rewrite(output, {"index.html": "2", "b/index.html": "1", "site.css/now/a/folder.html": "1"})
    publish_output(publisher, output)
    assert contents(target) == contents(output)
    rewrite(output, {"index.html": "2", "site.css": "a file again"})
    publish_output(publisher, output)
    assert contents(target) == contents(output)
    assert [path.name for path in target.parent.iterdir()] == ["site"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has renameat2")
def test_an_exchange_that_fails_for_another_reason_is_an_error_that_names_the_folder(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        exchange(tmp_path / "one", tmp_path / "two")
    assert caught.value.filename == str(tmp_path / "two")


def test_where_files_have_one_name_only_they_are_copied(output, target, publisher, monkeypatch):
    def refuse(path, other):
        raise OSError(errno.EPERM, "no hard links", str(path))

    publish_output(publisher, output)
    monkeypatch.setattr(os, "link", refuse)
    write(output, {"index.html": "2"})
    assert publish_output(publisher, output).changed == ("index.html",)
    assert contents(target) == contents(output)
    assert (target / "site.css").stat().st_nlink == 1


def test_an_empty_folder_in_the_place_of_a_file_gives_way(output, target, publisher):
    publish_output(publisher, output)
    (target / "site.css").unlink()
    (target / "site.css/empty").mkdir(parents=True)
    publisher.transfer.remote.send(ship(output).files, lambda count: None)
    assert contents(target) == contents(output)


def test_progress_counts_the_files(output, target, publisher):
    shipment = ship(output)
    steps: list[tuple[int, int]] = []
    for text in ("1", "2"):
        write(output, {"index.html": text})
        shipment = ship(output)
        publisher.publish(shipment, publisher.plan(shipment), lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)] * 2
    steps.clear()
    write(target.with_name(".site.sitegen-next"), {"index.html": "half"})
    publisher.publish(shipment, publisher.plan(shipment), lambda *step: steps.append(step))
    assert steps == []
    assert [path.name for path in target.parent.iterdir()] == ["site"], "a leftover is removed"


def test_a_new_folder_has_the_rights_of_the_old_one_and_unchanged_files_are_not_copied(output, target, publisher):
    publish_output(publisher, output)
    target.chmod(0o750)
    inode = (target / "site.css").stat().st_ino
    write(target, {".htaccess": "Deny from all"})
    os.utime(target / ".htaccess", (1, 1))
    write(output, {"index.html": "2"})
    publish_output(publisher, output)
    assert target.stat().st_mode & 0o777 == 0o750
    if (target / "site.css").stat().st_ino != inode:
        assert sys.platform != "linux"
    assert (target / ".htaccess").stat().st_mtime == 1


def test_the_record_of_a_folder_has_the_changes_that_hubs_must_hear_of(output, target, publisher):
    publish_output(publisher, output)
    record = read_record(publisher.transfer.record.path)
    assert record.unnotified == frozenset(FIRST)
    assert record.files == {path: (digest, digest) for path, digest in ship(output).digests.items()}
    assert record.pending == frozenset()


def test_a_symbolic_link_in_the_place_of_a_folder_is_replaced_and_not_followed(tmp_path, output, target):
    elsewhere = write(tmp_path / "elsewhere", {"index.html": "kept"})
    target.mkdir(parents=True)
    (target / "a").symlink_to(elsewhere)
    folder = Folder(open_cache(target))
    assert folder.read() == {"a": "link"}
    sent: list[int] = []
    folder.send(ship(output).files, sent.append)
    assert sent == [1, 1, 1]
    assert contents(target) == FIRST
    assert contents(elsewhere) == {"index.html": "kept"}
    folder.remove(["a/index.html", "gone.html", "x/y"])
    assert contents(target) == {path: text for path, text in FIRST.items() if path != "a/index.html"}
    assert not (target / "a").exists()
