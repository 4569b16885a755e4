"""Measure how many small changes of the code the tests of the same package notice (mutation testing, by mutmut).

    python -m tests.mutation ledger feeds publish     # packages or modules below sitegen/
    python -m tests.mutation                          # the packages of PACKAGES
    python -m tests.mutation --sample 150 publish     # 150 mutants of the package, chosen at random by a fixed seed
    python -m tests.mutation build --ignore tests/build/test_incremental.py    # without a test module that takes long

It works on a copy of the checkout in a temporary folder. For each package, only the tests in the folder of the same
name run. `tests/mutation_survivors.txt` lists survivors that no test can notice, one in each line:
`module.function: number: reason`; they are not counted. Prints the other survivors with what mutmut changed, and
exits with 1 if fewer than MIN_SHARE are killed. For a sample, it also prints the 95 % confidence interval.
"""

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[1]
SURVIVORS = Path(__file__).with_name("mutation_survivors.txt")
PACKAGES = ("build", "content", "site", "feeds", "publish", "serve")
MIN_SHARE = 0.85
KILLED = frozenset({"killed", "timeout", "segfault"})
LOG_CHARACTERS = 4_000
MUTMUT = (sys.executable, "-m", "mutmut")
CONFIG = """
[tool.mutmut]
source_paths = ["sitegen/{package}"]
pytest_add_cli_args_test_selection = ["tests/{package}"]
pytest_add_cli_args = {options}
also_copy = {copies}
"""
COMMAND_SETUP = """import os
if os.environ.get("MUTANT_UNDER_TEST") == "stats":
    os.environ["MUTANT_UNDER_TEST"] = ""
"""
"""Run by Python at the start of each command of a test: mutmut cannot record calls there, and would raise an error."""
PYTEST_OPTIONS = ("-p", "no:cacheprovider", "-p", "tests.mutation", "-m", "not slow")


@dataclass(frozen=True, slots=True)
class Result:
    """The mutants that were tested: how many the tests killed, and what survived: the change by the mutant's name."""

    killed: int
    survivors: dict[str, str]

    @property
    def tested(self) -> int:
        """The number of mutants that were tested."""
        return self.killed + len(self.survivors)

    @property
    def share(self) -> float:
        """The share of mutants that the tests killed."""
        return self.killed / max(1, self.tested)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the share, if the mutants are a sample (Wilson 1927)."""
        size, z = max(1, self.tested), 1.96
        middle = self.share + z * z / (2 * size)
        reach = z * math.sqrt(self.share * (1 - self.share) / size + z * z / (4 * size * size))
        return (middle - reach) / (1 + z * z / size), (middle + reach) / (1 + z * z / size)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fastest modules first (a hook of pytest): most mutants are killed before a slow one is due."""
    statistics = Path("mutmut-stats.json")
    if statistics.is_file():
        seconds = json.loads(statistics.read_text("utf-8"))["duration_by_test"]
        modules: Counter[Path] = Counter()
        for item in items:
            modules[item.path] += seconds.get(item.nodeid, 0)
        items.sort(key=lambda item: modules[item.path])


def read_reasons(text: str) -> dict[str, str]:
    """Return the reasons why mutants may survive, by the mutants' names."""
    rows = (line.split(": ", 2) for line in text.splitlines() if line and not line.startswith("#"))
    return {f"{function}__mutmut_{number}": reason for function, number, reason in rows}


def choose_sample(names: Sequence[str], size: int, seed: int) -> list[str]:
    """Return `size` of the names, or all if there are fewer: the same ones for the same names and seed."""
    return sorted(random.Random(seed).sample(sorted(names), min(size, len(names))))


def read_statuses(text: str) -> dict[str, str]:
    """Return the status of each mutant by its name, from what `mutmut results` prints."""
    rows = (line.strip().partition(": ") for line in text.splitlines() if line.strip())
    return {name: status for name, _, status in rows}


def mutate(
    package: str,
    folder: Path,
    processes: int,
    choose: Callable[[list[str]], list[str]],
    ignored: Sequence[str] = (),
) -> tuple[Result, int]:
    """Test the mutants that `choose` returns, in a copy of the checkout; return the result and the number of mutants.

    The test modules that are `ignored` do not run.
    Raises RuntimeError with the end of mutmut's output if it fails: often a test that fails without a mutant.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    # Python would not find the mutants in a folder that is created later, nor mutmut after it has copied the originals.
    (folder / "mutants").mkdir()
    (folder / "mutants" / "sitecustomize.py").write_text(COMMAND_SETUP)
    parts = {tuple(name.split("/")[: 2 if name.startswith("sitegen/") else 1]) for name in names}
    copies = sorted({"/".join(part) for part in parts} - {"pyproject.toml", f"sitegen/{package}"})
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as config:
        options = json.dumps([*PYTEST_OPTIONS, *(f"--ignore={path}" for path in ignored)])
        config.write(CONFIG.format(package=package, options=options, copies=json.dumps(copies)))
    # A run for no mutant creates all of them and records which tests call which function, then fails.
    _run_mutmut(folder, processes, ["none"], check=False)
    mutants = list(_read_results(folder))
    chosen = choose(mutants)
    _run_mutmut(folder, processes, chosen, check=True)
    statuses = _read_results(folder)
    survivors = {name: _show(name, folder) for name in chosen if statuses[name] not in KILLED}
    return Result(len(chosen) - len(survivors), survivors), len(mutants)


def _run_mutmut(folder: Path, processes: int, mutants: list[str], *, check: bool) -> None:
    # A command that a test starts imports the mutant as well, not the code that is installed.
    environment = {**os.environ, "PYTHONPATH": str(folder / "mutants")}
    command = [*MUTMUT, "run", "--max-children", str(processes), *mutants]
    log = folder / "mutmut.log"
    with log.open("a") as output:
        ended = subprocess.run(command, cwd=folder, env=environment, stdout=output, stderr=output, check=False)
    if check and ended.returncode:
        raise RuntimeError(f"mutmut failed:\n{log.read_text('utf-8', 'replace')[-LOG_CHARACTERS:]}")


def _read_results(folder: Path) -> dict[str, str]:
    command = [*MUTMUT, "results", "--all", "true"]
    results = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return read_statuses(results.stdout)


def _show(mutant: str, folder: Path) -> str:
    shown = subprocess.run([*MUTMUT, "show", mutant], cwd=folder, check=True, capture_output=True, text=True)
    return "\n".join(line for line in shown.stdout.splitlines() if line.startswith(("#", "-", "+")))


def main() -> int:
    """Mutate the packages that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sample", type=int, metavar="N", help="Test N mutants of each package.")
    parser.add_argument("--seed", type=int, default=1, help="Choose another sample. [default: 1]")
    parser.add_argument("--ignore", action="append", default=[], metavar="PATH", help="Do not run a test module.")
    options = parser.parse_args()
    reasons = read_reasons(SURVIVORS.read_text("utf-8"))
    failed = False
    for package in options.packages:
        choose = partial(choose_sample, size=options.sample, seed=options.seed) if options.sample else list
        with TemporaryDirectory() as folder:
            result, number = mutate(package, Path(folder), options.processes, choose, options.ignore)
        unknown = {name: change for name, change in result.survivors.items() if name not in reasons}
        counted = Result(result.killed, unknown)
        line = f"{package}: {counted.killed} of {counted.tested} killed, {counted.share:.1%}"
        if options.sample:
            low, high = counted.interval
            line += f" ({low:.1%} to {high:.1%} with 95 % confidence: a sample of {number} mutants)"
        sys.stdout.writelines(f"{text}\n" for text in (line, *unknown.values()))
        sys.stdout.flush()
        failed |= counted.share < MIN_SHARE
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
