"""Pause Python's cyclic garbage collector during a build."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Before it exits, Python searches all objects for cycles, although their memory ends with the process. Frozen objects
# are not searched.
atexit.register(gc.freeze)


@contextmanager
def collector_paused(*, until_exit: bool = False) -> Iterator[None]:
    """Pause the collector: a build creates a million objects and few cycles, and each collection visits them all.

    With `until_exit`, for commands after which the process ends, the objects that are left are not visited either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if until_exit:
                # Move all objects to the oldest generation: otherwise the next new object would make the collector
                # visit them at once. A server must not do this, or the cycles of its builds would remain.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
