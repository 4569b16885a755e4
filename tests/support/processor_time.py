"""Processor time, measured so that a busy machine fails no test.

Only this thread counts, since threads that earlier tests have left behind would be measured too. Other programs make
a single measurement longer, never shorter, so the least of several is compared.
"""

import math
import time
from collections.abc import Callable

TURNS = 5


def measure_seconds(run: Callable[[], object]) -> float:
    """Return the seconds of processor time that a function takes in this thread."""
    start = time.thread_time()
    run()
    return time.thread_time() - start


def takes_less(run: Callable[[], object], seconds: float) -> bool:
    """Return whether a function takes less than some seconds in at least one of several turns."""
    return any(measure_seconds(run) < seconds for _ in range(TURNS))


def find_growth(short: Callable[[], float], long: Callable[[], float], growth: float) -> tuple[float, float] | None:
    """Return the least seconds that two functions measure, or None if the second is at most `growth` times the first.

    They are called in turns: one turn after which the least are in proportion ends the search.
    """
    least_short = least_long = math.inf
    for _ in range(TURNS):
        least_short, least_long = min(least_short, short()), min(least_long, long())
        if least_long <= growth * least_short:
            return None
    return least_short, least_long
