"""Lock a file, so that one build runs at a time; the system releases the lock when its holder ends."""

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
    """Hold the lock at a path inside the block; call `waiting` once if another process has it, then wait.

    Yields the descriptor of the locked file: a process that inherits it holds the lock as well.
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
    """A reentrant lock at a path; `waiting` is called once if another process has it."""

    def __init__(self, path: Path, waiting: Callable[[], None] = lambda: None) -> None:
        self.path, self.waiting = path, waiting
        self._is_held = False

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock inside the block, and keep it afterwards if it was held before."""
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
    """Open the file to lock, creating it if necessary; without permission, open its closest existing parent."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError as error:
        if sys.platform == "win32" or error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
            raise
        existing = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
        return os.open(existing, os.O_RDONLY)
