"""Caches the fingerprints of a folder's files by their stamps, so that unchanged files are not read again."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec import MsgspecError, Struct, field
from msgspec.msgpack import Decoder, encode

from sitegen.system.file_systems import has_exact_stamps
from sitegen.system.files import Stamp, is_past_tick, stamp_of
from sitegen.system.fingerprints import of_file
from sitegen.system.sealed_file import read_sealed, write_sealed


class _Stored(Struct, frozen=True, array_like=True):
    """The content of the cache: the path and the device of the folder, and stamp and fingerprint of its files."""

    folder: str = ""
    device: int = 0
    files: dict[str, tuple[Stamp, str]] = field(default_factory=dict)


_decode = Decoder(_Stored).decode


@dataclass(frozen=True, slots=True)
class DigestCache:
    """The cache of a folder in a file; `clock` returns the time in nanoseconds.

    It is not used where a file can change and keep its stamp (`has_exact_stamps`).
    """

    folder: Path
    file: Path
    clock: Callable[[], int]

    def read(self, entries: Iterable[tuple[str, "os.DirEntry[str]"]]) -> dict[str, str]:
        """Return the fingerprint of each file of the folder, by its path; only files with new stamps are read."""
        if not has_exact_stamps(self.folder):
            return {path: of_file(Path(entry.path)) for path, entry in entries}
        stored = self._load(self.folder.stat().st_dev if self.folder.exists() else 0)
        digests: dict[str, str] = {}
        files: dict[str, tuple[Stamp, str]] = {}
        for path, entry in entries:
            now, status = self.clock(), entry.stat(follow_symlinks=False)
            stamp = stamp_of(status)
            known = stored.files.get(path)
            if known is not None and known[0] == stamp:
                files[path] = known
                digests[path] = known[1]
                continue
            digests[path] = of_file(Path(entry.path))
            # Another file system may be mounted below the folder.
            if status.st_dev == stored.device and is_past_tick(stamp, now):
                files[path] = stamp, digests[path]
        if files != stored.files:
            self._save(_Stored(stored.folder, stored.device, files))
        return digests

    def keep(self, renewed: Mapping[str, tuple[Stamp, Stamp]], written: Mapping[str, str]) -> None:
        """Store the stamps of files that the next `read` need not read, although these have changed.

        `renewed` has the stamp before and now of each file of which only the names have changed, `written` the
        fingerprint of each file that this process has just written.
        """
        if not has_exact_stamps(self.folder):
            return
        stored = self._load(self.folder.stat().st_dev if self.folder.exists() else 0)
        known = stored.files
        files = {
            path: (stamp, known[path][1])
            for path, (before, stamp) in renewed.items()
            if path in known and known[path][0] == before
        }
        for path, digest in written.items():
            with suppress(OSError):
                files[path] = stamp_of(os.stat(f"{self.folder}/{path}")), digest  # noqa: PTH116 - thousands of times
        now = self.clock()
        fresh = {path: state for path, state in files.items() if is_past_tick(state[0], now)}
        self._save(_Stored(stored.folder, stored.device, {**known, **fresh}))

    def _load(self, device: int) -> _Stored:
        """Return what is stored for the folder on a device, without files if that is missing, damaged or of another."""
        contents, empty = read_sealed(self.file), _Stored(str(self.folder), device)
        try:
            stored = _decode(contents) if contents else empty
        except MsgspecError:  # of another version
            return empty
        return stored if (stored.folder, stored.device) == (empty.folder, empty.device) else empty

    def _save(self, stored: _Stored) -> None:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_sealed(self.file, encode(stored))
        except (OSError, UnicodeEncodeError):  # a read-only folder, a full disk, a name that is not UTF-8
            return
