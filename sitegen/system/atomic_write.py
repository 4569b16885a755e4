"""Write a file atomically: readers get the old bytes or the new ones, even after a crash.

The bytes are written to a temporary file in the same folder, which is then renamed. A temporary file is hidden, so
that scans and watchers ignore it, and has its own extension, so that it can be recognised.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import naming

ENDING = ".sitegen-next"
_NAME_CHARACTERS = 48
"""With four bytes per character, the extension and a token, within the limit of 255 bytes for a name."""


def is_temporary(path: str) -> bool:
    """Return whether a path is that of a temporary file, which an interrupted write can leave behind."""
    return path.endswith(ENDING)


def temporary_of(path: Path, token: str = "") -> Path:
    """Return the path of a file's temporary file."""
    return path.with_name(f".{path.name[:_NAME_CHARACTERS]}{token and f'.{token}'}{ENDING}")


@contextmanager
def replacing(path: Path, *, concurrent: bool = False) -> Iterator[Path]:
    """Yield the path of a temporary file to write; it replaces the file unless an exception is raised.

    The temporary file of an interrupted write is removed first. `concurrent` is for files that several processes may
    write at once: each has its own temporary file, and those of interrupted writes are not removed.
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
    path: Path, data: bytes | bytearray, *, durable: bool = False, concurrent: bool = False, mode: int = 0o666
) -> None:
    """Write a file atomically, with a mode that the umask restricts.

    `durable` waits until the bytes are on the disk, for data that cannot be recreated: after a power failure, a
    renamed file may otherwise be empty. It takes some milliseconds. See `replacing` for `concurrent`.
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


def write_if_changed(path: Path, data: bytes | bytearray, *, durable: bool = False) -> bool:
    """Write a file atomically if its content differs, with its folder; return whether it was written.

    See `write_atomically` for `durable`.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data, durable=durable)
    return True


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can open folders."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with naming(folder):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
