"""Save files while serving: as editors do, at random intervals, and many thousands in one run."""

import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from random import Random

from tests.support.editors import SAVES
from tests.support.serving import ServerProcess, post, serving, write_site
from tests.support.soaking import Resources, listen, measure_resources, save_repeatedly
from tests.support.waiting import TIMEOUT_SECONDS

POLL_SECONDS = 0.002
"""Interval between two checks whether a save is served."""
WARM_UP_SAVES = 100
"""The number of saves after which memory must no longer grow."""
MAX_GROWTH_MB = 10.0
"""The growth of memory allowed after warm-up, for any number of saves."""
MAX_OPEN_REQUESTS = 2
"""Descriptors and threads of requests in progress."""


def save_as_editors(home: Path, random: Random) -> Iterator[str | float]:
    """Save a post as each editor does, at random intervals; yield the seconds until it is served."""
    root = write_site(home / "site")
    files = {save: root / f"content/posts/{save.__name__.replace('_', '-')}.md" for save in SAVES}
    for file in files.values():
        file.write_text(post(file.stem, f"save {0:08}."))
    with serving(root, "--watch", timeout=60) as server:
        for number, save in zip(count(1), cycle(SAVES)):
            time.sleep(random.random() * random.choice([0.005, 0.05, 0.3]))
            file, words = files[save], f"save {number:08}."
            save(file, post(file.stem, words))
            start = time.monotonic()
            try:
                server.wait(lambda: words in server.text(f"/posts/{file.stem}/"), POLL_SECONDS)  # noqa: B023
            except AssertionError as missed:
                yield f"{save.__name__}: {missed}"
            else:
                yield (
                    f"a traceback: {server.output[-2000:]}"
                    if "Traceback" in server.output
                    else time.monotonic() - start
                )


def save_continuously(home: Path, random: Random) -> Iterator[str | float]:
    """Save in every way under one server; yield the growth of its memory since warm-up, in MB."""
    with serving(write_site(home / "site"), "--watch", timeout=60) as server:
        listen(server)
        saves = save_repeatedly(server)
        baseline, growth = None, 0.0
        while True:
            try:
                number = next(saves)
            except AssertionError as missed:
                yield f"a save is not served: {missed}"
                return
            if number % WARM_UP_SAVES:
                yield growth
                continue
            baseline = baseline or measure_resources(server)
            violations, growth = _wait_for_resources(server, baseline)
            violations += [f"a traceback: {server.output[-2000:]}"] if "Traceback" in server.output else []
            yield f"after {number} saves: {'; '.join(violations)}" if violations else growth


def _wait_for_resources(server: ServerProcess, baseline: Resources) -> tuple[list[str], float]:
    """Wait until a server uses no more than the baseline; return what it exceeds in the end, and its memory in MB more.

    On a busy machine, the last requests and builds may not have ended yet.
    """
    end = time.monotonic() + TIMEOUT_SECONDS
    while True:
        current = measure_resources(server)
        growth = current.memory - baseline.memory
        violations = [f"memory grew by {growth:.1f} MB"] if growth > MAX_GROWTH_MB else []
        for name in ("descriptors", "threads"):
            increase = getattr(current, name) - getattr(baseline, name)
            violations += [f"{increase} more {name}"] if increase > MAX_OPEN_REQUESTS else []
        if not violations or time.monotonic() > end:
            return violations, growth
