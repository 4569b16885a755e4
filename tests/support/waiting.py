"""Waiting for something that another thread or process does."""

import time
from collections.abc import Callable
from typing import Any

TIMEOUT_SECONDS = 60.0
"""On a busy machine, everything takes longer: only what never happens fails a test."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as a condition is true; raise AssertionError after TIMEOUT_SECONDS."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.01)


def wait_for_script(page: Any, expression: str, argument: object = None) -> None:
    """Return as soon as a JavaScript expression is true in a page, or in a frame, with a Content-Security-Policy.

    Playwright's `wait_for_function` evaluates text in the page, which such a policy blocks if the first try is false.
    """
    wait_until(lambda: page.evaluate(expression, argument))
