"""The folder in an output folder where drawn files wait until all are there."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from sitegen.system import fingerprints

STAGE = ".sitegen-stage"
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Stage:
    """Holds the folder of the files that wait, in the output folder at `output`.

    A file waits as it will lie, so that a new folder can be moved with all that is in it; or beside all
    others whose folders are there, since to make and remove one takes as long as the file.
    """

    def __init__(self, output: str) -> None:
        self.place = f"{output}/{STAGE}"
        self.folder = Path(self.place)
        self._rooms: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Say whether files wait, or did when the user broke off their removal."""
        return bool(self._rooms)

    def open(self) -> None:
        """Make the folder, with those above it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._rooms = {""}

    def close(self) -> None:
        """Remove the folder, and what still waits."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.exists():
            shutil.rmtree(self.folder)  # nobody may publish it: say why it stays
        self._rooms.clear()

    def write(self, waits: str, data: bytes) -> None:
        """Write a file that waits at a path below the folder."""
        # Twelve thousand times: a path object and a file object would take as long as the system's own work.
        self.make_room(waits.rpartition("/")[0])
        file = os.open(f"{self.place}/{waits}", NEW, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)

    def copy(self, waits: str, source: Path) -> str:
        """Copy a file to where it waits, and return that place."""
        self.make_room(waits.rpartition("/")[0])
        return str(shutil.copyfile(source, f"{self.place}/{waits}"))

    def make_room(self, folder: str) -> None:
        """Make a folder below this one, with those above it; another process may do so too."""
        if folder in self._rooms:
            return
        self.make_room(folder.rpartition("/")[0])
        with suppress(FileExistsError):
            os.mkdir(f"{self.place}/{folder}")  # noqa: PTH102
        self._rooms.add(folder)


def place_apart(path: str) -> str:
    """Return where below the folder a file waits whose own folder is there already."""
    return f"{STAGE}/{fingerprints.short(path).hex()}"
