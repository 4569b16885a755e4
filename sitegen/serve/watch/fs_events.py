"""File-system events, as one call for each path."""

import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Protocol

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
"""Seconds that a move out of a folder waits for its other half, which delays all later events."""

EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    # Linux reports when a writer closes a file; opening and reading, which a build does, must not count.
    FileClosedEvent if sys.platform == "linux" else FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]

LIBRARY = logging.getLogger("watchdog")

DUPLICATE_CALLBACK_WARNING = r"Callback with id '\d+' already exists"
"""The library's harmless warning that a folder is found twice, if it was added while its parent was first read."""

Identity = tuple[bool, int, int]


class NotePath(Protocol):
    """A function for paths that changed."""

    def __call__(self, path: str, *, is_closed: bool) -> None:
        """Record an event for a path; `is_closed` says that the file there is complete."""


class _Warnings(logging.Handler):
    """Handles the library's warning that the system's queue overflowed, so that events are lost."""

    def __init__(self, note_loss: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._note_loss = note_loss

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage().lower():
            self._note_loss()


class FileEvents(FileSystemEventHandler):
    """Watches folders; `note_path` is called, in a thread, with each path that changed, the new one of a move last.

    `note_loss` is called if events may have been lost. Raises OSError if the system has no more
    watches, or none at all.
    """

    def __init__(self, note_path: NotePath, note_loss: Callable[[], None]) -> None:
        if sys.platform == "linux":
            from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper  # noqa: PLC0415 - for Linux only

            InotifyMoveEventGrouper.delay = MOVE_SECONDS
            warnings.filterwarnings("ignore", DUPLICATE_CALLBACK_WARNING, RuntimeWarning)
        self._note_path = note_path
        self._warnings = _Warnings(note_loss)
        self._watches: dict[str, tuple[ObservedWatch, Identity]] = {}
        self._observer = Observer()
        self._observer.start()
        LIBRARY.addHandler(self._warnings)

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass on the path, or both paths, of an event."""
        if event.src_path:
            self._note_path(os.fsdecode(event.src_path), is_closed=isinstance(event, FileClosedEvent))
        if event.dest_path and event.dest_path != event.src_path:
            self._note_path(os.fsdecode(event.dest_path), is_closed=isinstance(event, FileMovedEvent))

    def watch_folders(self, folders: Mapping[str, bool]) -> bool:
        """Watch these folders and no others, those with True recursively; return whether any of them is new.

        A folder that was replaced by another one of the same name, or whose watch has ended, is watched again.
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
        """Request one more watch: the only way to notice that they have run out below a watched folder."""
        if sys.platform == "linux":
            self._observer.unschedule(self._observer.schedule(self, os.sep, event_filter=EVENTS))

    def is_alive(self) -> bool:
        """Return whether events still arrive: no thread of the observer has ended with an error."""
        return self._observer.is_alive()

    def close(self) -> None:
        """Stop watching, and end the threads."""
        LIBRARY.removeHandler(self._warnings)
        self._observer.stop()
        self._observer.join()


def _identity(folder: str, deep: bool) -> Identity | None:
    try:
        status = os.stat(folder)  # noqa: PTH116 - for each folder
    except OSError:
        return None
    return (deep, status.st_dev, status.st_ino)
