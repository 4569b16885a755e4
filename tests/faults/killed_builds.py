"""Kill builds at random moments, and at each call that changes the disk."""

import signal
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.processes import preload
from tests.faults.site_under_test import SiteUnderTest

BUILD_TYPES = ("cold", "edit", "unchanged")
WRITING_CALLS = ("openat", "write", "pwrite64", "rename", "mkdir", "unlink", "rmdir", "sendfile", "copy_file_range")
PARALLEL_POSTS = 70
"""Enough posts for a build to use two processes."""


def kill_at_random_moments(home: Path, random: Random) -> Iterator[str]:
    """Kill or interrupt builds of each type, with one process and with two."""
    preload(home)
    sites = [SiteUnderTest(home / "one"), SiteUnderTest(home / "two", PARALLEL_POSTS, jobs=2)]
    times: dict[tuple[int, str], float] = {}
    for number, build_type in ((number, build_type) for build_type in BUILD_TYPES for number in range(2)):
        sites[number].prepare(build_type)
        times[number, build_type] = sites[number].start().wait().seconds
    for build_type in cycle(BUILD_TYPES):
        for number, site in enumerate(sites):
            sent = signal.SIGINT if random.random() < 0.15 else signal.SIGKILL
            site.prepare(build_type)
            run = site.start()
            time.sleep(random.random() * times[number, build_type])
            run.kill(sent)
            result = run.wait()
            violations = site.check_interrupted()
            if sent == signal.SIGINT and (result.code not in (0, 1, 130) or "Traceback" in result.output):
                violations += f"; interrupted, it ends with {result.code}: {result.output[-2000:]}"
            yield f"{build_type} with {site.arguments[-1]} jobs, {sent.name}: {violations}" if violations else ""


def kill_at_each_call(home: Path, random: Random) -> Iterator[str]:
    """Kill builds of each type at the Nth open, write, rename, mkdir, unlink, for every N, in random order."""
    strace.require()
    preload(home)
    site, log = SiteUnderTest(home / "one"), home / "calls.txt"
    cases = []
    for build_type in BUILD_TYPES:
        site.prepare(build_type)
        counts = strace.count_calls(site.start(paused=True), WRITING_CALLS, log)
        cases += [(build_type, name, number) for name, count in counts.items() for number in range(1, count + 1)]
    random.shuffle(cases)
    for build_type, name, number in cases:
        site.prepare(build_type)
        strace.trace(site.start(paused=True), ["-e", f"inject={name}:signal=KILL:when={number}"], log)
        violations = site.check_interrupted()
        yield f"{build_type}, killed at {name} {number}: {violations}" if violations else ""
