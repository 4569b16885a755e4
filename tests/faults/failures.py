"""Calls that fail: for want of room, of rights, of descriptors, or since the disk is broken."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.kills import KINDS
from tests.faults.letter import Letter
from tests.faults.process import preload

ERRORS = {
    "ENOSPC": ("openat", "mkdir", "write", "pwrite64", "rename", "sendfile", "copy_file_range", "ftruncate"),
    "EIO": ("openat", "read", "pread64", "write", "pwrite64", "rename", "unlink", "getdents64", "mkdir", "sendfile"),
    "EACCES": ("openat", "mkdir", "rename", "unlink", "rmdir", "newfstatat"),
    "EMFILE": ("openat",),
}


def at_each_call(home: Path, random: Random) -> Iterator[str]:
    """Make the Nth call fail, once or from then on, for every N and each error that the call may give."""
    strace.require()
    preload(home)
    letter, log = Letter(home / "one"), home / "calls.txt"
    names = sorted({name for group in ERRORS.values() for name in group})
    places = []
    for kind in KINDS:
        letter.begin(kind)
        counts = strace.count_calls(letter.start(held=True), names, log)
        for error, group in ERRORS.items():
            places += [
                (kind, error, name, f"{number}{lasting}")
                for name in group
                for number in range(1, counts[name] + 1)
                for lasting in ("", "+")
            ]
    random.shuffle(places)
    for kind, error, name, when in places:
        letter.begin(kind)
        options = ["-e", f"inject={name}:error={error}:when={when}"]
        ended = strace.trace(letter.start(held=True), options, log)
        faults = letter.judge_failed(ended)
        yield f"{kind}, {error} at {name} {when}: {faults}" if faults else ""
