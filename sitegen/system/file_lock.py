"""One build at a time: a lock on a file, which the system lets go of when its holder ends, however it ends."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def hold(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Hold the lock at a path for a while; call `waiting` once if another process has it, then wait.

    Gives the descriptor of the locked file: a process that inherits it holds the lock too.
    """
    descriptor = _open(path)
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, 0, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                waiting()
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


class Lock:
    """The lock at a path, which its holder can take again; `waiting` is called once if another process has it."""

    def __init__(self, path: Path, waiting: Callable[[], None] = lambda: None) -> None:
        self.path, self.waiting = path, waiting
        self._is_held = False

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock for a while, and keep it if it is held already."""
        if self._is_held:
            yield
            return
        with hold(self.path, self.waiting):
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False


def _open(path: Path) -> int:
    """Open the file to lock, and make it if there is none; where that is not permitted, what is there of its path."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError as error:
        if sys.platform == "win32" or error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
            raise
        existing = next(place for place in (path, *path.absolute().parents) if place.exists())
        return os.open(existing, os.O_RDONLY)
