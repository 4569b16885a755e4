"""Pause Python's cyclic garbage collector during a build."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Before it exits, Python searches all objects for cycles, although their memory ends with the process. Frozen objects
# are not searched.
atexit.register(gc.freeze)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector: a build creates a million objects and no cycles, and each collection visits them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Move all objects to the oldest generation: otherwise the next new object would make the collector visit
            # them at once.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
