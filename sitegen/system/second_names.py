"""Second names (hard links) of files, and the stamps of the files after each was made and removed.

Making and removing a name changes the time of the inode, and so the stamp, of a file with the same contents. The new
stamp replaces the former one if the file was not changed otherwise: then it need not be read again.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress

from sitegen.system.files import Stamp, is_same_write, stamp_of

Linked = Mapping[str, tuple[Stamp, Stamp]]
"""Files with second names, by path, with the stamp before and after each name was made."""


def add_name(path: str, name: str) -> tuple[Stamp, Stamp] | None:
    """Give a file a second name, and return its stamp before and after.

    Where the file system has no second names, the file is copied, and None returned.
    """
    before = stamp_of(os.stat(path))  # noqa: PTH116 - thousands of times
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)
        return None
    return before, stamp_of(os.stat(path))  # noqa: PTH116 - thousands of times


def remove_names(folder: str, names: str, linked: Linked) -> dict[str, tuple[Stamp, Stamp]]:
    """Remove the second names of files, and return the stamps of each before it had one, and after.

    `folder` and `names` are the folders below which the paths are those of the files and of their second names. Files
    that others have changed meanwhile are missing.
    """
    renewed = {}
    for path, (before, known) in linked.items():
        file = f"{folder}/{path}"
        with suppress(OSError):
            is_unchanged = stamp_of(os.stat(file)) == known  # noqa: PTH116 - thousands of times
            os.unlink(f"{names}/{path}")  # noqa: PTH108 - as above
            stamp = stamp_of(os.stat(file))  # noqa: PTH116 - as above
            if is_unchanged and is_same_write(before, known) and is_same_write(known, stamp):
                renewed[path] = before, stamp
    return renewed
