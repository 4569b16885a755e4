"""Build the same site with other hash seeds, time zones, locales, folders, umasks, jobs and orders of files."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.site_under_test import compare_trees, read_tree, remove, site_files
from tests.support.sites import write

CHECKOUT = Path(__file__).parents[2]
POST_COUNT = 70


def build_in_environments(home: Path, random: Random) -> Iterator[str]:
    """Build one site in new processes, each with another environment, and compare all outputs."""
    files = site_files(1, POST_COUNT)
    first: dict[str, bytes] | None = None
    while True:
        name = random.choice(["a", "sp ace", "ünïcode-\u65e5\u672c", "x" * 80, "per%20cent", "a&b", "quo'te"])
        root = home / name / str(random.randrange(1000))
        order = list(files.items())
        random.shuffle(order)
        write(root, dict(order))
        environment = {
            "PYTHONHASHSEED": str(random.randrange(10_000)),
            "TZ": random.choice(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "nonsense"]),
            "LANG": random.choice(["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.eucJP"]),
            "LC_ALL": random.choice(["C", "POSIX", "C.UTF-8", "tr_TR.UTF-8"]),
            "PYTHONPATH": str(CHECKOUT),
            "PATH": os.environ["PATH"],
            "COLUMNS": random.choice(["20", "80", "400"]),
        }
        umask = random.choice([0o022, 0o077, 0o002, 0o000])
        done = subprocess.run(
            [sys.executable, "-m", "sitegen", "-C", str(root), "build", "-j", str(random.randint(1, 3))],
            check=False,
            capture_output=True,
            env=environment,
            umask=umask,
            cwd=random.choice(["/", str(home), str(root)]),
            stdin=subprocess.DEVNULL,
        )
        after = read_tree(root / "output")
        first = first or after
        violations = (
            [] if done.returncode == 0 else [f"it ends with {done.returncode}: {done.stderr.decode(errors='replace')}"]
        )
        violations += compare_trees(after, first)
        remove(root)
        yield f"{environment}, {name}: {'; '.join(violations)}" if violations else ""
