"""Measure how many small changes of the code the tests of the same package notice (mutation testing, by mutmut).

    python -m tests.mutation ledger feeds publish     # packages or modules below sitegen/
    python -m tests.mutation                          # the packages of PACKAGES

It works on a copy of the checkout in a temporary folder. For each package, only the tests in the folder of the same
name run. `tests/mutation_survivors.txt` lists survivors that no test can notice, one in each line:
`module.function: number: reason`. Prints the other survivors, and exits with 1 if fewer than MIN_SHARE are killed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SURVIVORS = Path(__file__).with_name("mutation_survivors.txt")
PACKAGES = ("build", "content", "ledger", "site", "feeds", "publish", "serve")
MIN_SHARE = 0.85
CONFIG = """
[tool.mutmut]
source_paths = ["sitegen/{package}"]
pytest_add_cli_args_test_selection = ["tests/{package}"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not slow"]
also_copy = {copies}
"""


@dataclass(frozen=True, slots=True)
class Result:
    """The mutants of a package: how many the tests killed, and the names of those that survived."""

    killed: int
    survivors: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of mutants that the tests killed."""
        return self.killed / max(1, self.killed + len(self.survivors))


def read_reasons(text: str) -> dict[str, str]:
    """Return the reasons why mutants may survive, by the mutants' names."""
    rows = (line.split(": ", 2) for line in text.splitlines() if line and not line.startswith("#"))
    return {f"{function}__mutmut_{number}": reason for function, number, reason in rows}


def mutate(package: str, folder: Path, processes: int) -> Result:
    """Run mutmut for a package in a copy of the checkout; CalledProcessError if it does not run."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    names = listed.stdout.splitlines()
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    copies = sorted({name.split("/")[0] for name in names} - {"pyproject.toml"})
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as config:
        config.write(CONFIG.format(package=package, copies=json.dumps(copies)))
    mutmut = [sys.executable, "-m", "mutmut"]
    with (folder / "mutmut.log").open("w") as log:
        subprocess.run([*mutmut, "run", "--max-children", str(processes)], cwd=folder, stdout=log, check=True)
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=folder, check=True, capture_output=True)
    counts = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text("utf-8"))
    results = subprocess.run([*mutmut, "results"], cwd=folder, check=True, capture_output=True, text=True)
    survivors = [line.strip().partition(": ")[0] for line in results.stdout.splitlines() if line.strip()]
    return Result(counts["killed"] + counts["timeout"] + counts["segfault"], tuple(survivors))


def main() -> int:
    """Mutate the packages that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    reasons = read_reasons(SURVIVORS.read_text("utf-8"))
    failed = False
    for package in options.packages:
        with TemporaryDirectory() as folder:
            result = mutate(package, Path(folder), options.processes)
        unknown = [name for name in result.survivors if name not in reasons]
        counted = Result(result.killed, tuple(unknown))
        lines = [f"{package}: {result.killed} killed, {len(unknown)} survived, {counted.share:.1%}"]
        sys.stdout.writelines(f"{line}\n" for line in (*lines, *(f"    {name}" for name in unknown)))
        failed |= counted.share < MIN_SHARE
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
