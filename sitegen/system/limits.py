"""Limit the processor time and the call depth of a block."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TimeUpError(Exception):
    """The block took longer than its limit."""


_running: list[float] = []
"""The seconds of each active time limit, the innermost last; signals are for the whole process."""

_before: list[Any] = []
"""The previous handler of the signal, once this module has set its own."""


@contextmanager
def limit(seconds: float, depth: int) -> Iterator[None]:
    """Raise TimeUpError after some seconds of processor time, RecursionError at some depth of nested calls.

    Processor time, so that the result does not depend on the load of the machine. Calls are counted from this
    one, so that the result does not depend on the caller. Time is only limited in the main thread on Unix, because
    signals can only interrupt that one; a timer that was running before continues afterwards.
    """
    recursion = sys.getrecursionlimit()
    sys.setrecursionlimit(_depth() + depth)
    try:
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return
        if not _before:  # once for all posts: setting a handler takes as long as rendering a short one
            _before.append(signal.signal(signal.SIGVTALRM, _stop))
        outer = len(_running)
        _running.append(seconds)
        # It fires again every tenth of a second, in case the first exception is lost in a finaliser.
        before = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
        try:
            try:
                yield
            finally:
                del _running[outer:]
        finally:  # reached even if the signal comes in the line above
            del _running[outer:]
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, *before)
            if before[0]:
                signal.setitimer(signal.ITIMER_VIRTUAL, max(before[0] - max(seconds - left, 0.0), 1e-6), before[1])
    finally:
        sys.setrecursionlimit(recursion)


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
