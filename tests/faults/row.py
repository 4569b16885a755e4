"""A row of the table: a kind of fault, as trials without end, each of which says what went wrong."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

Trials = Callable[[Path, Random], Iterator[str | float]]
"""A generator over an empty folder that yields for each trial what was not as it is promised.

Where nothing was it yields an empty string, or a figure of the trial, such as the seconds that it took.
"""


class UnfitError(Exception):
    """The machine cannot do what a row needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of fault: its name, what it is in words, how many trials make up the whole, and how many a quick run.

    `quick` is 0 where another test is the quick run; `unit` is that of the trials' figures, "" where they have none.
    """

    name: str
    text: str
    wanted: int
    quick: int
    trials: Trials
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a row came to."""

    row: Row
    done: int
    faults: tuple[str, ...]
    seconds: float
    reason: str = ""
    figures: tuple[float, ...] = ()

    @property
    def spread(self) -> str:
        """The median, the 95th percentile and the greatest of the figures, "" without any."""
        if not self.figures:
            return ""
        row = sorted(self.figures)
        half, most = row[len(row) // 2], row[len(row) * 95 // 100]
        return f"p50 {half:.3g}, p95 {most:.3g}, max {row[-1]:.3g} {self.row.unit}"


def try_row(row: Row, home: Path, seed: int, most: int, seconds: float) -> Result:
    """Run trials of a row until there are `most`, the time is up, or there are no others."""
    start = time.monotonic()
    done, faults, figures, reason = 0, [], [], ""
    home.mkdir(parents=True)
    with contextlib.closing(row.trials(home, Random(seed))) as trials:
        try:
            while done < most and time.monotonic() - start < seconds:
                outcome = next(trials, None)
                if outcome is None:
                    reason = "all there are"
                    break
                done += 1
                if isinstance(outcome, float):
                    figures.append(outcome)
                elif outcome:
                    faults.append(outcome)
        except UnfitError as unfit:
            reason = str(unfit)
    return Result(row, done, tuple(faults), time.monotonic() - start, reason, tuple(figures))
