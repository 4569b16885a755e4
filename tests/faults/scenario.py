"""Run a scenario of fault injection: a type of fault, as a generator of trials that report violated guarantees."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

Trials = Callable[[Path, Random], Iterator[str | float]]
"""A generator over an empty folder that yields for each trial which guarantee it violated.

If it violated none, it yields an empty string, or a measurement of the trial, such as its seconds.
"""


class UnavailableError(Exception):
    """The machine lacks something that a scenario needs; the message says what."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A type of fault, with the number of trials of a full run and of a quick run.

    `quick` is 0 if another test is the quick run; `unit` is that of the trials' measurements, "" if they have none.
    """

    name: str
    description: str
    full: int
    quick: int
    trials: Trials
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """The result of a scenario: the trials that ran, and the guarantees that they violated."""

    scenario: Scenario
    done: int
    violations: tuple[str, ...]
    seconds: float
    reason: str = ""
    measurements: tuple[float, ...] = ()

    @property
    def percentiles(self) -> str:
        """The median, the 95th percentile and the maximum of the measurements, "" without any."""
        if not self.measurements:
            return ""
        values = sorted(self.measurements)
        median, high = values[len(values) // 2], values[len(values) * 95 // 100]
        return f"p50 {median:.3g}, p95 {high:.3g}, max {values[-1]:.3g} {self.scenario.unit}"


def run_scenario(scenario: Scenario, home: Path, seed: int, max_trials: int, max_seconds: float) -> ScenarioResult:
    """Run trials until there were `max_trials`, the time is up, or the scenario has no others."""
    start = time.monotonic()
    done, violations, measurements, reason = 0, [], [], ""
    home.mkdir(parents=True)
    with contextlib.closing(scenario.trials(home, Random(seed))) as trials:
        try:
            while done < max_trials and time.monotonic() - start < max_seconds:
                outcome = next(trials, None)
                if outcome is None:
                    reason = "all cases"
                    break
                done += 1
                if isinstance(outcome, float):
                    measurements.append(outcome)
                elif outcome:
                    violations.append(outcome)
        except UnavailableError as unavailable:
            reason = str(unavailable)
    return ScenarioResult(scenario, done, tuple(violations), time.monotonic() - start, reason, tuple(measurements))
