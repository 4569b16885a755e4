"""The stage: the folder in an output folder for rendered files until all have been rendered."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from sitegen.build.snapshot import UNKNOWN, OutputState
from sitegen.errors import Problem, SiteError, naming
from sitegen.system import fingerprints
from sitegen.system.fingerprints import NO_FINGERPRINTS, NamedFingerprints
from sitegen.system.hook_recorder import Known
from sitegen.system.paths import is_inside

STAGE = ".sitegen-stage"
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class StagedFile(Struct, frozen=True):
    """A rendered file: its key, names and fingerprints of what rendering it read, and the fingerprint of its bytes.

    It is `staged` at a path below the stage, or "" if the output folder has the same bytes already. `hook_reads`
    are the files that the site's hooks read for it.
    """

    path: str
    key: bytes
    reads: NamedFingerprints
    fingerprint: str
    staged: str
    hook_reads: tuple[tuple[str, Known], ...] = ()


class Stage:
    """The stage of one build, a folder in the output folder at `output`, which messages call `name`.

    A new file is staged at the path that it will have, so that a new folder can be moved with everything in it. A
    file that replaces one of `outputs` is staged beside all others, since creating and removing its folder takes as
    long as writing it.
    """

    def __init__(self, output: str, name: str, outputs: Mapping[str, OutputState]) -> None:
        self.folder, self.name, self.outputs = f"{output}/{STAGE}", name, outputs
        self._created: set[str] = set()

    def open(self) -> None:
        """Create the folder, with its parents."""
        Path(self.folder).mkdir(parents=True, exist_ok=True)
        self._created = {""}

    def close(self) -> None:
        """Remove the folder, with the files that are still in it."""
        try:
            remove_stage(self.folder)
        except KeyboardInterrupt:
            remove_stage(self.folder)
            raise

    def stage(self, path: str, key: bytes, reads: NamedFingerprints, data: bytes) -> StagedFile:
        """Write a file, unless the output folder has the same bytes."""
        fingerprint = fingerprints.of_bytes(data)
        if self.outputs.get(path, UNKNOWN)[1] == fingerprint:
            return StagedFile(path, key, reads, fingerprint, staged="")
        staged = self._choose_path(path)
        with naming(f"{self.folder.rpartition('/')[0]}/{path}"):
            self._write(staged, data)
        return StagedFile(path, key, reads, fingerprint, staged)

    def stage_copy(
        self,
        path: str,
        key: bytes,
        source: Path,
        fingerprint: str,
        convert: Callable[[bytes], bytes] | None = None,
        change: Callable[[str], None] | None = None,
    ) -> StagedFile:
        """Copy a file, unless the output folder has one with its fingerprint.

        `convert` returns the bytes to write; `change` changes the copy, for files that are too large to be read.
        """
        if convert is not None:
            with naming(source):
                data = source.read_bytes()
            return self.stage(path, key, NO_FINGERPRINTS, convert(data))
        if change is None and self.outputs.get(path, UNKNOWN)[1] == fingerprint:
            return StagedFile(path, key, NO_FINGERPRINTS, fingerprint, staged="")
        staged = self._choose_path(path)
        with naming(f"{self.folder.rpartition('/')[0]}/{path}"):
            self.create_folder(staged.rpartition("/")[0])
            copied = shutil.copyfile(source, f"{self.folder}/{staged}")
            if change is not None:
                change(copied)
        return StagedFile(path, key, NO_FINGERPRINTS, fingerprint_of(copied), staged)

    def create_folder(self, folder: str) -> None:
        """Create a folder below this one, with its parents; another process may do so too."""
        if folder in self._created:
            return
        self.create_folder(folder.rpartition("/")[0])
        with suppress(FileExistsError):
            os.mkdir(f"{self.folder}/{folder}")  # noqa: PTH102 - once for each folder of the output
        self._created.add(folder)

    def _choose_path(self, path: str) -> str:
        if not is_inside(path):  # permalinks, slugs and aliases are checked before; the cache can contain anything
            message = "the file would be written outside of the output folder"
            raise SiteError([Problem(path, 0, message, "run `sitegen build --fresh`: the build cache may be damaged")])
        return path_apart(path) if path in self.outputs else path

    def _write(self, staged: str, data: bytes) -> None:
        # Twelve thousand times: a path object and a file object would take as long as the system's own work.
        self.create_folder(staged.rpartition("/")[0])
        file = os.open(f"{self.folder}/{staged}", NEW, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)


def remove_stage(folder: str) -> None:
    """Remove the folder of a stage; raise OSError if it cannot be removed, since it must not be published."""
    shutil.rmtree(folder, ignore_errors=True)
    # Not `lexists`, which also returns False for a folder that cannot be read.
    with suppress(FileNotFoundError):
        os.lstat(folder)
        shutil.rmtree(folder)


def path_apart(path: str) -> str:
    """Return the path below the stage of a file whose own folder exists already in the output."""
    return f"{STAGE}/{fingerprints.short(path).hex()}"


def fingerprint_of(path: str) -> str:
    """Return the fingerprint of a file's bytes, "" if it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - twelve thousand times
            return hashlib.file_digest(file, lambda: blake2b(digest_size=fingerprints.SIZE)).hexdigest()
    except OSError:
        return ""
