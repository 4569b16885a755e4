"""Distribute independent tasks over processes."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MIN_PARALLEL_ITEMS = 64
"""With fewer items, a pool costs more than it saves: starting two forked workers takes about 20 ms."""


class Parcel:
    """A dataclass that is pickled as its fields in order, in a third of the time of the default.

    Its `__slots__` are the fields, as `dataclass(slots=True)` creates them.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


_task: Callable[[Any], Any] | None = None


def available_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int, minimum: int | None = None
) -> Iterator[Result]:
    """Yield `task(item)` for each item, in order, computed by up to `jobs` processes.

    The workers are forked, so that the task and its data need not be pickled; only items and results are. If forking
    is not safe, all tasks run in this process, and so do the remaining ones if a worker cannot be started or is
    killed. A task may run twice. Fewer items than `minimum`, by default MIN_PARALLEL_ITEMS, are not worth a worker.
    """
    import threading  # noqa: PLC0415 - not loaded by an unchanged build

    # A fork copies only the calling thread: locks that other threads hold would stay locked.
    if (
        jobs < 2
        or len(items) < (minimum or MIN_PARALLEL_ITEMS)
        or sys.platform != "linux"
        or threading.active_count() > 1
    ):
        yield from map(task, items)
        return
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - not loaded by a small build

    done = 0
    try:
        for result in _spread_over_workers(task, items, jobs):
            yield result
            done += 1
        return
    except (BrokenExecutor, OSError):
        # Out of memory, processes or descriptors: one process needs fewer. An error of the task is raised again.
        rest = items[done:]
    yield from map(task, rest)


def _spread_over_workers(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    chunk = max(1, min(64, len(items) // (jobs * 4)))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(task, os.getpid())) as pool:
        # Ctrl-C is sent to all processes of a terminal: the workers ignore it from the start, this one handles it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            results = pool.map(_run_task, items, chunksize=chunk)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield from results


def _begin(task: Callable[[Any], Any], parent: int) -> None:
    """Initialise a worker with its task, and make it end when its parent ends.

    Otherwise the workers of a killed build would wait for work and hold its lock (prctl(2), PR_SET_PDEATHSIG).
    """
    global _task  # noqa: PLW0603 - the pool has no other way to pass it
    import ctypes  # noqa: PLC0415 - only workers need it

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    _task = task


def _run_task(item: Any) -> Any:
    assert _task is not None
    return _task(item)
