"""Print which share of the lines and branches of `sitegen/` the tests ran, from the data that `.ci/run` collects.

    python -m tests.tools.coverage_report FOLDER

FOLDER has one data file for each process that ran. Prints the total and each file below LOW_PERCENT with the lines
that no test ran, and exits with 1 if the total is below MIN_PERCENT.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MIN_PERCENT = 95.0
LOW_PERCENT = 90.0


def format_report(report: Mapping[str, Any]) -> list[str]:
    """Return the lines to print for a report of coverage (`coverage json`): files below LOW_PERCENT, then the total."""
    files = {name: file for name, file in report["files"].items() if _percent_of(file["summary"]) < LOW_PERCENT}
    lines = [
        f"{_percent_of(file['summary']):5.1f} %  {name}: {join_ranges(file['missing_lines'])}"
        for name, file in sorted(files.items(), key=lambda item: (_percent_of(item[1]["summary"]), item[0]))
    ]
    return [*lines, f"{_percent_of(report['totals']):5.1f} %  of all lines and branches (at least {MIN_PERCENT:.0f} %)"]


def is_enough(report: Mapping[str, Any]) -> bool:
    """Return whether the total is at least MIN_PERCENT."""
    return _percent_of(report["totals"]) >= MIN_PERCENT


def join_ranges(lines: list[int]) -> str:
    """Return ascending line numbers with runs joined: `3, 7-9`."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _percent_of(summary: Mapping[str, Any]) -> float:
    return float(summary["percent_covered"])


def main() -> int:
    """Combine the data of all processes and print the report; return the exit code."""
    folder = Path(sys.argv[1]).resolve()
    data, report = folder / ".coverage", folder / "coverage.json"
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet", f"--data-file={data}", folder], cwd=ROOT, check=True)
    # Tests run copies of the package too, which must not count.
    options = ["--quiet", "--include=sitegen/*", f"--data-file={data}", "-o", str(report)]
    subprocess.run([*coverage, "json", *options], cwd=ROOT, check=True)
    found = json.loads(report.read_text("utf-8"))
    sys.stdout.writelines(f"{line}\n" for line in format_report(found))
    return 0 if is_enough(found) else 1


if __name__ == "__main__":
    sys.exit(main())
