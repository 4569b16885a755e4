"""A quick run of every scenario; `python -m tests.faults` runs them in full."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.faults.scenario import ScenarioResult, run_scenario
from tests.faults.scenarios import SCENARIOS

MAX_SCENARIO_SECONDS = 30.0


@pytest.fixture(scope="module")
def new_process() -> Iterator[Executor]:
    """Start a process for the scenarios, which fork from it.

    A fork has only one thread. In one of the process of the tests, obstore would wait forever for the threads that it
    has started there in the tests of publishing.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("name", [name for name, scenario in SCENARIOS.items() if scenario.quick])
def test_no_scenario_violates_a_guarantee(name: str, tmp_path: Path, new_process: Executor) -> None:
    result = new_process.submit(_run_quickly, name, tmp_path / name).result()
    if result.reason and not result.done:
        pytest.skip(result.reason)
    assert result.violations == ()
    assert result.done


def _run_quickly(name: str, home: Path) -> ScenarioResult:
    scenario = SCENARIOS[name]
    return run_scenario(scenario, home, 1, scenario.quick, MAX_SCENARIO_SECONDS)
