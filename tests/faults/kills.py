"""Builds that are killed: at a moment taken by chance, and at each call that leaves something on the disk."""

import signal
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.letter import Letter
from tests.faults.process import preload

KINDS = ("cold", "edit", "unchanged")
WRITING = ("openat", "write", "pwrite64", "rename", "mkdir", "unlink", "rmdir", "sendfile", "copy_file_range")
MANY = 70
"""So many posts are enough for a build to go about its work with two processes."""


def at_random_moments(home: Path, random: Random) -> Iterator[str]:
    """Kill, or interrupt, builds of each kind, by one process and by two."""
    preload(home)
    letters = [Letter(home / "one"), Letter(home / "two", MANY, jobs=2)]
    times: dict[tuple[int, str], float] = {}
    for number, kind in ((number, kind) for kind in KINDS for number in range(2)):
        letters[number].begin(kind)
        times[number, kind] = letters[number].start().wait().seconds
    for kind in cycle(KINDS):
        for number, letter in enumerate(letters):
            sent = signal.SIGINT if random.random() < 0.15 else signal.SIGKILL
            letter.begin(kind)
            run = letter.start()
            time.sleep(random.random() * times[number, kind])
            run.kill(sent)
            ended = run.wait()
            faults = letter.judge_broken_off()
            if sent == signal.SIGINT and (ended.code not in (0, 1, 130) or "Traceback" in ended.said):
                faults += f"; interrupted, it ends with {ended.code}: {ended.said[-2000:]}"
            yield f"{kind} with {letter.arguments[-1]} jobs, {sent.name}: {faults}" if faults else ""


def at_each_call(home: Path, random: Random) -> Iterator[str]:
    """Kill builds of each kind at the Nth open, write, rename, mkdir, unlink, for every N, in an order by chance."""
    strace.require()
    preload(home)
    letter, log = Letter(home / "one"), home / "calls.txt"
    places = []
    for kind in KINDS:
        letter.begin(kind)
        counts = strace.count_calls(letter.start(held=True), WRITING, log)
        places += [(kind, name, number) for name, count in counts.items() for number in range(1, count + 1)]
    random.shuffle(places)
    for kind, name, number in places:
        letter.begin(kind)
        strace.trace(letter.start(held=True), ["-e", f"inject={name}:signal=KILL:when={number}"], log)
        faults = letter.judge_broken_off()
        yield f"{kind}, killed at {name} {number}: {faults}" if faults else ""
