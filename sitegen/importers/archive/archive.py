"""Gives safe access to the files of an export: a folder, a zip file, or single files."""

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from sitegen.errors import Problem, SiteError
from sitegen.importers.archive.members import is_unsafe, make_matcher, printable, zip_name
from sitegen.importers.base import Location, Note

try:
    from lzma import LZMAError
except ImportError:  # a Python that was built without it, which reads no such files
    LZMAError = zlib.error  # type: ignore[misc, assignment]  # one name for both cases

MEBIBYTE = 1 << 20

DAMAGE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, LZMAError)
"""What the standard library raises for a damaged or encrypted zip file, and for one that it cannot unpack."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an export; sizes are in bytes, uncompressed.

    Deflate compresses at most 1000 to 1, and text hardly more than 20 to 1: a file over `max_compression_ratio` is
    refused as a zip bomb if it is larger than `min_bomb_bytes`.
    """

    max_files: int = 500_000
    max_file_bytes: int = 16_384 * MEBIBYTE
    max_total_bytes: int = 131_072 * MEBIBYTE
    max_compression_ratio: int = 250
    min_bomb_bytes: int = 8 * MEBIBYTE
    max_item_bytes: int = 16 * MEBIBYTE


class UnreadableError(Exception):
    """Raised for a file, or an item in it, that cannot be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export: `name` has forward slashes and is relative; `size` is in bytes."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


class Archive:
    """Holds an export open and reads its files (members) by name, except those with data of subscribers.

    `inputs` are folders, zip files and single files; if there are several, the names of their members begin with the
    name of the input. `private` has patterns as for `find`: matching members cannot be opened and are only listed in
    `withheld`. Unsafe members (absolute paths, `..`, symbolic links, zip bombs, encrypted) are skipped with a note in
    `notes`. Raises SiteError for an input that is missing or not an archive. Use it as a context manager.
    """

    def __init__(self, inputs: Sequence[Path], private: Sequence[str] = (), limits: Limits | None = None) -> None:
        self.inputs = tuple(inputs)
        self.limits = limits or Limits()
        self.notes: list[Note] = []
        self.withheld: list[str] = []
        self._is_private = make_matcher(tuple(private))
        self._members: dict[str, Member] = {}
        self._opened: set[str] = set()
        self._stack = ExitStack()
        self._total_bytes = 0
        try:
            for path in self.inputs:
                self._add(path, f"{path.name}/" if len(self.inputs) > 1 else "")
        except BaseException:
            self._stack.close()
            raise
        self._members = dict(sorted(self._members.items()))

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members that may be opened, sorted."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def find(self, *patterns: str) -> tuple[str, ...]:
        """Return the members that match one of the patterns, ignoring case, sorted.

        A pattern is compared with the last parts of a path: `posts/*.html` finds
        `export/posts/a.html`, and `*` does not cross a slash.
        """
        return tuple(filter(make_matcher(patterns), self._members))

    def only(self, keep: Callable[[str], bool]) -> "Archive":
        """Return a view of the members whose names pass `keep`; it is valid while this archive is open."""
        view = copy(self)
        view._members = {name: member for name, member in self._members.items() if keep(name)}
        return view

    def size(self, name: str) -> int:
        """Return a member's size in bytes, unpacked."""
        return self._members[name].size

    @property
    def unopened(self) -> tuple[str, ...]:
        """The names of all members that were not opened, or only to recognise them."""
        return tuple(name for name in self._members if name not in self._opened)

    def is_opened(self, name: str) -> bool:
        """Return whether a member was opened, and not only to recognise it."""
        return name in self._opened

    def open(self, name: str, *, peek: bool = False) -> IO[bytes]:
        """Open a member for reading bytes; reading raises UnreadableError if the member is damaged.

        Use `peek` to recognise a member's format only: `unopened` still lists the member.
        """
        if not peek:
            self._opened.add(name)
        return _open_member(self._members[name], self.limits.max_file_bytes)

    def open_unpacked(self, name: str) -> IO[bytes]:
        """Open a member as `open` does, and decompress it while reading if its name ends in `.gz` (RFC 1952)."""
        if not name.lower().endswith(".gz"):
            return self.open(name)
        self._opened.add(name)
        member = self._members[name]
        limit = min(
            self.limits.max_file_bytes, max(self.limits.min_bomb_bytes, member.size * self.limits.max_compression_ratio)
        )
        unpacked = Member(name, member.size, lambda: _gunzip(member))
        return _open_member(unpacked, limit)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return all bytes of a member; raise UnreadableError for more than `limit`, by default `max_item_bytes`."""
        max_bytes = self.limits.max_item_bytes if limit is None else limit
        with self.open(name) as file:
            data = file.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise UnreadableError(f"it is larger than {max_bytes // MEBIBYTE or 1} MB")
        return data

    def head(self, name: str, length: int = 4096) -> bytes:
        """Return the first bytes of a member to recognise its format, or none if it is damaged."""
        try:
            with self.open(name, peek=True) as file:
                return file.read(length)
        except UnreadableError:
            return b""

    def _add(self, path: Path, prefix: str) -> None:
        shown = path.name
        if path.is_dir():
            self._add_folder(path, prefix)
        elif not path.exists():
            raise SiteError([Problem(shown, 0, "the file does not exist", "give the path of an export")])
        elif zipfile.is_zipfile(path):
            self._add_zip(path, prefix)
        elif _starts_as_zip(path):
            self._add_truncated_zip(path, prefix)
        else:
            self._add_member(path.name, path.stat().st_size, lambda: path.open("rb"))

    def _add_folder(self, path: Path, prefix: str) -> None:
        for name, entry in _walk(str(path), prefix):
            if entry.is_symlink():
                self._note_refused(name, "a symbolic link, not followed")
            elif not entry.is_file():
                self._note_refused(name, "not a plain file")
            else:
                self._add_member(name, entry.stat().st_size, lambda file=entry.path: open(file, "rb"))  # type: ignore[misc]  # as below  # noqa: PTH123, SIM115 - once for each file of an export; the reader closes it

    def _add_zip(self, path: Path, prefix: str) -> None:
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(path))
        except DAMAGE as error:
            raise SiteError(
                [Problem(path.name, 0, f"the zip file cannot be read: {error}", "download it again")]
            ) from error
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = zip_name(info.filename, info.flag_bits).replace("\\", "/")
            if reason := self._reason_to_refuse(info, name):
                self._note_refused(prefix + name, reason)
            else:
                self._add_member(prefix + name, info.file_size, lambda info=info: archive.open(info))  # type: ignore[misc]  # mypy infers no default of a lambda

    def _add_truncated_zip(self, path: Path, prefix: str) -> None:
        from sitegen.importers.archive.truncated_zip import read_truncated_zip  # noqa: PLC0415 - only a damaged zip needs it

        self.notes.append(Note(Location(path.name), "the zip file is cut off; its readable files were imported"))
        for info in read_truncated_zip(path, self.limits.max_item_bytes):
            if is_unsafe(info.name):
                self._note_refused(prefix + info.name, "an unsafe path")
            else:
                self._add_member(prefix + info.name, info.size, info.open)

    def _reason_to_refuse(self, info: zipfile.ZipInfo, name: str) -> str:
        if is_unsafe(name):
            return "an unsafe path"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "a symbolic link, not followed"
        if info.flag_bits & 1:
            return "encrypted: unpack the zip with its password first"
        packed = max(1, info.compress_size)
        if info.file_size > self.limits.min_bomb_bytes and info.file_size > packed * self.limits.max_compression_ratio:
            return f"it would unpack to {info.file_size // packed} times its size, as zip bombs do"
        return ""

    def _add_member(self, name: str, size: int, opener: Callable[[], IO[bytes]]) -> None:
        if self._is_private(name):
            self.withheld.append(name)
            return
        if size > self.limits.max_file_bytes:
            self._note_refused(name, f"it is larger than {self.limits.max_file_bytes // MEBIBYTE} MB")
            return
        if name in self._members:
            self.notes.append(Note(Location(name), "the export contains this file twice; the last one was used"))
        self._total_bytes += size
        self._members[name] = Member(name, size, opener)
        if len(self._members) > self.limits.max_files or self._total_bytes > self.limits.max_total_bytes:
            max_megabytes = self.limits.max_total_bytes // MEBIBYTE
            message = f"the export has more than {self.limits.max_files} files or {max_megabytes} MB"
            raise SiteError([Problem(self.inputs[0].name, 0, message, "import it in parts")])

    def _note_refused(self, name: str, reason: str) -> None:
        self.notes.append(Note(Location(printable(name)), f"not read: {reason}"))


class _MemberReader(io.RawIOBase):
    """Reads an open member within its limit, and raises UnreadableError if it is damaged."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        super().__init__()
        self._file = file
        self._remaining_bytes = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # io passes a bytearray
        try:
            data = self._file.read(len(buffer))
        except DAMAGE as error:
            raise UnreadableError(f"it is damaged: {error}") from error
        self._remaining_bytes -= len(data)
        if self._remaining_bytes < 0:
            raise UnreadableError("it is larger than a file of an export may be")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open_member(member: Member, limit: int) -> IO[bytes]:
    """Open a member for reading up to a number of bytes. Raises UnreadableError."""
    try:
        return io.BufferedReader(cast("io.RawIOBase", _MemberReader(member.open(), limit)), 1 << 16)
    except DAMAGE as error:
        raise UnreadableError(f"it cannot be opened: {error}") from error


def _gunzip(member: Member) -> IO[bytes]:
    packed: Any = member.open()
    file = gzip.GzipFile(fileobj=packed)
    file.myfileobj = packed  # so that closing one closes the other
    return cast("IO[bytes]", file)


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the entries of a folder and its folders in order, with the names of their members."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=attrgetter("name"))
    for entry in found:
        if not entry.is_dir(follow_symlinks=False):
            yield prefix + entry.name, entry
        elif entry.name not in (".git", "__MACOSX"):
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
