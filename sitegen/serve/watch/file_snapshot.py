"""The folders of a site's files, and a snapshot of all files in them."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sitegen.system.files import Stamp, is_ignored, stamp_of


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder with files of the site: all below it, or only `names` directly in it."""

    folder: str
    names: frozenset[str] | None = None

    def holds(self, path: str) -> bool:
        """Return whether a path is that of a file of the site: not hidden, and not an editor's temporary file."""
        if not path.startswith(self.folder + os.sep):
            return False
        inside = path[len(self.folder) + 1 :]
        if self.names is not None:
            return inside in self.names
        return not any(map(is_ignored, Path(inside).parts))


@dataclass(frozen=True, slots=True)
class FileSnapshot:
    """The stamp of each file of some folders, and the folders elsewhere that symbolic links lead to."""

    stamps: dict[str, Stamp]
    links: frozenset[str]


def take_snapshot(folders: Iterable[WatchedFolder], inside: str) -> FileSnapshot:
    """Return the files in some folders now; links are followed if their targets are in the folder `inside`."""
    found = FileSnapshot({}, frozenset())
    links: set[str] = set()
    for watched in folders:
        if watched.names is None:
            _walk(watched.folder, inside, found.stamps, links)
        else:
            for name in watched.names:
                _note(f"{watched.folder}{os.sep}{name}", found.stamps)
    return FileSnapshot(found.stamps, frozenset(links))


def _walk(folder: str, inside: str, stamps: dict[str, Stamp], links: set[str]) -> None:
    pending = [folder]
    followed: set[str] = set()
    while pending:
        try:
            items = os.scandir(pending.pop())
        except OSError:
            continue  # it is gone, or may not be read: the build reports it
        with items:
            for item in items:
                if is_ignored(item.name):
                    continue
                if item.is_symlink():
                    target = os.path.realpath(item.path)
                    if target in followed or not target.startswith(inside + os.sep):
                        continue
                    followed.add(target)
                    links.add(target if os.path.isdir(target) else os.path.dirname(target))  # noqa: PTH112, PTH120 - as scandir names it
                if item.is_dir():
                    pending.append(item.path)
                else:
                    _note(item.path, stamps)


def _note(path: str, stamps: dict[str, Stamp]) -> None:
    try:
        status = os.stat(path)  # noqa: PTH116 - a hundred thousand times
    except OSError:
        return
    if stat.S_ISREG(status.st_mode):
        stamps[path] = stamp_of(status)
