"""A copy of the built site as it was checked, in its own folder: later builds do not change it."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def empty_folder(folder: Path) -> Iterator[Path]:
    """Give a folder's path while nothing else is there; what a publish that was killed left there goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take_snapshot(output: Path, paths: Iterable[str], folder: Path) -> None:
    """Give files of an output folder second names in another one.

    A build exchanges files and writes into none, so that what has a second name stays. Where the file
    system has no second names, the files are copied.
    """
    made = {folder}
    folder.mkdir(parents=True)
    for path in paths:
        destination = folder / path
        if destination.parent not in made:
            destination.parent.mkdir(parents=True, exist_ok=True)
            made.add(destination.parent)
        try:
            os.link(output / path, destination)
        except OSError:
            shutil.copyfile(output / path, destination)
