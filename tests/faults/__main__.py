"""Run scenarios of fault injection: `python -m tests.faults [SCENARIO ...] [--trials N] [--seconds S] [--seed N]`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.scenario import run_scenario
from tests.faults.scenarios import SCENARIOS


def print_row(line: str) -> None:
    """Print a row of the table without delay."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print a table of the scenarios that ran; return 1 if a guarantee was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("scenarios", nargs="*", choices=[[], *SCENARIOS], help="[default: all]")
    parser.add_argument("--trials", type=int, help="trials of a scenario [default: those of a full run]")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="maximum time of a scenario")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    options = parser.parse_args()
    failed = False
    print_row("| fault | trials | violations | seconds |\n|---|---:|---:|---:|")
    for name in options.scenarios or SCENARIOS:
        scenario = SCENARIOS[name]
        with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as home:
            trials = options.trials or scenario.full
            result = run_scenario(scenario, Path(home, name), options.seed, trials, options.seconds)
        notes = ", ".join(filter(None, (result.reason, result.percentiles)))
        note = f" ({notes})" if notes else ""
        print_row(
            f"| {scenario.description} | {result.done:,}{note} | {len(result.violations)} | {result.seconds:.0f} |"
        )
        for violation in result.violations:
            sys.stderr.write(f"{name}: {violation}\n")
        failed |= bool(result.violations)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
