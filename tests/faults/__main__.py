"""Run the rows of the table: `python -m tests.faults [row ...] [--trials N] [--seconds S] [--seed N]`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.row import try_row
from tests.faults.table import ROWS


def tell(line: str) -> None:
    """Print a line of the table at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table of what was tried; return 1 where anything was not as it is promised."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], help="all of them by default")
    parser.add_argument("--trials", type=int, help="trials a row; what the table asks for by default")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="the most time a row may take")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    wishes = parser.parse_args()
    failed = False
    tell("| fault | trials | faults | seconds |\n|---|---:|---:|---:|")
    for name in wishes.rows or ROWS:
        row = ROWS[name]
        with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as home:
            result = try_row(row, Path(home, name), wishes.seed, wishes.trials or row.wanted, wishes.seconds)
        notes = ", ".join(filter(None, (result.reason, result.spread)))
        note = f" ({notes})" if notes else ""
        tell(f"| {row.text} | {result.done:,}{note} | {len(result.faults)} | {result.seconds:.0f} |")
        for fault in result.faults:
            sys.stderr.write(f"{name}: {fault}\n")
        failed |= bool(result.faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
