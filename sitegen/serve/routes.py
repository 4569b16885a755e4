"""The files that may be served, those of the last build, by their URLs."""

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from io import FileIO

from sitegen.formats.site_urls import ERROR_PAGE, site_url

UNFIT = frozenset(("", ".", ".."))
"""No part of a planned name."""


@dataclass(frozen=True, slots=True)
class Published:
    """The files of a build: `names` below `folder`, at URLs below the decoded path `base` ("" or "/repo").

    `previews` are the pages of drafts and of posts dated in the future, `pending` the files that the build has
    deferred.
    """

    folder: str
    base: str
    names: Collection[str]
    previews: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """The file for a path, and the status of the response."""

    name: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect to another path."""

    url: str


def find(published: Published, path: str) -> Found | Moved | None:
    """Return the file or redirect for a decoded path; the site's own 404 page, or None, if there is none."""
    base, names = published.base, published.names
    if base and path in ("/", base):
        return Moved(site_url(f"{base}/", ""))
    if path.startswith(f"{base}/"):
        name = path[len(base) + 1 :]
        file = f"{name}index.html" if not name or name.endswith("/") else name
        if file in names and _is_plain(file):
            return Found(file)
        if not name.endswith("/") and f"{name}/index.html" in names and _is_plain(name):
            return Moved(site_url(f"{base}/{name}/", ""))
    return _find_error_page(published, path)


def _find_error_page(published: Published, path: str) -> Found | None:
    """Return the error page of the nearest folder that has one, as hosts do that know more than one."""
    folder = path.removeprefix(f"{published.base}/") if path.startswith(f"{published.base}/") else ""
    while folder:
        folder = folder.rpartition("/")[0]
        name = f"{folder}/{ERROR_PAGE}" if folder else ERROR_PAGE
        if name in published.names:
            return Found(name, 404)
    return Found(ERROR_PAGE, 404) if ERROR_PAGE in published.names else None


def open_file(published: Published, name: str) -> FileIO | None:
    """Open a planned file without a buffer; return None if it is not a regular file, or below a symbolic link."""
    parts = name.split("/")
    location = published.folder
    try:
        for part in parts[:-1]:
            location = f"{location}/{part}"
            if not stat.S_ISDIR(os.lstat(location).st_mode):
                return None
        location = f"{location}/{parts[-1]}"
        if not stat.S_ISREG(os.lstat(location).st_mode):
            return None
        return FileIO(location)  # closed by the caller
    except OSError:
        return None


def _is_plain(name: str) -> bool:
    """Return whether a planned name is always that of a file below the folder, on every system."""
    if os.name == "nt" and (":" in name or "\\" in name):
        return False
    return UNFIT.isdisjoint(name.split("/"))
