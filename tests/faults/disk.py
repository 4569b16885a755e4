"""Builds on a disk with too little room: a file system of its own, of every size up to what is enough."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.faults.letter import Letter
from tests.faults.process import preload
from tests.faults.row import UnfitError

ENOUGH = "64m"


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """Mount a file system in memory at a folder for a while."""
    place.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ENOUGH}", "tmpfs", str(place)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UnfitError(f"mounting is not permitted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def resize(place: Path, size: str) -> None:
    """Give the file system another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def of_every_size(home: Path, random: Random) -> Iterator[str]:
    """Build from nothing and after an edit, with some more kilobytes of room each time."""
    preload(home)
    place = home / "disk"
    with small_disk(place):
        letter = Letter(place)
        letter.log = home / "said.txt"
        for kind in ("cold", "edit"):
            for room in range(0, 800, 8):
                resize(place, ENOUGH)
                letter.begin(kind)
                used = sum(file.stat().st_blocks * 512 for file in place.rglob("*") if file.is_file())
                resize(place, f"{(used >> 10) + room}k")
                ended = letter.start().wait()
                resize(place, ENOUGH)
                faults = letter.judge_failed(ended)
                yield f"{kind} with {room} KB of room: {faults}" if faults else ""
