"""The file system's own events, as one call for each path that something happened to."""

import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

MOVE_SECONDS = 0.02
"""How long a move out of a folder waits for its other half, and holds up all that comes after it."""

EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    # Linux tells when a writer closes a file; opening and reading, which a build does, must not count.
    FileClosedEvent if sys.platform == "linux" else FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]

LIBRARY = logging.getLogger("watchdog")

TWICE = r"Callback with id '\d+' already exists"
"""How the library warns that a folder is found twice: it came while its parent was first walked, which does no harm."""

Identity = tuple[bool, int, int]


class _Warnings(logging.Handler):
    """Takes the library's warning that the system's queue flowed over for what it is: events are lost."""

    def __init__(self, doubt: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._doubt = doubt

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage().lower():
            self._doubt()


class Alarms(FileSystemEventHandler):
    """Holds the watches on some folders; `ring` is called, in a thread, with each path that changed.

    `doubt` is called where events may have been lost. Raises OSError where the system gives no more
    watches, or none at all.
    """

    def __init__(self, ring: Callable[[str], None], doubt: Callable[[], None]) -> None:
        if sys.platform == "linux":
            from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper  # noqa: PLC0415

            InotifyMoveEventGrouper.delay = MOVE_SECONDS
            warnings.filterwarnings("ignore", TWICE, RuntimeWarning)
        self._ring = ring
        self._warnings = _Warnings(doubt)
        self._watches: dict[str, tuple[ObservedWatch, Identity]] = {}
        self._observer = Observer()
        self._observer.start()
        LIBRARY.addHandler(self._warnings)

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass on the path, or both paths, of an event."""
        for path in {event.src_path, event.dest_path}:
            if path:
                self._ring(os.fsdecode(path))

    def lay(self, folders: Mapping[str, bool]) -> bool:
        """Watch these folders and no others, those with True with all below them; say whether anything was new.

        A folder that was replaced by another of its name, or whose watch has ended, is watched anew.
        """
        wanted = {folder: found for folder, deep in folders.items() if (found := _identity(folder, deep)) is not None}
        alive = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        for folder, (watch, identity) in list(self._watches.items()):
            if wanted.get(folder) != identity or watch not in alive:
                self._observer.unschedule(watch)
                del self._watches[folder]
        added = [folder for folder in wanted if folder not in self._watches]
        for folder in added:
            watch = self._observer.schedule(self, folder, recursive=folders[folder], event_filter=EVENTS)
            self._watches[folder] = (watch, wanted[folder])
        if added:
            self.ask_for_more()
        return bool(added)

    def ask_for_more(self) -> None:
        """Ask for one more watch: where they run out below a folder that is watched, nobody else says so."""
        if sys.platform == "linux":
            self._observer.unschedule(self._observer.schedule(self, os.sep, event_filter=EVENTS))

    def is_alive(self) -> bool:
        """Say whether events still come: no thread of the observer has ended by a fault."""
        return self._observer.is_alive()

    def close(self) -> None:
        """End the watches and their threads."""
        LIBRARY.removeHandler(self._warnings)
        self._observer.stop()
        self._observer.join()


def _identity(folder: str, deep: bool) -> Identity | None:
    try:
        status = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None
    return (deep, status.st_dev, status.st_ino)
