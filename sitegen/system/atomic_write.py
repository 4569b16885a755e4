"""Writes a file in one step: readers find the old bytes or the new, also after a crash.

The bytes are written to a temporary file in the same folder, which then takes the file's name. A temporary file is
hidden, so that scans and watchers ignore it, and has an ending of its own, so that it is known for what it is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import naming

ENDING = ".sitegen-next"
_NAME_CHARACTERS = 48
"""With four bytes a character, the ending and a token, within the 255 bytes that a name may have."""


def is_temporary(path: str) -> bool:
    """Return whether a path is that of a temporary file, which an interrupted write may leave."""
    return path.endswith(ENDING)


def temporary_of(path: Path, token: str = "") -> Path:
    """Return the path of a file's temporary file."""
    return path.with_name(f".{path.name[:_NAME_CHARACTERS]}{token and f'.{token}'}{ENDING}")


@contextmanager
def replacing(path: Path, *, concurrent: bool = False) -> Iterator[Path]:
    """Give the path of a temporary file, which must be written; it replaces the file unless an exception is raised.

    What an interrupted write left is removed first. `concurrent` is for files that several processes may write at
    once: each has a temporary file of its own, and what an interrupted write left stays.
    """
    temporary = temporary_of(path, os.urandom(8).hex() if concurrent else "")
    if not concurrent:
        temporary.unlink(missing_ok=True)
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_atomically(
    path: Path, data: bytes, *, durable: bool = False, concurrent: bool = False, mode: int = 0o666
) -> None:
    """Write a file in one step, with that mode less the user's mask.

    `durable` waits until the bytes are on the disk, for what cannot be made again: after a power failure, a renamed
    file may otherwise be empty. It takes some milliseconds. See `replacing` for `concurrent`.
    """
    with replacing(path, concurrent=concurrent) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with naming(path), open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(data)
            if durable:
                file.flush()
                os.fsync(descriptor)
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can open folders."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with naming(folder):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
