"""Limits on one piece of work: processor time, and depth of calls."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeUpError(Exception):
    """The work took longer than it may."""


@contextmanager
def limit(seconds: float, depth: int) -> Iterator[None]:
    """Raise TimeUpError after so many seconds of processor time, RecursionError at so many nested calls.

    Processor time, because a busy machine must not change what is built; and calls are counted from
    here, because the result must not depend on who calls. Time is only limited in the main thread of
    a process on Unix, since only there a signal can interrupt; a timer that ran before runs on after.
    """
    recursion = sys.getrecursionlimit()
    sys.setrecursionlimit(_depth() + depth)
    timed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    try:
        if not timed:
            yield
            return
        handler = signal.signal(signal.SIGVTALRM, _stop)
        # It fires again every tenth of a second, in case that the first exception is lost in a finaliser.
        before = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
        try:
            yield
        finally:
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, *before)
            if before[0]:
                signal.setitimer(signal.ITIMER_VIRTUAL, max(before[0] - seconds + left, 1e-6), before[1])
            signal.signal(signal.SIGVTALRM, handler)
    finally:
        sys.setrecursionlimit(recursion)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TimeUpError


def _depth() -> int:
    frame: FrameType | None = sys._getframe()
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count
