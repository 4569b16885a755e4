"""A second record of what builds wrote into an output folder, kept for the user, for the day the first is lost."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sitegen.build.snapshot import OutputState
from sitegen.system import fingerprints
from sitegen.system.atomic_write import write_atomically
from sitegen.system.paths import is_inside

MAX_RECORDS = 200
"""The records of folders that were built longest ago are removed."""


class OutputRecord:
    """Keeps the fingerprint of each file of an output folder, below the user's cache folder.

    The manifest in `.sitegen/` says by name which files are sitegen's, and is gone when a person removes that folder.
    The files of this record are recognised by their bytes, so a file that someone else put in the place of one is not
    taken for one of ours. It is a convenience: where it can't be kept or read, it is empty.
    """

    def __init__(self, cache: Path | None, folder: Path) -> None:
        self.folder = folder
        name = fingerprints.of_value(os.path.realpath(folder))
        self.file = None if cache is None else cache / "outputs" / f"{name}.txt"

    def read(self) -> dict[str, str]:
        """Return the fingerprint of each file of the folder that the last build knew."""
        if self.file is None:
            return {}
        try:
            lines = self.file.read_bytes().decode().split("\n")
        except (OSError, UnicodeDecodeError):
            return {}
        rows = (line.partition(" ") for line in lines)
        return {path: fingerprint for fingerprint, _, path in rows if is_inside(path)}

    def write(self, outputs: Mapping[str, OutputState]) -> None:
        """Write the fingerprint of each file, if that is possible."""
        if self.file is None:
            return
        text = "".join(f"{fingerprint} {path}\n" for path, (_, fingerprint, _, _) in sorted(outputs.items()))
        with suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self.file, text.encode(), concurrent=True)
            self._prune()

    def _prune(self) -> None:
        assert self.file is not None
        with os.scandir(self.file.parent) as items:
            records = sorted((item.stat(follow_symlinks=False).st_mtime_ns, item.path) for item in items)
        for _, path in records[:-MAX_RECORDS]:
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 - as scandir names it
