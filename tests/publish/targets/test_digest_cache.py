"""The cache of the fingerprints of a target folder: which files are read again."""

import errno
import os
import time

import pytest

from sitegen.publish.targets import digest_cache
from sitegen.publish.targets.digest_cache import DigestCache
from sitegen.system.files import TICK_NS, walk_below
from sitegen.system.fingerprints import of_bytes
from tests.support.publishing import write

FILES = {"index.html": "front", "a/index.html": "a", "style.css": "p{}"}
DIGESTS = {path: of_bytes(text.encode()) for path, text in FILES.items()}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The published folder, on a file system with exact stamps."""
    monkeypatch.setattr(digest_cache, "has_exact_stamps", lambda _folder: True)
    return write(tmp_path / "www", FILES)


@pytest.fixture
def scan(tmp_path, monkeypatch):
    """A function that returns the fingerprints of a folder's files, and the names of those that were read."""

    def scan(folder, after_ns=60_000_000_000, name="web.digests"):
        read = []
        with monkeypatch.context() as patched:
            original = digest_cache.of_file
            patched.setattr(digest_cache, "of_file", lambda path: (read.append(path.name), original(path))[1])
            cache = DigestCache(folder, tmp_path / "publish" / name, lambda: time.time_ns() + after_ns)
            files = [(path, entry) for path, entry in walk_below(folder) if entry.is_file()]
            return cache.read(files), sorted(read)

    return scan


def change(path, text, replaced=False):
    """Change a file and restore its time of the last write, with another time of the change of the inode."""
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        if replaced:
            path.with_name("new").write_text(text)
            path.with_name("new").replace(path)
        else:
            path.write_text(text)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_unchanged_files_are_read_once(folder, scan):
    assert scan(folder) == (DIGESTS, ["index.html", "index.html", "style.css"])
    assert scan(folder) == (DIGESTS, [])


@pytest.mark.parametrize("replaced", [False, True], ids=["changed", "replaced"])
def test_a_file_with_the_same_size_and_time_is_read_again(folder, scan, replaced):
    scan(folder)
    change(folder / "style.css", "q{}", replaced)
    assert scan(folder) == (DIGESTS | {"style.css": of_bytes(b"q{}")}, ["style.css"])
    assert scan(folder)[1] == []


def test_removed_and_added_files_are_noticed(folder, scan):
    scan(folder)
    (folder / "style.css").unlink()
    write(folder, {"new.txt": "new"})
    expected = {path: digest for path, digest in DIGESTS.items() if path != "style.css"}
    assert scan(folder) == (expected | {"new.txt": of_bytes(b"new")}, ["new.txt"])
    write(folder, {"style.css": "p{}"})
    assert scan(folder)[1] == ["style.css"]


def test_files_that_could_change_with_the_same_stamp_are_read_again(folder, scan):
    newest = max(path.stat().st_ctime_ns for path in folder.rglob("*") if path.is_file())
    scan(folder, newest + TICK_NS - time.time_ns() - 1_000_000_000_000)
    assert len(scan(folder)[1]) == 3


@pytest.mark.parametrize(
    "damage",
    [b"", b"nonsense", lambda data: data[:-1], lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:]],
    ids=["empty", "nonsense", "cut short", "a flipped bit"],
)
def test_a_damaged_cache_is_not_used(folder, scan, tmp_path, damage):
    scan(folder)
    cache = tmp_path / "publish/web.digests"
    cache.write_bytes(damage if isinstance(damage, bytes) else damage(cache.read_bytes()))
    assert scan(folder) == (DIGESTS, ["index.html", "index.html", "style.css"])
    assert scan(folder)[1] == []


def test_the_cache_of_another_folder_is_not_used(folder, scan, tmp_path):
    scan(folder)
    folder.rename(tmp_path / "moved")
    assert len(scan(tmp_path / "moved")[1]) == 3


def test_all_files_are_read_where_stamps_are_not_exact(folder, scan, monkeypatch, tmp_path):
    monkeypatch.setattr(digest_cache, "has_exact_stamps", lambda _folder: False)
    assert len(scan(folder)[1]) == len(scan(folder)[1]) == 3
    assert not (tmp_path / "publish").exists()


def test_a_cache_that_cannot_be_written_changes_nothing_else(folder, scan, monkeypatch):
    def deny(*_values, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(digest_cache, "write_sealed", deny)
    assert scan(folder)[0] == scan(folder)[0] == DIGESTS


def test_a_missing_folder_has_no_files(tmp_path, scan):
    assert scan(tmp_path / "none") == ({}, [])
