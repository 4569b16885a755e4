"""A quick run of every scenario; `python -m tests.faults` runs them in full."""

from pathlib import Path

import pytest

from tests.faults.scenario import run_scenario
from tests.faults.scenarios import SCENARIOS

MAX_SCENARIO_SECONDS = 30.0


@pytest.mark.parametrize("name", [name for name, scenario in SCENARIOS.items() if scenario.quick])
def test_no_scenario_violates_a_guarantee(name: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    result = run_scenario(scenario, tmp_path / name, 1, scenario.quick, MAX_SCENARIO_SECONDS)
    if result.reason and not result.done:
        pytest.skip(result.reason)
    assert result.violations == ()
    assert result.done
