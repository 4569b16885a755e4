"""The files of the site's folders, each with a stamp that changes when the file does."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sitegen.errors import Problem
from sitegen.paths import PUBLIC_HIDDEN

Stamp = tuple[int, int, int, int]
"""Time of the last write (ns), size (bytes), inode, time of the last change of the inode (ns)."""

QUIET = 2_000_000_000
"""A file that changed less than this many nanoseconds before it was read may change again unseen:
file systems keep times as coarsely as two seconds (FAT)."""

TEMPORARY_ENDINGS = ("~", ".swp", ".swx", ".swo", ".tmp", ".temp", ".bak", ".orig", ".new", ".part", ".crdownload")


_UINT64 = 2**64 - 1
"""Windows has inodes of 128 bits; the build cache keeps numbers of 64."""


MARKDOWN_ENDINGS = (".md", ".markdown")


def is_markdown(name: str) -> bool:
    """Tell whether a file is Markdown by its name's ending, in capitals or not."""
    return name.endswith(MARKDOWN_ENDINGS) or name.lower().endswith(MARKDOWN_ENDINGS)


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file's status."""
    return (status.st_mtime_ns, status.st_size, status.st_ino & _UINT64, status.st_ctime_ns)


def is_quiet(stamp: Stamp, now: int) -> bool:
    """Say whether a file had been quiet for long enough, at `now` in ns, to believe its stamp."""
    return max(stamp[0], stamp[3]) + QUIET < now


def is_ignored(name: str) -> bool:
    """Say whether a file's name shows that it is not meant for the site: hidden, or an editor's."""
    return (
        (name.startswith(".") and name not in PUBLIC_HIDDEN)
        or name.endswith(TEMPORARY_ENDINGS)
        or (name.startswith("#") and name.endswith("#"))
        or name.startswith("~$")  # Microsoft Office's file beside an open document
        or "___jb_" in name  # JetBrains' safe write: name___jb_tmp___, name___jb_old___
        or name in ("Thumbs.db", "desktop.ini", "Icon\r", "4913")  # vim probes a folder with a file 4913
    )


def scan(root: Path, folder: str, problems: list[Problem], ignored: list[str] | None = None) -> dict[str, Stamp]:
    """Return the stamp of each file below a folder of the site, by its path from the root.

    Paths have forward slashes; the order is the file system's. Symbolic links are followed while
    they stay inside the site; others, and names that are not UTF-8, are added to `problems`. Files and
    folders that `is_ignored` names are added to `ignored`.
    """
    found: dict[str, Stamp] = {}
    pending = [(str(root / folder), folder)]
    inside: Path | None = None
    followed: set[tuple[int, int]] = set()
    while pending:
        place, name = pending.pop()
        prefix = f"{name}/" if name else ""
        for item in _list(place, problems, name):
            base = item.name
            if is_ignored(base):
                if ignored is not None and _is_text(base):
                    ignored.append(prefix + base)
                continue
            path = prefix + base
            if not _is_text(path):
                hint = "rename the file with letters that UTF-8 can write"
                problems.append(
                    Problem(path.encode(errors="replace").decode(), 0, "the file's name is not UTF-8", hint)
                )
                continue
            if item.is_symlink():
                inside = inside or root.resolve()
                fault = _fault_of_link(Path(item.path), inside)
                if fault:
                    hint = "copy the file into the site, or remove the link"
                    problems.append(Problem(path, 0, fault, hint))
                    continue
                status = item.stat()
                if stat.S_ISDIR(status.st_mode):
                    if (status.st_dev, status.st_ino) in followed:
                        continue
                    followed.add((status.st_dev, status.st_ino))
            try:
                if item.is_dir():
                    pending.append((item.path, path))
                elif item.is_file():
                    found[path] = stamp_of(item.stat())
            except FileNotFoundError:
                continue  # it went away while we looked: then it is not there
    return found


def _list(place: str, problems: list[Problem], name: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(place) as items:
            yield from items
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        problems.append(Problem(name, 0, f"the folder cannot be read: {error.strerror}", "see who may read it"))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault_of_link(path: Path, inside: Path) -> str:
    """Say what is wrong with a symbolic link, or return an empty string."""
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        return "the symbolic link leads nowhere"
    except (OSError, RuntimeError):
        return "the symbolic link leads in a circle"
    return "" if target.is_relative_to(inside) else "the symbolic link leads out of the site"
