"""An index of paths: which folders they are in, and the nearest one to a path that does not exist."""

import posixpath
import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cached_property

from sitegen.errors import nearest

MAX_NEIGHBORS = 16
"""Names on each side in alphabetical order that are compared with a misspelt one: a folder can have thousands."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}-")
_INDEX = re.compile(r"_?index\.[a-z]+")


class PathIndex:
    """Finds what was meant by paths that do not exist, among others. Each part of it is made when it is first needed.

    Comparing one path with 20,000 others takes most of a second, and an import can lack thousands of files.
    """

    def __init__(self, paths: Collection[str]) -> None:
        self.paths = paths

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders of the paths, at any depth."""
        found: set[str] = set()
        for path in self.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def did_you_mean(self, path: str) -> str:
        """Return 'did you mean "x"?' for a path that is not among the paths, or an empty string."""
        meant = self.find_nearest(path)
        return f'did you mean "{meant}"?' if meant else ""

    def find_nearest(self, path: str) -> str | None:
        """Return the only path of the same name in any folder, or one of the same date or a similar name in its own."""
        folder, name = _split(path)
        same = self._by_name.get(name, ())
        known = self._by_folder.get(folder, {})
        if len(same) == 1:
            return same[0]
        if (day := _day_of(path)) and len(same_day := self._by_day.get(day, [])) == 1:
            return same_day[0]
        match = nearest(name, self._find_neighbors(folder, name) if len(known) > 4 * MAX_NEIGHBORS else known)
        return known[match] if match else None

    def _find_neighbors(self, folder: str, name: str) -> set[str]:
        """Return the names in a folder that begin or end most like a name."""
        forward, backward = self._sorted_names[folder]
        return {*_around(forward, name), *(found[::-1] for found in _around(backward, name[::-1]))}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(_split(path)[1], []).append(path)
        return found

    @cached_property
    def _by_day(self) -> dict[tuple[str, str], list[str]]:
        """The paths whose names begin with a date, by folder and date."""
        found: dict[tuple[str, str], list[str]] = {}
        for path in self.paths:
            if day := _day_of(path):
                found.setdefault(day, []).append(path)
        return found

    @cached_property
    def _by_folder(self) -> dict[str, dict[str, str]]:
        """The path of each name, by folder."""
        found: dict[str, dict[str, str]] = {}
        for path in sorted(self.paths):
            folder, name = _split(path)
            found.setdefault(folder, {}).setdefault(name, path)
        return found

    @cached_property
    def _sorted_names(self) -> dict[str, tuple[list[str], list[str]]]:
        """The names of each folder in alphabetical order, read forward and backward."""
        names = self._by_folder.items()
        return {folder: (sorted(known), sorted(name[::-1] for name in known)) for folder, known in names}


def _split(path: str) -> tuple[str, str]:
    """Return the folder of a file and its name in lower case, without a date; that of an index begins with its folder.

    All posts can have the name `index.md`, each in a folder of its own.
    """
    folder, name = posixpath.split(path)
    if folder and _INDEX.fullmatch(name):
        folder, above = posixpath.split(folder)
        name = f"{above}/{name}"
    return folder, _DATE.sub("", name, count=1).casefold()


def _day_of(path: str) -> tuple[str, str] | None:
    """Return the folder of a file and the date at the beginning of its name; None without a date."""
    folder, name = posixpath.split(path)
    date = _DATE.match(name)
    return (folder, date.group()) if date else None


def _around(names: Sequence[str], name: str) -> Sequence[str]:
    at = bisect_left(names, name)
    return names[max(at - MAX_NEIGHBORS, 0) : at + MAX_NEIGHBORS]
