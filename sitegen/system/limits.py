"""Limits on one piece of work: processor time, and depth of calls."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TimeUpError(Exception):
    """The work took longer than it may."""


_running: list[float] = []
"""The seconds of each limit of time that holds, the innermost last; a signal belongs to the whole process."""

_before: list[Any] = []
"""What handled the signal before, once it is handled here."""


@contextmanager
def limit(seconds: float, depth: int) -> Iterator[None]:
    """Raise TimeUpError after some seconds of processor time, RecursionError at some depth of nested calls.

    Processor time, because a busy machine must not change what is built; and calls are counted from
    here, because the result must not depend on who calls. Time is only limited in the main thread of
    a process on Unix, since only there a signal can interrupt; a timer that ran before runs on after.
    """
    recursion = sys.getrecursionlimit()
    sys.setrecursionlimit(_depth() + depth)
    try:
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            with _limit_time(seconds):
                yield
        else:
            yield
    finally:
        sys.setrecursionlimit(recursion)


@contextmanager
def _limit_time(seconds: float) -> Iterator[None]:
    if not _before:  # once for all texts: to set a handler takes as long as to render a short one
        _before.append(signal.signal(signal.SIGVTALRM, _stop))
    outer = len(_running)
    _running.append(seconds)
    # It fires again every tenth of a second, in case that the first exception is lost in a finaliser.
    before = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
    try:
        try:
            yield
        finally:
            del _running[outer:]
    finally:  # entered even where the signal came in the line above
        del _running[outer:]
        left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, *before)
        if before[0]:
            signal.setitimer(signal.ITIMER_VIRTUAL, max(before[0] - max(seconds - left, 0.0), 1e-6), before[1])


def _stop(number: int, frame: FrameType | None) -> None:
    if _running:
        raise TimeUpError
    if callable(_before[0]):
        _before[0](number, frame)


def _depth() -> int:
    frame: FrameType | None = sys._getframe()
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count
