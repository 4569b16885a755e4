"""A read-write lock: requests wait while the files of a build are put in place."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    """A lock that many readers or one writer may hold; waiting writers take precedence."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._readers = 0
        self._writers = 0
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read, together with others."""
        with self._free:
            while self._writers:
                self._free.wait()
            self._readers += 1
        try:
            yield
        finally:
            with self._free:
                self._readers -= 1
                if not self._readers:
                    self._free.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write, alone."""
        with self._free:
            self._writers += 1
            try:
                while self._readers or self._writing:
                    self._free.wait()
            except BaseException:  # the user may end the server while it waits
                self._writers -= 1
                self._free.notify_all()
                raise
            self._writing = True
        try:
            yield
        finally:
            with self._free:
                self._writing = False
                self._writers -= 1
                self._free.notify_all()
