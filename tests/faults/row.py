"""A row of the table: a kind of fault, as trials without end, each of which says what went wrong."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

Trials = Callable[[Path, Random], Iterator[str]]
"""Yields for each trial in an empty folder an empty string, or what was not as it is promised."""


class UnfitError(Exception):
    """The machine cannot do what a row needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of fault: its name, what it is in words, how many trials make up the whole, and how many a quick run."""

    name: str
    text: str
    wanted: int
    quick: int
    trials: Trials


@dataclass(frozen=True, slots=True)
class Result:
    """What a row came to."""

    row: Row
    done: int
    faults: tuple[str, ...]
    seconds: float
    reason: str = ""


def try_row(row: Row, home: Path, seed: int, most: int, seconds: float) -> Result:
    """Run trials of a row until there are `most`, the time is up, or there are no others."""
    start = time.monotonic()
    done, faults, reason = 0, [], ""
    home.mkdir(parents=True)
    trials = row.trials(home, Random(seed))
    try:
        while done < most and time.monotonic() - start < seconds:
            fault = next(trials, None)
            if fault is None:
                reason = "all there are"
                break
            done += 1
            if fault:
                faults.append(fault)
    except UnfitError as unfit:
        reason = str(unfit)
    return Result(row, done, tuple(faults), time.monotonic() - start, reason)
