"""Scan the files of a site's folders, each with a stamp that changes when the file does."""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from operator import attrgetter
from pathlib import Path
from struct import Struct

import msgspec

from sitegen.errors import Problem, naming
from sitegen.formats.site_urls import PUBLIC_HIDDEN

Stamp = bytes
"""Time of the last write (ns), size (bytes), inode, time of the last change of the inode (ns), of eight bytes each: in
half of the memory of four numbers, and as one value to compare and to store."""

QUIET_NS = 2_000_000_000
"""A file that changed less than this many nanoseconds before it was read may change again without a new time, because
times on some file systems (FAT) are multiples of two seconds."""

TICK_NS = 20_000_000
"""A file written less than this many nanoseconds ago could be written again with the same time."""

COARSE_TICK_NS = 2_000_000_000
"""The same for times without a fraction of a second, as on FAT and some network file systems."""

_FIRST_OF_IGNORED = frozenset(".#~TdI4")
"""The first characters of all names that are ignored because of how they start, or are names of certain files."""

TEMPORARY_ENDINGS = ("~", ".swp", ".swx", ".swo", ".tmp", ".temp", ".bak", ".orig", ".new", ".part", ".crdownload")


_NAME = attrgetter("name")
_UINT64 = 2**64 - 1
"""Windows has inodes of 128 bits, and times may be negative, or after the year 2554: only 64 bits count."""

_pack_stamp = Struct("<4Q").pack
_unpack_times = Struct("<q16xq").unpack


MARKDOWN_ENDINGS = (".md", ".markdown")


def is_markdown(name: str) -> bool:
    """Return whether a file is Markdown by the extension of its name, ignoring case."""
    return name[-1:] in "dDnN" and (name.endswith(MARKDOWN_ENDINGS) or name.lower().endswith(MARKDOWN_ENDINGS))


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file's status."""
    written, changed = status.st_mtime_ns & _UINT64, status.st_ctime_ns & _UINT64
    return _pack_stamp(written, status.st_size, status.st_ino & _UINT64, changed)


def times_of(stamp: Stamp) -> tuple[int, int]:
    """Return the times (ns) of the last write, and of the last change of the inode."""
    written, changed = _unpack_times(stamp)
    return written, changed


def is_same_write(one: Stamp, other: Stamp) -> bool:
    """Return whether two stamps differ at most by the time of the last change of the inode, as after a new name."""
    return one[:-8] == other[:-8]


@contextmanager
def open_folder(folder: str) -> Iterator[Callable[[str], os.stat_result]]:
    """Yield a function that returns the status of a path below a folder; links are not followed.

    The function raises OSError if there is no such file. The folder's own path is resolved once: that takes a seventh
    of the time for a file.
    """
    if os.stat not in os.supports_dir_fd or not os.path.isdir(folder):  # noqa: PTH112 - as it is given
        yield lambda path: os.lstat(f"{folder}/{path}")
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield partial(os.stat, dir_fd=descriptor, follow_symlinks=False)
    finally:
        os.close(descriptor)


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file, in half of the time that `Path.read_bytes` takes for a small one.

    Raises OSError, always with the path.
    """
    with naming(path), open(path, "rb", buffering=0) as file:  # noqa: PTH123 - half of the time
        return file.read()


def is_quiet(stamp: Stamp, now: int) -> bool:
    """Return whether a file had been unchanged for long enough at `now` (ns) to trust its stamp."""
    return max(times_of(stamp)) + QUIET_NS < now


def is_past_tick(stamp: Stamp, now: int) -> bool:
    """Return whether a change of a file at `now` (ns) or later gives it another stamp, by the clock of its times."""
    written, changed = times_of(stamp)
    window = TICK_NS if written % 1_000_000_000 else COARSE_TICK_NS
    return max(written, changed) + window < now


def is_ignored(name: str) -> bool:
    """Return whether a file is not part of the site by its name: a hidden file, or a temporary file of an editor."""
    # Most names have none of these, and are looked up in three steps instead of six.
    if name[:1] not in _FIRST_OF_IGNORED and not name.endswith(TEMPORARY_ENDINGS) and "___jb_" not in name:
        return False
    return (
        (name.startswith(".") and name not in PUBLIC_HIDDEN)
        or name.endswith(TEMPORARY_ENDINGS)
        or (name.startswith("#") and name.endswith("#"))
        or name.startswith("~$")  # Microsoft Office's file beside an open document
        or "___jb_" in name  # JetBrains' safe write: name___jb_tmp___, name___jb_old___
        or name in ("Thumbs.db", "desktop.ini", "Icon\r", "4913")  # vim probes a folder with a file 4913
    )


def scan(
    root: Path,
    folder: str,
    problems: list[Problem],
    ignored: list[str] | None = None,
    written: Collection[str] = (),
) -> dict[str, Stamp]:
    """Return the stamp of each file below a folder of the site, by its path from the root.

    Paths have forward slashes; the order is that of the file system. All symbolic links are followed, unless
    `find_link_problem` rejects them; those, and names that are not UTF-8, are added to `problems`. Ignored files and
    folders (see `is_ignored`) are added to `ignored`. `written` are the folders that builds write, relative to the
    root or absolute.
    """
    found: dict[str, Stamp] = {}
    begin = os.path.realpath(root / folder)
    walk = _Walk(os.path.realpath(root), tuple(os.path.realpath(root / name) for name in written))
    is_linked = begin != os.path.normpath(os.path.join(walk.root, folder))  # noqa: PTH118 - as `begin` is written
    problem = walk.find_target_problem(begin, (walk.root,)) if is_linked else ""
    if problem:
        hint = "move the folder there, or name another one in the config"
        problems.append(Problem(folder, 0, f"the folder is a symbolic link that leads {problem}", hint))
        return found
    pending: list[tuple[str, str, tuple[str, ...]]] = [(str(root / folder), folder, (walk.root, begin))]
    while pending:
        path_on_disk, name, way = pending.pop()
        prefix = f"{name}/" if name else ""
        for item in _list(path_on_disk, problems, name):
            base = item.name
            if is_ignored(base):
                if ignored is not None and _is_text(base):
                    ignored.append(prefix + base)
                continue
            path = prefix + base
            if not base.isascii() and not _is_text(path):
                hint = "rename the file with letters that UTF-8 can write"
                problems.append(
                    Problem(path.encode(errors="replace").decode(), 0, "the file's name is not UTF-8", hint)
                )
                continue
            is_link = item.is_symlink()
            if is_link:
                problem = walk.find_link_problem(item.path, way)
                if problem:
                    hint = "copy the file there, or remove the link"
                    problems.append(Problem(path, 0, problem, hint))
                    continue
            try:
                if item.is_dir():
                    below = (*way, os.path.realpath(item.path)) if is_link else (*way[:-1], f"{way[-1]}{os.sep}{base}")
                    pending.append((item.path, path, below))
                elif item.is_file():
                    found[path] = stamp_of(item.stat())
            except FileNotFoundError:
                continue  # it was removed during the scan
    return found


def walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield the entries of a folder and of the folders in it, in order.

    A missing folder has none, and neither has one that this user may not read.
    """
    # A stack, because an entry that is yielded through a generator for each folder above it takes twice as long.
    pending = [_sorted_entries(folder)]
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
            continue
        yield entry
        if entry.is_dir(follow_symlinks=False):
            pending.append(_sorted_entries(entry.path))


def walk_below(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what `walk` does, each entry with its path below the folder, with forward slashes."""
    start = len(str(folder)) + 1
    for entry in walk(str(folder)):
        yield entry.path[start:].replace(os.sep, "/"), entry


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted, with forward slashes; none if the folder is missing."""
    return sorted(path for path, entry in walk_below(folder) if entry.is_file())


def _sorted_entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return iter(sorted(entries, key=_NAME))
    except (FileNotFoundError, PermissionError):
        return iter(())


def _list(folder: str, problems: list[Problem], name: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as items:
            return [*items]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        problems.append(Problem(name, 0, f"the folder cannot be read: {error.strerror}", "check its permissions"))
        return []


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Walk(msgspec.Struct, frozen=True):
    """A walk through a site: its root and the folders that builds write, without symbolic links."""

    root: str
    written: tuple[str, ...]

    def find_link_problem(self, path: str, way: tuple[str, ...]) -> str:
        """Return why a symbolic link is not followed, "" if it is.

        `way` are the folders, without symbolic links, from which links led to this one, which is the last: a link to
        one of them, or to a parent of one, would lead in a circle.
        """
        try:
            target = os.path.realpath(path, strict=True)
        except (FileNotFoundError, NotADirectoryError):
            return "the symbolic link is broken"
        except (OSError, RuntimeError):
            return "the symbolic link leads in a circle"
        problem = self.find_target_problem(target, way)
        return problem and f"the symbolic link leads {problem}"

    def find_target_problem(self, target: str, way: tuple[str, ...]) -> str:
        """Return why a path, without symbolic links, must not be read as part of the site; "" if it may."""
        if target != self.root and not _contains(self.root, target):
            return "out of the site"
        name = target[len(self.root) + 1 :].replace(os.sep, "/")
        hidden = [part for part in name.split("/") if part.startswith(".") and part not in PUBLIC_HIDDEN]
        if hidden:
            return f'to "{name}", and "{hidden[0]}" is hidden'
        if any(target == folder or _contains(target, folder) for folder in way):
            return f'to "{name or "."}", a folder that contains it'
        for folder in self.written:
            if target == folder or _contains(folder, target) or _contains(target, folder):
                return f'to "{name}", where the output is'
        return ""


def _contains(folder: str, path: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
