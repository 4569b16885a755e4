"""Run several builds at once, some of them killed, and read the output during builds."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from tests.faults.processes import preload
from tests.faults.site_under_test import SiteUnderTest


def run_builds_at_once(home: Path, random: Random) -> Iterator[str]:
    """Start two to four builds of different types at nearly the same time; sometimes kill one of them."""
    preload(home)
    site = SiteUnderTest(home / "one")
    while True:
        site.prepare(random.choice(["cold", "edit", "edit", "unchanged"]))
        logs, runs = [], []
        for number in range(random.randint(2, 4)):
            site.log = home / f"log-{number}.txt"
            runs.append(site.start())
            logs.append(site.log)
            time.sleep(random.random() * 0.1)
        victim = random.choice(runs) if random.random() < 0.3 else None
        if victim is not None:
            victim.kill()
        violations = []
        for run in runs:
            result = run.wait()
            if run is not victim and (result.code or "Traceback" in result.output):
                violations.append(f"a build ends with {result.code}: {result.output[-600:]}")
            if result.hung:
                violations.append("a build hangs")
        violations += site.check_clean() if victim is None else site.check_old_or_new()
        yield "; ".join([*violations, *site.check_next_build(), *site.check_sources()])


def _read_until_asked(folder: str, allowed: dict[str, set[bytes | None]], pipe: Connection) -> None:
    """Read all files in a loop as a web server would, until asked for the number of reads and the incomplete files."""
    reads, incomplete = 0, []
    while not pipe.poll():
        for name, versions in allowed.items():
            try:
                data: bytes | None = Path(folder, name).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                data = None
            reads += 1
            if data not in versions:
                incomplete.append(
                    f"output/{name}: {'missing' if data is None else f'{len(data)} bytes, neither old nor new'}"
                )
    pipe.send((reads, incomplete[:5]))


def read_during_builds(home: Path, random: Random) -> Iterator[str]:
    """Read the output files during builds; each read is a trial."""
    preload(home)
    site = SiteUnderTest(home / "one")
    context = multiprocessing.get_context("fork")
    names = site.clean_outputs[0].keys() | site.clean_outputs[1].keys()
    allowed = {name: {tree.get(name) for tree in site.clean_outputs} for name in names}
    while True:
        here, there = context.Pipe()
        reader = context.Process(target=_read_until_asked, args=(str(site.output), allowed, there))
        reader.start()
        violations = []
        try:
            for _ in range(6):
                site.prepare("edit")
                result = site.start().wait()
                if result.code:
                    violations.append(f"a build ends with {result.code}: {result.output}")
        finally:
            here.send("enough")
            reads, incomplete = here.recv()
            reader.join()
        violations += [*incomplete, *site.check_clean()]
        yield "; ".join(violations)
        for _ in range(reads - 1):
            yield ""
