"""Spreads independent work over processes."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ENOUGH = 64
"""Below so many items a pool costs more than it brings: two forked workers start in some 20 ms."""

_task: Callable[[Any], Any] | None = None


def available_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """Yield `task(item)` for each item, in order, computed by up to `jobs` processes.

    The workers are forked, so that the task and all that it reaches need not be pickled; only the
    items and the results travel. Where forking is not safe, all is done in this process.
    """
    import threading  # noqa: PLC0415 - spares an unchanged build the import

    # A fork copies only the calling thread: locks that others hold would stay locked for ever.
    if jobs < 2 or len(items) < ENOUGH or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(task, items)
        return
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    chunk = max(1, min(64, len(items) // (jobs * 4)))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_set_task, initargs=(task,)) as pool:
        yield from pool.map(_run_task, items, chunksize=chunk)


def _set_task(task: Callable[[Any], Any]) -> None:
    global _task  # noqa: PLW0603 - a worker has one task for all its life, and no caller to hold it
    _task = task


def _run_task(item: Any) -> Any:
    assert _task is not None
    return _task(item)
