"""Spreads independent work over processes."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ENOUGH = 64
"""With fewer items a pool costs more than it saves: two forked workers start in some 20 ms."""


class Parcel:
    """A dataclass that travels between processes as its fields in order, in a third of the time of its own way.

    Its `__slots__` are the fields, as `dataclass(slots=True)` makes them.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


_task: Callable[[Any], Any] | None = None


def available_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """Yield `task(item)` for each item, in order, computed by up to `jobs` processes.

    The workers are forked, so that the task and all that it reaches need not be pickled; only the
    items and the results travel. Where forking is not safe, all is done in this process; so is what
    is left when a worker cannot be started, or is killed: a task may be done again, and must bear it.
    """
    import threading  # noqa: PLC0415 - spares an unchanged build the import

    # A fork copies only the calling thread: locks that others hold would stay locked for ever.
    if jobs < 2 or len(items) < ENOUGH or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(task, items)
        return
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - spares a build that does little the import

    done = 0
    try:
        for result in _spread_over_workers(task, items, jobs):
            yield result
            done += 1
        return
    except (BrokenExecutor, OSError):
        # Short of memory, processes or descriptors: one process needs fewer. An error of the task is raised again.
        rest = items[done:]
    yield from map(task, rest)


def _spread_over_workers(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    chunk = max(1, min(64, len(items) // (jobs * 4)))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(task, os.getpid())) as pool:
        # Ctrl-C reaches all processes of a terminal: the workers leave it to this one, from their first moment.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            results = pool.map(_run_task, items, chunksize=chunk)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield from results


def _begin(task: Callable[[Any], Any], parent: int) -> None:
    """Make ready a worker: it has one task for all its life, and ends with its parent, however that ends.

    Else the workers of a killed build would wait for ever for work, and hold its lock (prctl(2), PR_SET_PDEATHSIG).
    """
    global _task  # noqa: PLW0603 - there is no caller to hold it
    import ctypes  # noqa: PLC0415 - only workers need it

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    _task = task


def _run_task(item: Any) -> Any:
    assert _task is not None
    return _task(item)
