"""Distribute independent tasks over processes."""

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = TypeVar("Work")

MIN_PARALLEL_ITEMS = 64
"""With fewer items, a pool costs more than it saves."""

MIN_SECONDS_BEFORE_WORKERS = 0.3
"""Processor time that items take in this process before workers are started.

Two workers cost 0.1 seconds of processor time: they copy the memory that they share with this process, and load modules
and templates that they do not inherit. If fewer than half of the items are done by then, they save at least as much.
"""

MAX_BATCH_ITEMS = 64
MAX_BATCH_BYTES = 8 << 20
"""Limits of the items that are sent to workers at once, and read in advance for each of them."""

MIN_ITEMS_BEFORE_WORKERS = 128
"""Number of items before the first worker is started, which takes as much CPU time as converting half of them."""


class Parcel:
    """A dataclass that is pickled as a tuple of its fields, in a third of the time of the default.

    Its `__slots__` are the fields, as `dataclass(slots=True)` creates them.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


def available_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int, minimum: int | None = None
) -> Iterator[Result]:
    """Yield `task(item)` for each item, in order, computed by up to `jobs` processes.

    This process is one of them. The others are forked, so that the task and the items need not be pickled; only results
    are. If forking is not safe, all tasks run in this process, and so do the remaining ones if a worker cannot be
    started or is killed. A task may run twice. Fewer items than `minimum` are not worth a worker. Without `minimum`, at
    least MIN_PARALLEL_ITEMS are needed, and workers are started only if fewer than half of the items are done after
    MIN_SECONDS_BEFORE_WORKERS.
    """
    if len(items) < (minimum or MIN_PARALLEL_ITEMS) or not _can_fork(jobs):
        yield from map(task, items)
        return
    done = 0
    if minimum is None:
        half = len(items) / 2
        end = time.process_time() + MIN_SECONDS_BEFORE_WORKERS
        while done < half and time.process_time() < end:
            yield task(items[done])
            done += 1
        if done >= half:
            yield from map(task, items[done:])
            return
    from sitegen.system.workers import share  # noqa: PLC0415 - not loaded by a small build

    yield from share(task, items[done:], jobs)


def run_in_background(
    task: Callable[[Work], Result],
    items: Iterable[Item],
    find_work: Callable[[Item], Work | None],
    jobs: int,
    size: Callable[[Item], int],
) -> Iterator[tuple[Item, Result | None]]:
    """Yield each item, in order, with `task(find_work(item))`, computed by up to `jobs` processes while items are read.

    The result is None if there is no work for an item, and if this process has to do it: if forking is not safe, for
    the first MIN_ITEMS_BEFORE_WORKERS items, if no later batch of items has MIN_PARALLEL_ITEMS / 2 with work, and after
    the task has failed or a worker was killed or could not be started. The workers are forked from this process when
    the first of them is needed. Only work and results are pickled. `size` returns the size of an item in bytes, to
    limit how many are read in advance.
    """
    if not _can_fork(jobs):
        for item in items:
            yield item, None
        return
    from sitegen.system.workers import BackgroundWorkers  # noqa: PLC0415 - as in `spread`

    workers: BackgroundWorkers | None = None
    waiting: deque[tuple[list[Item], list[bool], Sequence[tuple[int, int]]]] = deque()
    is_broken = False
    items_read = 0

    def take() -> Iterator[tuple[Item, Result | None]]:
        batch, has_work, parts = waiting.popleft()
        results = iter(workers.collect(parts) if workers is not None else ())
        for item, is_work in zip(batch, has_work, strict=True):
            yield item, next(results, None) if is_work else None

    try:
        for batch in _batches(items, size):
            works = [None if is_broken else find_work(item) for item in batch]
            found = [work for work in works if work is not None]
            is_worth_it = items_read >= MIN_ITEMS_BEFORE_WORKERS and len(found) >= MIN_PARALLEL_ITEMS // 2
            items_read += len(batch)
            parts: Sequence[tuple[int, int]] = ()
            try:
                if workers is None and is_worth_it and not is_broken:
                    workers = BackgroundWorkers(task, jobs, jobs + 2, MAX_BATCH_ITEMS)
                if workers is not None and not is_broken:
                    is_broken = not workers.are_complete
                    parts = () if is_broken else workers.submit(found)
            except OSError:  # out of memory, processes or descriptors
                is_broken = True
            waiting.append((batch, [work is not None for work in works], parts))
            while waiting and (len(waiting) > jobs or workers is None):
                yield from take()
        while waiting:
            yield from take()
    finally:
        if workers is not None:
            workers.close()


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    bytes_left = MAX_BATCH_BYTES
    for item in items:
        batch.append(item)
        bytes_left -= size(item)
        if len(batch) == MAX_BATCH_ITEMS or bytes_left < 0:
            yield batch
            batch, bytes_left = [], MAX_BATCH_BYTES
    if batch:
        yield batch


def _can_fork(jobs: int) -> bool:
    """Return whether several processes are allowed, and forking is safe."""
    import threading  # noqa: PLC0415 - not loaded by an unchanged build

    # A fork copies only the calling thread: locks that other threads hold would stay locked.
    return jobs > 1 and sys.platform == "linux" and threading.active_count() == 1
