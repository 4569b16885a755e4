"""Share tasks between this process and processes forked from it."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BufferedRandom
from itertools import accumulate
from pickle import HIGHEST_PROTOCOL, dumps, loads
from tempfile import TemporaryFile
from typing import Any, NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

NUMBER_BYTES = 4
SIZE_BYTES = 8
MAX_PARTS = 1024
"""The number of parts of a list. Their numbers fit into the smallest empty pipe, which has 4,096 bytes."""

MAX_PART_ITEMS = 16
"""The number of items in a part, unless the list has more than MAX_PARTS of such parts."""

PARTS_PER_PROCESS = 8
"""The least number of parts for each process, so that all end at about the same time."""

BATCH_PART_ITEMS = 8
"""Number of items that a worker takes at once from a batch."""

PIPE_BYTES = 1 << 20
"""The size of a worker's pipe, which takes its results while this process has a task of its own."""


def share(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """Yield `task(item)` for each item, in order, computed by this process and up to `jobs` - 1 forked from it.

    Where a worker fails or is killed, or cannot be started, this process does the work. A task may run twice.
    """
    size = max(1, min(MAX_PART_ITEMS, len(items) // (jobs * PARTS_PER_PROCESS)), -(-len(items) // MAX_PARTS))
    parts = [items[start : start + size] for start in range(0, len(items), size)]
    try:
        workers = _Workers()
    except OSError:  # too many open files
        yield from map(task, items)
        return
    results: dict[int, list[Result] | None] = {}
    try:
        workers.add_numbers(range(len(parts)), results)
        workers.close_numbers()
        workers.start(task, parts.__getitem__, jobs - 1)
        for number, part in enumerate(parts):
            while number not in results:
                # What workers have sent is received first, so that their pipes do not become full.
                if workers.receive(results, wait=False):
                    continue
                taken = workers.take_number()
                if taken is not None:
                    with suppress(Exception):
                        results[taken] = None
                        results[taken] = [task(item) for item in parts[taken]]
                elif not workers.receive(results, wait=True):
                    results[number] = None
            # A part that failed runs again in its turn, so that the first error in the order of the items is raised.
            done = results.pop(number)
            yield from map(task, part) if done is None else done
    finally:
        workers.end()


class BackgroundWorkers:
    """Processes that run a task on batches of items while this process does something else.

    The items are in temporary files, which all processes share: not each build of Python has files in memory. At most
    `open_batches` batches, each of at most `batch_items`, can be submitted before the first of them is collected.
    Raises OSError if no descriptors are left.
    """

    def __init__(self, task: Callable[[Any], Any], jobs: int, open_batches: int, batch_items: int) -> None:
        self._batches, self._parts_per_batch = 0, -(-batch_items // BATCH_PART_ITEMS)
        self._results: dict[int, list[Any] | None] = {}
        self._files: list[BufferedRandom] = []
        self._workers = _Workers()
        try:
            for _ in range(open_batches):
                self._files.append(TemporaryFile())  # noqa: SIM115 - open until the workers have ended
            self._workers.start(task, self._load_part, jobs)
        except BaseException:
            self.close()
            raise

    def submit(self, items: Sequence[Any]) -> Sequence[tuple[int, int]]:
        """Let workers run the task on a batch of items; return number and size of each of their parts.

        Raises OSError if there is no space for the items.
        """
        parts = [items[start : start + BATCH_PART_ITEMS] for start in range(0, len(items), BATCH_PART_ITEMS)]
        encoded = [dumps(part, HIGHEST_PROTOCOL) for part in parts]
        ends = list(accumulate(map(len, encoded), initial=(len(parts) + 1) * SIZE_BYTES))
        file = self._files[self._batches % len(self._files)]
        file.seek(0)
        file.truncate()  # the batch that was there is collected
        file.writelines([*(end.to_bytes(SIZE_BYTES, "big") for end in ends), *encoded])
        file.flush()
        first = self._batches * self._parts_per_batch
        self._batches += 1
        self._workers.add_numbers(range(first, first + len(parts)), self._results)
        self._workers.receive(self._results, wait=False)
        return [(first + number, len(part)) for number, part in enumerate(parts)]

    def collect(self, parts: Sequence[tuple[int, int]]) -> list[Any]:
        """Return the results of a batch, the oldest one that is not collected, None for an item without a result."""
        found: list[Any] = []
        for number, size in parts:
            while number not in self._results and self._workers.receive(self._results, wait=True):
                pass
            found += self._results.pop(number, None) or [None] * size
        return found

    @property
    def are_complete(self) -> bool:
        """Whether all workers are running: after one was killed, the others end, and no batch can be submitted."""
        return self._workers.are_complete

    def close(self) -> None:
        """Wait until all workers have ended, each after the part that it is working on."""
        self._workers.end()
        for file in self._files:
            with suppress(OSError):  # what could not be written before cannot be written now
                file.close()
        self._files.clear()

    def _load_part(self, number: int) -> Sequence[Any]:
        batch, part = divmod(number, self._parts_per_batch)
        file = self._files[batch % len(self._files)].fileno()
        ends = os.pread(file, 2 * SIZE_BYTES, part * SIZE_BYTES)
        start, end = (int.from_bytes(ends[at : at + SIZE_BYTES], "big") for at in (0, SIZE_BYTES))
        items: Sequence[Any] = loads(os.pread(file, end - start, start))  # noqa: S301 - of the process that forked this
        return items


class _Workers:
    """Processes that take the numbers of parts from a pipe, as this one can, and send results through pipes.

    They end when the pipe is closed and empty.
    """

    def __init__(self) -> None:
        self._numbers, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._workers: dict[int, int] = {}
        self._poll = select.poll()

    def add_numbers(self, numbers: Iterable[int], results: dict[int, Any]) -> None:
        """Let workers take the numbers of parts, at most MAX_PARTS at once.

        While the pipe is full, results are received: workers may wait for this before they take other numbers. Raises
        OSError if a worker ends meanwhile.
        """
        data = b"".join(number.to_bytes(NUMBER_BYTES, "big") for number in numbers)
        while True:
            try:
                os.write(self._writing, data)  # all of it, since it is not more than PIPE_BUF bytes
            except BlockingIOError:
                self.receive(results, wait=True)
            else:
                return

    def close_numbers(self) -> None:
        """Let workers end when all numbers are taken."""
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1

    @property
    def are_complete(self) -> bool:
        """Whether numbers can be added, because workers run and none has ended."""
        return self._writing >= 0 and bool(self._workers)

    def start(self, task: Callable[[Any], Any], find_part: Callable[[int], Sequence[Any]], count: int) -> None:
        """Fork workers, as many of them as possible. `find_part` returns the items of a part by its number."""
        # The workers inherit it.
        from ctypes import CDLL  # noqa: PLC0415 - not loaded by a small build

        control = CDLL(None).prctl
        parent = os.getpid()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with suppress(OSError), interrupts_blocked():  # out of memory, processes or descriptors
            for _ in range(count):
                reading, writing = os.pipe()
                try:
                    process = os.fork()
                except OSError:
                    os.close(reading)
                    os.close(writing)
                    raise
                if not process:
                    # Otherwise the workers of a killed build would hold its lock (prctl(2), PR_SET_PDEATHSIG).
                    control(1, signal.SIGKILL)
                    if os.getppid() != parent:
                        os._exit(1)
                    for descriptor in (reading, *self._workers):
                        os.close(descriptor)
                    self.close_numbers()
                    self._work(task, find_part, writing)
                os.close(writing)
                self._workers[reading] = process
                self._poll.register(reading, select.POLLIN)

    def _work(self, task: Callable[[Any], Any], find_part: Callable[[int], Sequence[Any]], writing: int) -> NoReturn:
        """Send results until no number is left, then end."""
        status = 1
        try:
            _enlarge(writing)
            while (number := self.take_number()) is not None:
                try:
                    message = dumps((number, [task(item) for item in find_part(number)]), HIGHEST_PROTOCOL)
                except Exception:  # noqa: BLE001 - the parent runs the task again, which raises it there
                    message = dumps((number, None), HIGHEST_PROTOCOL)
                _write(writing, len(message).to_bytes(SIZE_BYTES, "big") + message)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            status = 0
        finally:
            os._exit(status)

    def take_number(self) -> int | None:
        """Return the number of a part that no process has taken yet, None if there are no more."""
        number = os.read(self._numbers, NUMBER_BYTES)
        return int.from_bytes(number, "big") if number else None

    def receive(self, results: dict[int, Any], *, wait: bool) -> bool:
        """Add what workers have sent, None for a part that failed; return whether any has sent something or ended."""
        if not self._workers:
            return False
        ready = self._poll.poll(None if wait else 0)
        for descriptor, _ in ready:
            size = int.from_bytes(_read(descriptor, SIZE_BYTES), "big")
            message = _read(descriptor, size)
            if size and len(message) == size:
                number, found = loads(message)  # noqa: S301 - of a process that this one has forked
                results[number] = found
            else:
                self._forget(descriptor)
                self.close_numbers()  # what the worker was doing is lost, and another number may be waited for
        return bool(ready)

    def end(self) -> None:
        """Wait until all workers have ended, each after the part that it is working on."""
        self.close_numbers()
        while os.read(self._numbers, MAX_PARTS * NUMBER_BYTES):
            pass
        os.close(self._numbers)
        for descriptor in [*self._workers]:
            self._forget(descriptor)

    def _forget(self, descriptor: int) -> None:
        """Close the pipe of a worker, which ends it at the latest when it writes, and wait until it has ended."""
        self._poll.unregister(descriptor)
        os.close(descriptor)
        process = self._workers.pop(descriptor)
        with suppress(ChildProcessError):
            os.waitpid(process, 0)


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C while workers are started.

    It is sent to all processes of a terminal: the workers ignore it from the start, this one handles it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _enlarge(pipe: int) -> None:
    import fcntl  # noqa: PLC0415 - does not exist on Windows, where nothing is forked

    with suppress(OSError):  # the user has no memory for pipes left
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _read(descriptor: int, size: int) -> bytes:
    """Return as many bytes as `size` says, fewer if the process that writes them has ended."""
    data = os.read(descriptor, size)
    while 0 < len(data) < size:
        more = os.read(descriptor, size - len(data))
        if not more:
            break
        data += more
    return data


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
