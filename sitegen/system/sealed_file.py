"""Files that begin with a fingerprint of their contents, so that damage is found when they are read."""

from pathlib import Path

from sitegen.system.atomic_write import write_atomically
from sitegen.system.fingerprints import of_bytes

_DIGEST_CHARACTERS = len(of_bytes(b""))


def write_sealed(path: Path, contents: bytes, *, concurrent: bool = False) -> None:
    """Write a file atomically, with the fingerprint of its contents before them.

    See `write_atomically` for `concurrent`.
    """
    write_atomically(path, of_bytes(contents).encode() + contents, concurrent=concurrent)


def read_sealed(path: Path) -> bytes:
    """Return the contents of a file that `write_sealed` has written, b"" if it is missing, unreadable or damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    contents = data[_DIGEST_CHARACTERS:]
    return contents if data[:_DIGEST_CHARACTERS] == of_bytes(contents).encode() else b""
