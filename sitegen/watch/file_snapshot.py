"""The places that a site's files come from, and a glance at all of them."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sitegen.system.files import Stamp, is_ignored, stamp_of


@dataclass(frozen=True, slots=True)
class Place:
    """A folder whose files matter: all below it, or, where `names` is given, only those directly in it."""

    folder: str
    names: frozenset[str] | None = None

    def holds(self, path: str) -> bool:
        """Say whether a path is one that matters here: not hidden, not an editor's, not somebody else's."""
        if not path.startswith(self.folder + os.sep):
            return False
        inside = path[len(self.folder) + 1 :]
        if self.names is not None:
            return inside in self.names
        return not any(map(is_ignored, Path(inside).parts))


@dataclass(frozen=True, slots=True)
class Survey:
    """The stamp of each file of some places, and the folders elsewhere that symbolic links lead to."""

    stamps: dict[str, Stamp]
    links: frozenset[str]


def survey(places: Iterable[Place], inside: str) -> Survey:
    """Return what lies in some places now; links are followed as long as they stay in the folder `inside`."""
    found = Survey({}, frozenset())
    links: set[str] = set()
    for place in places:
        if place.names is None:
            _walk(place.folder, inside, found.stamps, links)
        else:
            for name in place.names:
                _note(f"{place.folder}{os.sep}{name}", found.stamps)
    return Survey(found.stamps, frozenset(links))


def _walk(folder: str, inside: str, stamps: dict[str, Stamp], links: set[str]) -> None:
    pending = [folder]
    followed: set[str] = set()
    while pending:
        try:
            items = os.scandir(pending.pop())
        except OSError:
            continue  # it went away, or may not be read: the build says so
        with items:
            for item in items:
                if is_ignored(item.name):
                    continue
                if item.is_symlink():
                    target = os.path.realpath(item.path)
                    if target in followed or not target.startswith(inside + os.sep):
                        continue
                    followed.add(target)
                    links.add(target if os.path.isdir(target) else os.path.dirname(target))  # noqa: PTH112, PTH120
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
