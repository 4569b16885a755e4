"""A second record of the files that builds wrote into an output folder, in case that the manifest is lost."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sitegen.build.snapshot import OutputState
from sitegen.system import fingerprints
from sitegen.system.atomic_write import write_atomically
from sitegen.system.paths import is_inside

MAX_GROWTH = 1.5
"""A record that is longer than this share of its shortest form is written again."""

MAX_RECORDS = 200
"""The records of folders with the oldest builds are removed."""


class OutputRecord:
    """The fingerprints of the files of an output folder, in the user's cache folder.

    The manifest in `.sitegen/` lists sitegen's files by name, and is lost if a user removes that folder. The files of
    this record are recognised by their bytes, so a foreign file that has replaced one is not mistaken for sitegen's.
    It is optional: if it cannot be written or read, it is empty.
    """

    def __init__(self, cache: Path | None, folder: Path) -> None:
        self.folder = folder
        name = fingerprints.of_value(os.path.realpath(folder))
        self.file = None if cache is None else cache / "outputs" / f"{name}.txt"

    def read(self) -> dict[str, str]:
        """Return the fingerprint of each file of the folder after the last build."""
        if self.file is None:
            return {}
        try:
            lines = self.file.read_bytes().decode().split("\n")
        except (OSError, UnicodeDecodeError):
            return {}
        rows = (line.partition(" ") for line in lines)
        return {path: fingerprint for fingerprint, _, path in rows if is_inside(path)}

    def write(self, outputs: Mapping[str, OutputState], before: Mapping[str, OutputState]) -> None:
        """Write the fingerprint of each file, if possible; `before` are the outputs that were written last.

        If the same files have other fingerprints, only these are appended: of two lines of a file, the last one counts.
        """
        if self.file is None:
            return
        with suppress(OSError):
            least = _size_of(outputs)
            if outputs.keys() == before.keys() and least <= self.file.stat().st_size <= MAX_GROWTH * least:
                changed = {path: state for path, state in outputs.items() if before[path][1] != state[1]}
                with self.file.open("ab") as file:
                    file.write(b"\n" + _lines_of(changed))  # an earlier line may have been cut off
                return
        with suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self.file, _lines_of(outputs), concurrent=True)
            self._prune()

    def _prune(self) -> None:
        assert self.file is not None
        with os.scandir(self.file.parent) as items:
            records = sorted((item.stat(follow_symlinks=False).st_mtime_ns, item.path) for item in items)
        for _, path in records[:-MAX_RECORDS]:
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 - as scandir names it


def _lines_of(outputs: Mapping[str, OutputState]) -> bytearray:
    # Joining strings would take four times the memory of the lines.
    lines = bytearray()
    for path in sorted(outputs):
        lines += f"{outputs[path][1]} {path}\n".encode()
    return lines


def _size_of(outputs: Mapping[str, OutputState]) -> int:
    """Return how many bytes a record has at least: letters that are not ASCII have more than one."""
    return sum(map(len, outputs)) + (2 * fingerprints.SIZE + 2) * len(outputs)
