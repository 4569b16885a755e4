"""A copy of files of the built site as they were checked, in its own folder: later builds do not change it."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.system.second_names import add_name


@contextmanager
def empty_folder(folder: Path) -> Iterator[Path]:
    """Yield the path of a folder that does not exist; what a killed publish left there is removed before and after."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take_snapshot(output: Path, paths: Iterable[str], folder: Path) -> None:
    """Give files of an output folder second names in another one, which is emptied first.

    A build exchanges files and writes into none, so that what has a second name stays. Where the file
    system has no second names, the files are copied.
    """
    made = {""}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in paths:
        source, destination, parent = f"{output}/{path}", f"{folder}/{path}", path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(f"{folder}/{parent}", exist_ok=True)  # noqa: PTH103 - thousands of times
            made.add(parent)
        add_name(source, destination)
