"""Waiting for something that another thread or process does."""

import time
from collections.abc import Callable

TIMEOUT_SECONDS = 60.0
"""On a busy machine, everything takes longer: only what never happens fails a test."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as a condition is true; raise AssertionError after TIMEOUT_SECONDS."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.01)
