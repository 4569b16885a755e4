"""One safe view over an export, be it a folder, a zip, or single files."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from sitegen.errors import Problem, SiteError
from sitegen.importers.archive.members import is_unsafe, make_matcher, printable, zip_name
from sitegen.importers.base import Note, Place

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What an export may hold at most; bytes are counted unpacked.

    Deflate can pack a thousand to one, text hardly more than twenty: a member over `ratio` that is
    large as well is a bomb.
    """

    members: int = 500_000
    member: int = 16_384 * MEBIBYTE
    total: int = 131_072 * MEBIBYTE
    ratio: int = 250
    small: int = 8 * MEBIBYTE
    item: int = 16 * MEBIBYTE


class UnreadableError(Exception):
    """A member, or an item in it, that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export: `name` has forward slashes and is relative; `size` is in bytes."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


class Archive:
    """Holds an export open: its members by name, never those that hold subscribers' data.

    `inputs` are folders, zip files and single files; with several, each one's own name comes first
    in its members' names. `private` are patterns as for `find`: what they match cannot be opened,
    and is only counted in `withheld`. Unsafe members (absolute, with `..`, symbolic links, bombs,
    encrypted) are left out, and `notes` says so. Raises SiteError for an input that is not there,
    or is no archive at all. Use it as a context manager.
    """

    def __init__(self, inputs: Sequence[Path], private: Sequence[str] = (), limits: Limits | None = None) -> None:
        self.inputs = tuple(inputs)
        self.limits = limits or Limits()
        self.notes: list[Note] = []
        self.withheld: list[str] = []
        self._is_private = make_matcher(private)
        self._members: dict[str, Member] = {}
        self._opened: set[str] = set()
        self._stack = ExitStack()
        self._total = 0
        try:
            for path in self.inputs:
                self._add(path, f"{path.name}/" if len(self.inputs) > 1 else "")
        except BaseException:
            self._stack.close()
            raise
        self._members = dict(sorted(self._members.items()))

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members that may be opened, sorted."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def find(self, *patterns: str) -> tuple[str, ...]:
        """Return the members that match one of the patterns, without regard to case, sorted.

        A pattern matches the end of a name, whole parts at a time: `posts/*.html` finds
        `export/posts/a.html`, and `*` does not cross a slash.
        """
        return tuple(filter(make_matcher(patterns), self._members))

    def only(self, keep: Callable[[str], bool]) -> "Archive":
        """Return a view of the members whose names pass `keep`; it is open as long as this archive is."""
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
        """Open a member for reading bytes; reading raises UnreadableError where the member is damaged.

        A `peek` only finds out what the member is: `unopened` still names it.
        """
        if not peek:
            self._opened.add(name)
        member = self._members[name]
        try:
            return io.BufferedReader(cast("io.RawIOBase", _Checked(member, self.limits.member)), 1 << 16)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
            raise UnreadableError(f"it cannot be opened: {error}") from error

    def open_unpacked(self, name: str) -> IO[bytes]:
        """Open a member as `open` does, and unpack one whose name ends in `.gz` (RFC 1952) while it is read."""
        if not name.lower().endswith(".gz"):
            return self.open(name)
        self._opened.add(name)
        member = self._members[name]
        limit = min(self.limits.member, max(self.limits.small, member.size * self.limits.ratio))
        unpacked = Member(name, member.size, lambda: _gunzip(member))
        return io.BufferedReader(cast("io.RawIOBase", _Checked(unpacked, limit)), 1 << 16)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return all bytes of a member; UnreadableError if they are more than `limit`, by default one item's."""
        most = self.limits.item if limit is None else limit
        with self.open(name) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise UnreadableError(f"it is larger than {most // MEBIBYTE or 1} MB")
        return data

    def head(self, name: str, length: int = 4096) -> bytes:
        """Return the first bytes of a member, or none where it is damaged: enough to recognise it."""
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
            raise SiteError([Problem(shown, 0, "there is no such file", "give the path of an export")])
        elif zipfile.is_zipfile(path):
            self._add_zip(path, prefix)
        elif _starts_as_zip(path):
            self._add_torn_zip(path, prefix)
        else:
            self._put(path.name, path.stat().st_size, lambda: path.open("rb"))

    def _add_folder(self, path: Path, prefix: str) -> None:
        for file, link in _walk(path):
            name = prefix + file.relative_to(path).as_posix()
            if link:
                self._refuse(name, "a symbolic link, not followed")
            elif not stat.S_ISREG(file.stat().st_mode):
                self._refuse(name, "not a plain file")
            else:
                self._put(name, file.stat().st_size, lambda file=file: file.open("rb"))  # type: ignore[misc]

    def _add_zip(self, path: Path, prefix: str) -> None:
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(path))
        except (zipfile.BadZipFile, OSError) as error:
            raise SiteError([Problem(path.name, 0, f"the zip cannot be read: {error}", "download it again")]) from error
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = zip_name(info.filename, info.flag_bits).replace("\\", "/")
            if reason := self._fault(info, name):
                self._refuse(prefix + name, reason)
            else:
                self._put(prefix + name, info.file_size, lambda info=info: archive.open(info))  # type: ignore[misc]

    def _add_torn_zip(self, path: Path, prefix: str) -> None:
        from sitegen.importers.archive.truncated_zip import read_torn_zip  # noqa: PLC0415 - only a damaged zip needs it

        self.notes.append(Note(Place(path.name), "the zip is cut off; what could still be read of it was imported"))
        for info in read_torn_zip(path, self.limits.item):
            if is_unsafe(info.name):
                self._refuse(prefix + info.name, "an unsafe path")
            else:
                self._put(prefix + info.name, info.size, info.open)

    def _fault(self, info: zipfile.ZipInfo, name: str) -> str:
        if is_unsafe(name):
            return "an unsafe path"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "a symbolic link, not followed"
        if info.flag_bits & 1:
            return "encrypted: unpack the zip with its password first"
        packed = max(1, info.compress_size)
        if info.file_size > self.limits.small and info.file_size > packed * self.limits.ratio:
            return f"it claims to unpack to {info.file_size // packed} times its size: a zip bomb"
        return ""

    def _put(self, name: str, size: int, opener: Callable[[], IO[bytes]]) -> None:
        if self._is_private(name):
            self.withheld.append(name)
            return
        if size > self.limits.member:
            self._refuse(name, f"it is larger than {self.limits.member // MEBIBYTE} MB")
            return
        if name in self._members:
            self.notes.append(Note(Place(name), "the export holds this file twice; the last one counts"))
        self._total += size
        self._members[name] = Member(name, size, opener)
        if len(self._members) > self.limits.members or self._total > self.limits.total:
            message = f"the export holds more than {self.limits.members} files or {self.limits.total // MEBIBYTE} MB"
            raise SiteError([Problem(self.inputs[0].name, 0, message, "import it in parts")])

    def _refuse(self, name: str, reason: str) -> None:
        self.notes.append(Note(Place(printable(name)), f"not read: {reason}"))


class _Checked(io.RawIOBase):
    """Holds one open member, and turns whatever a damaged one raises into UnreadableError."""

    def __init__(self, member: Member, limit: int) -> None:
        super().__init__()
        self._file = member.open()
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # the buffer that io hands in
        try:
            data = self._file.read(len(buffer))
        except (OSError, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise UnreadableError(f"it is damaged: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError("it is larger than an export's file may be")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _gunzip(member: Member) -> IO[bytes]:
    packed: Any = member.open()
    file = gzip.GzipFile(fileobj=packed)
    file.myfileobj = packed  # so that closing one closes the other
    return cast("IO[bytes]", file)


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            yield path, True
        elif path.is_dir():
            if path.name not in (".git", "__MACOSX"):
                yield from _walk(path)
        else:
            yield path, False
