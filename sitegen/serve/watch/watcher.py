"""Changes of a site's files, as an iterator that waits until a save is complete."""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator

from sitegen.serve.watch.file_snapshot import FileSnapshot, WatchedFolder, take_snapshot
from sitegen.serve.watch.fs_events import FileEvents

QUIET_SECONDS = 0.02
"""Seconds without an event after which a save counts as complete."""
CLOSED_SECONDS = 0.004
"""Seconds without an event after which a save counts as complete if only one file changed, and its writer closed it."""
MAX_WAIT_SECONDS = 1.0
"""Seconds after which changes are reported even if events keep arriving."""
SCAN_SECONDS = 3.0
"""Seconds between two scans of all files, which find changes without an event."""
POLL_SECONDS = 0.3
"""Seconds between two scans if there are no events."""
SCAN_TIME_SHARE = 100
"""Scans take at most one part in this number of the time: a slow scan is repeated less often."""
MAX_QUEUED_EVENTS = 4_000
"""More events at once may have overflowed the system's queue."""
EVENT_DELAY_SECONDS = 0.15
"""Seconds that an event may take to arrive."""


class Watch:
    """Watches a site's files; iterating waits for a change until it is complete, and yields its paths.

    The paths are a hint, for messages and for the order of the work; they may be too few or too
    many, so all files must be scanned afterwards. `folders` returns the folders to watch, and is called
    again after each change; links are followed below the folder `inside`. `due` gives the seconds
    until something changes by itself, or None. `say` is called once if there are no events, with the reason for
    polling.
    """

    def __init__(
        self,
        folders: Callable[[], Collection[WatchedFolder]],
        inside: str,
        say: Callable[[str], None],
        due: Callable[[], float | None] = lambda: None,
        *,
        poll: bool = False,
    ) -> None:
        self._find_watched, self._inside, self._say, self._due = folders, inside, say, due
        self._changed = threading.Condition()
        self._touched: set[str] = set()
        self._is_closed = False
        self._count = 0
        self._last_count = 0
        self._unreported_changes = 0
        self._may_have_lost_events = False
        self._is_woken = False
        self._events: FileEvents | None = None
        self._watched = tuple(folders())
        self._seen = take_snapshot(self._watched, inside)
        self._next_scan = time.monotonic() + SCAN_SECONDS
        if not poll:
            self._start()

    @property
    def polling(self) -> bool:
        """Whether files are polled because there are no events."""
        return self._events is None

    def __iter__(self) -> Iterator[frozenset[str]]:
        """Yield the paths of each complete change; a change during the work on the last one comes next."""
        while True:
            paths = self._wait()
            yield paths
            self._follow(paths)

    def close(self) -> None:
        """Stop watching."""
        if self._events is not None:
            self._events.close()

    def note_path(self, path: str, *, is_closed: bool = False) -> None:
        """Note that something happened to a path; may be called from any thread.

        `is_closed` says that the file is complete: its writer closed it, or moved it there.
        """
        if any(watched.holds(path) for watched in (*self._watched, *map(WatchedFolder, self._seen.links))):
            with self._changed:
                self._touched.add(path)
                self._is_closed = is_closed
                self._count += 1
                self._changed.notify_all()

    def note_loss(self) -> None:
        """Note that events may have been lost; may be called from any thread."""
        with self._changed:
            self._may_have_lost_events = True
            self._changed.notify_all()

    def wake(self) -> None:
        """Ask again when something is due; may be called from any thread."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def _start(self) -> None:
        try:
            self._events = FileEvents(self.note_path, self.note_loss)
            self._events.watch_folders(self._folders())
        except OSError as error:
            self._poll_from_now(f"the system gives no more watches ({error.strerror})")

    def _poll_from_now(self, why: str) -> None:
        if self._events is not None:
            self._events.close()
            self._events = None
        self._say(f"{why}: polling all files every {POLL_SECONDS} s instead")

    def _folders(self) -> dict[str, bool]:
        """Return the folders to watch: for a folder that does not exist yet, the nearest existing one above it."""
        folders = dict.fromkeys(self._seen.links, True)
        for watched in self._watched:
            folder, deep = watched.folder, watched.names is None
            while not os.path.isdir(folder) and len(folder) > len(self._inside):  # noqa: PTH112 - paths are strings here
                folder, deep = os.path.dirname(folder), False  # noqa: PTH120 - as above
            folders[folder] = folders.get(folder, False) or deep
        return folders

    def _wait(self) -> frozenset[str]:
        while True:
            if self.polling:
                paths = self._poll()
            elif self._wait_for_event():
                paths = self._wait_until_quiet()
            else:
                paths = self._scan()
            if paths is not None:
                return paths

    def _wait_for_event(self) -> bool:
        """Wait for an event; return whether there was one before the next scan."""
        rest = self._next_scan - time.monotonic()
        due = self._due()
        seconds = max(0.0, rest if due is None else min(rest, due))
        with self._changed:
            return self._changed.wait_for(
                lambda: bool(self._touched) or self._may_have_lost_events or self._is_woken, seconds
            )

    def _wait_until_quiet(self) -> frozenset[str]:
        end = time.monotonic() + MAX_WAIT_SECONDS
        with self._changed:
            count = -1
            while count != self._count and time.monotonic() < end:
                count = self._count
                # More files follow a first one at once, and an editor that moves a file away writes it again.
                is_one_file = self._is_closed and len(self._touched) == 1
                self._changed.wait(CLOSED_SECONDS if is_one_file else QUIET_SECONDS)
            paths, self._touched = frozenset(self._touched), set()
            self._is_woken = False
        return paths

    def _scan(self) -> frozenset[str] | None:
        """Scan all files, in case events were lost, or the file system has none."""
        due = self._due()
        if due is not None and due <= 0:
            return frozenset()
        before, start = self._seen, time.monotonic()
        self._update_snapshot()
        self._next_scan = time.monotonic() + max(SCAN_SECONDS, SCAN_TIME_SHARE * (time.monotonic() - start))
        paths = _differences(before, self._seen)
        with self._changed:
            reported = self._count != self._last_count
            if paths and not reported:
                reported = self._changed.wait_for(lambda: bool(self._touched), EVENT_DELAY_SECONDS)
            self._last_count = self._count
        if self._events is not None and not self._events.is_alive():
            self._poll_from_now("the system's events have ended")
        if not paths:
            return None
        self._unreported_changes = 0 if reported else self._unreported_changes + 1
        if self._unreported_changes == 2:  # once may be an accident: setting a modification time makes no event
            self._poll_from_now("this file system does not report changes")
        return paths

    def _poll(self) -> frozenset[str] | None:
        start = time.monotonic()
        before = self._seen
        self._update_snapshot()
        cost = time.monotonic() - start
        if paths := _differences(before, self._seen):
            while True:  # until two scans are equal
                time.sleep(QUIET_SECONDS)
                previous = self._seen
                self._update_snapshot()
                if previous.stamps == self._seen.stamps or time.monotonic() - start > MAX_WAIT_SECONDS + cost * 2:
                    return paths | _differences(previous, self._seen)
        due = self._due()
        if due is not None and due <= 0:
            return frozenset()
        time.sleep(max(POLL_SECONDS, cost * 10))
        return None

    def _update_snapshot(self) -> None:
        self._watched = tuple(self._find_watched())
        self._seen = take_snapshot(self._watched, self._inside)

    def _follow(self, paths: frozenset[str]) -> None:
        """Update the watches after a change: folders may be new, gone or replaced, and links may lead elsewhere."""
        if self._events is None:
            return
        self._watched = tuple(self._find_watched())
        if not self._events.is_alive():
            self._poll_from_now("the system's events have ended")
            return
        try:
            if self._may_have_lost_events or len(paths) > MAX_QUEUED_EVENTS:
                self._may_have_lost_events = False
                self._events.watch_folders({})
            # Files in a folder that was not watched until now may have changed: scan all again.
            if self._events.watch_folders(self._folders()) or any(map(os.path.islink, paths)):
                self._next_scan = time.monotonic()
            elif any(map(os.path.isdir, paths)):
                self._events.ask_for_more()
        except OSError as error:
            self._poll_from_now(f"the system gives no more watches ({error.strerror})")


def _differences(before: FileSnapshot, now: FileSnapshot) -> frozenset[str]:
    """Return the paths of files that were added, removed or changed between two snapshots."""
    changed = {path for path, stamp in now.stamps.items() if before.stamps.get(path) != stamp}
    return frozenset(changed | (before.stamps.keys() - now.stamps.keys()))
