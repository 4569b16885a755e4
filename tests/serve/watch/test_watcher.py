"""Watching real files: every change wakes it, nothing else does, and it goes on where events fail."""

import ctypes
import errno
import os
import queue
import shutil
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import watchdog.observers.inotify_c
from watchdog.observers.inotify import InotifyWatchGroup
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

import sitegen.serve.watch.watcher
from sitegen.serve.watch.file_snapshot import WatchedFolder, take_snapshot
from sitegen.serve.watch.fs_events import MOVE_SECONDS
from sitegen.serve.watch.watcher import Watch
from tests.support.waiting import TIMEOUT_SECONDS


class Watching:
    """A watch over a folder `content`, in a thread."""

    def __init__(self, root: Path, **options: object) -> None:
        self.root, self.folder = root, root / "content"
        self.said: list[str] = []
        self.changes: queue.Queue[frozenset[str]] = queue.Queue()
        self.watch = Watch(self.folders, str(root), self.said.append, **options)  # type: ignore[arg-type]
        self._ended = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def folders(self) -> tuple[WatchedFolder, ...]:
        return (WatchedFolder(str(self.folder)), WatchedFolder(str(self.root), frozenset({"sitegen.toml", "content"})))

    def _run(self) -> None:
        for change in self.watch:
            if self._ended:
                return
            self.changes.put(change)

    def next(self, seconds: float = TIMEOUT_SECONDS) -> set[str]:
        """Return the names of the next change, relative to the root."""
        return {os.path.relpath(path, self.root) for path in self.changes.get(timeout=seconds)}

    def until(self, name: str) -> None:
        """Wait for a change that names a file."""
        while name not in self.next():
            pass

    def drain(self, seconds: float = 0.4) -> list[set[str]]:
        found = []
        while True:
            try:
                found.append(self.next(seconds))
            except queue.Empty:
                return found

    def close(self) -> None:
        self._ended = True
        self.folder.mkdir(exist_ok=True)
        (self.folder / "end.md").write_text("x")
        self.watch.note_path(str(self.folder / "end.md"))
        self._thread.join(TIMEOUT_SECONDS)
        self.watch.close()


@contextmanager
def watching(root: Path, **options: object) -> Iterator[Watching]:
    (root / "content/posts").mkdir(parents=True, exist_ok=True)
    one = Watching(root, **options)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def patient(monkeypatch):
    """Disable scans, so that changes are only found by events."""
    monkeypatch.setattr(sitegen.serve.watch.watcher, "SCAN_SECONDS", 1000.0)


def test_changes_that_come_together_are_one(tmp_path, patient):
    with watching(tmp_path) as watch:
        with watch.watch._changed:  # holds the events up, so that they come together however slow the writes are
            for number in range(50):
                (watch.folder / f"posts/{number}.md").write_text("x")
        found, changes = watch.next(), 1
        while len(found) < 50:
            found |= watch.next()
            changes += 1
        assert {f"content/posts/{number}.md" for number in range(50)} <= found
        assert changes + len(watch.drain()) < 10


@pytest.fixture
def endless(monkeypatch, patient):
    """Let a save that needs quiet wait until `undo` is called."""
    monkeypatch.setattr(sitegen.serve.watch.watcher, "QUIET_SECONDS", 1000.0)
    monkeypatch.setattr(sitegen.serve.watch.watcher, "MAX_WAIT_SECONDS", 1000.0)
    return monkeypatch


def replace_file(file: Path) -> None:
    """Save a file as editors do that write another one and move it."""
    other = file.with_name(f".{file.name}.new")
    other.write_text("y")
    other.rename(file)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not report that a file was closed")
@pytest.mark.parametrize("save", [lambda file: file.write_text("y"), replace_file], ids=["in place", "by rename"])
def test_a_file_that_was_closed_is_reported_without_waiting_for_more(tmp_path, endless, save):
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "content/posts/a.md").write_text("x")
    with watching(tmp_path) as watch:
        save(watch.folder / "posts/a.md")
        assert watch.next() == {"content/posts/a.md"}
        endless.undo()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not report that a file was closed")
def test_a_file_that_is_written_or_moved_away_is_waited_for(tmp_path, endless):
    (tmp_path / "content/posts").mkdir(parents=True)
    file = tmp_path / "content/posts/a.md"
    file.write_text("x")
    with watching(tmp_path) as watch:
        file.rename(tmp_path / "content/posts/a.md~")
        assert watch.drain(0.1) == []
        with file.open("w") as written:
            written.write("y")
            written.flush()
            assert watch.drain(0.1) == []
        assert watch.next() == {"content/posts/a.md"}
        endless.undo()


def test_reading_and_writes_of_the_build_are_not_changes(tmp_path, patient):
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "content/posts/a.md").write_text("x")
    (tmp_path / "output").mkdir()
    with watching(tmp_path) as watch:
        for _ in range(5):
            (watch.folder / "posts/a.md").read_text()
            list(watch.folder.rglob("*"))
            (tmp_path / ".sitegen").mkdir(exist_ok=True)
            (tmp_path / ".sitegen/store.db").write_text("x")
            (tmp_path / "output/index.html").write_text("x")
            (tmp_path / "README.md").write_text("x")
        assert watch.drain() == []
        (tmp_path / "sitegen.toml").write_text("x")
        watch.until("sitegen.toml")


@pytest.mark.parametrize("name", [".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.md___jb_tmp___", ".git/index"])
def test_temporary_files_of_editors_are_not_changes(tmp_path, patient, name):
    with watching(tmp_path) as watch:
        file = watch.folder / "posts" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
        assert watch.drain(0.2) == []


def test_a_move_out_of_the_folder_holds_nothing_up(tmp_path, patient):
    (tmp_path / "content/posts").mkdir(parents=True)
    for number in range(3):
        (tmp_path / f"content/posts/{number}.md").write_text("x")
    with watching(tmp_path) as watch:
        assert InotifyMoveEventGrouper.delay == MOVE_SECONDS == 0.02
        for number in range(3):
            (tmp_path / f"content/posts/{number}.md").rename(tmp_path / f"{number}.md")
            watch.until(f"content/posts/{number}.md")


def test_new_folders_are_watched_as_deep_as_they_are(tmp_path, patient):
    with watching(tmp_path) as watch:
        deep = watch.folder / "a/b/c/d"
        deep.mkdir(parents=True)
        watch.next()
        watch.drain(0.2)
        (deep / "x.md").write_text("x")
        watch.until("content/a/b/c/d/x.md")


def test_a_folder_that_comes_while_its_parent_is_walked_is_watched_without_a_word(
    tmp_path, patient, monkeypatch, recwarn
):
    add = InotifyWatchGroup._add_callback

    def add_and_make_one_below(self: InotifyWatchGroup, path: bytes) -> None:
        add(self, path)
        if path.endswith(b"/content/a"):
            Path(os.fsdecode(path), "b").mkdir(exist_ok=True)

    monkeypatch.setattr(InotifyWatchGroup, "_add_callback", add_and_make_one_below)
    with watching(tmp_path) as watch:
        (watch.folder / "a").mkdir()
        watch.until("content/a/b")
        watch.drain(0.2)
        (watch.folder / "a/b/x.md").write_text("x")
        watch.until("content/a/b/x.md")
    assert not list(recwarn)


def test_a_folder_that_comes_later_or_is_exchanged_is_watched(tmp_path, patient):
    root = tmp_path / "site"
    root.mkdir()
    watch = Watching(root)
    try:
        watch.folder.mkdir()
        watch.until("content")
        (watch.folder / "a.md").write_text("x")
        watch.until("content/a.md")
        for number in range(3):
            shutil.rmtree(watch.folder)
            watch.folder.mkdir()
            watch.until("content")
            watch.drain(0.2)
            (watch.folder / f"{number}.md").write_text("x")
            watch.until(f"content/{number}.md")
    finally:
        watch.close()


def test_what_links_lead_to_is_watched(tmp_path):
    with watching(tmp_path) as watch:
        other = tmp_path / "other"
        other.mkdir()
        (other / "a.md").write_text("x")
        (watch.folder / "linked").symlink_to(other)
        watch.until("content/linked")
        watch.drain(0.3)
        (other / "b.md").write_text("x")
        watch.until("other/b.md")


def test_a_system_without_watches_is_polled_and_reported_once(tmp_path, monkeypatch):
    def refuse(*_: object) -> int:
        ctypes.set_errno(errno.ENOSPC)
        return -1

    monkeypatch.setattr(watchdog.observers.inotify_c, "inotify_add_watch", refuse)
    with watching(tmp_path) as watch:
        assert watch.watch.polling
        (watch.folder / "a.md").write_text("x")
        watch.until("content/a.md")
        (watch.folder / "a.md").unlink()
        watch.until("content/a.md")
    assert len(watch.said) == 1
    assert "no more watches" in watch.said[0]


def allow_watches(number, monkeypatch):
    """Let the system refuse watches after a number of them, as at its limit."""
    real = watchdog.observers.inotify_c.inotify_add_watch
    left = [number]

    def limited(*values: object) -> int:
        if left[0] == 0:
            ctypes.set_errno(errno.ENOSPC)
            return -1
        left[0] -= 1
        return real(*values)

    monkeypatch.setattr(watchdog.observers.inotify_c, "inotify_add_watch", limited)


def test_watches_that_run_out_below_a_folder_are_noticed(tmp_path, monkeypatch):
    for number in range(10):
        (tmp_path / f"content/posts/{number}").mkdir(parents=True)
    allow_watches(5, monkeypatch)
    with watching(tmp_path) as watch:
        assert watch.watch.polling
        for number in range(10):
            (watch.folder / f"posts/{number}/a.md").write_text("x")
            watch.until(f"content/posts/{number}/a.md")


def test_watches_that_run_out_for_folders_that_come_later_are_noticed(tmp_path, patient, monkeypatch):
    allow_watches(6, monkeypatch)
    with watching(tmp_path) as watch:
        assert not watch.watch.polling
        for number in range(10):
            (watch.folder / f"posts/{number}").mkdir()
        watch.until("content/posts/9")
        watch.drain(0.2)
        for number in range(10):
            (watch.folder / f"posts/{number}/a.md").write_text("x")
            watch.until(f"content/posts/{number}/a.md")
        assert watch.watch.polling
    assert len(watch.said) == 1


def test_events_that_the_system_had_no_room_for_are_made_up_for(tmp_path, patient, monkeypatch):
    flowed_over = struct.pack("iIII", -1, 0x4000, 0, 0)
    real = watchdog.observers.inotify_c.InotifyFD._parse_event_buffer
    lost: list[bytes] = []

    def lose(buffer: bytes) -> Iterator[tuple[int, int, int, bytes]]:
        yield from real(flowed_over if lost else buffer)

    monkeypatch.setattr(watchdog.observers.inotify_c.InotifyFD, "_parse_event_buffer", staticmethod(lose))
    with watching(tmp_path) as watch:
        lost.append(b"from here on")
        (watch.folder / "posts/deep").mkdir()
        (watch.folder / "posts/deep/a.md").write_text("x")
        assert watch.next() == set()
        lost.clear()
        watch.drain(0.3)
        (watch.folder / "posts/deep/a.md").write_text("y")
        watch.until("content/posts/deep/a.md")
        assert not watch.watch.polling
    assert watch.said == []


def test_a_file_system_without_events_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sitegen.serve.watch.watcher, "SCAN_SECONDS", 0.1)
    monkeypatch.setattr("watchdog.observers.api.EventEmitter.queue_event", lambda *_: None)  # as on a network
    with watching(tmp_path) as watch:
        for number in range(3):
            (watch.folder / "a.md").write_text("x" * number)
            watch.until("content/a.md")
        assert watch.watch.polling
    assert watch.said == ["this file system does not report changes: polling all files every 0.3 s instead"]


def test_an_observer_that_ends_is_replaced_by_polling(tmp_path, patient):
    with watching(tmp_path) as watch:
        watch.watch._events._observer.stop()
        watch.watch._events._observer.join()
        watch.watch.note_path(str(watch.folder / "a.md"))
        watch.until("content/a.md")
        (watch.folder / "b.md").write_text("x")
        watch.until("content/b.md")
        assert watch.watch.polling
    assert len(watch.said) == 1


def test_a_change_without_an_event_is_found_by_a_scan(tmp_path, monkeypatch):
    monkeypatch.setattr(sitegen.serve.watch.watcher, "SCAN_SECONDS", 0.2)
    with watching(tmp_path) as watch:
        with monkeypatch.context() as patient:  # a busy machine may be late with its events
            patient.setattr(sitegen.serve.watch.watcher, "EVENT_DELAY_SECONDS", TIMEOUT_SECONDS)
            (watch.folder / "a.md").write_text("x")
            watch.until("content/a.md")
            watch.drain(0.5)
        os.utime(watch.folder / "a.md", (1, 1))  # a change of times alone makes no event that we listen to
        watch.until("content/a.md")
        assert not watch.watch.polling


def test_a_flood_of_events_is_survived(tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(9000):
        (many / f"{number}.md").touch()
    with watching(tmp_path) as watch:
        shutil.copytree(many, watch.folder / "posts/many")
        watch.next()
        watch.drain(1)
        (watch.folder / "posts/many/8999.md").write_text("x")
        watch.until("content/posts/many/8999.md")
        (watch.folder / "posts/new").mkdir()
        (watch.folder / "posts/new/a.md").write_text("x")
        watch.until("content/posts/new/a.md")


def test_it_wakes_when_something_is_due(tmp_path, patient):
    moment = time.monotonic() + 0.3
    woken = threading.Event()
    with watching(tmp_path, due=lambda: None if woken.is_set() else moment - time.monotonic()) as watch:
        assert watch.next() == set()
        assert time.monotonic() >= moment
        woken.set()


def test_a_snapshot_has_files_and_targets_of_links(tmp_path):
    root, outside = tmp_path / "site", tmp_path / "outside"
    for folder in (root / "content/posts", root / "shared", outside):
        folder.mkdir(parents=True)
    for name in ("site/content/posts/a.md", "site/content/.hidden", "site/shared/b.md", "outside/c.md", "site/x.toml"):
        (tmp_path / name).write_text("x")
    (root / "content/in").symlink_to(root / "shared")
    (root / "content/out").symlink_to(outside)
    (root / "content/gone").symlink_to(root / "nothing")
    (root / "content/loop").symlink_to(root / "content")
    folders = (WatchedFolder(str(root / "content")), WatchedFolder(str(root), frozenset({"x.toml", "y.toml"})))
    found = take_snapshot(folders, str(root))
    names = {os.path.relpath(path, root) for path in found.stamps}
    assert {"content/posts/a.md", "content/in/b.md", "x.toml"} <= names
    assert not [name for name in names if "outside" in name or name.endswith("c.md") or ".hidden" in name]
    assert str(root / "shared") in found.links
    assert str(outside) not in found.links
