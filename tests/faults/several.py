"""Several builds at once, killed ones among them, and a reader that looks all the while."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from tests.faults.letter import Letter
from tests.faults.process import preload


def builds_at_once(home: Path, random: Random) -> Iterator[str]:
    """Begin two to four builds of different kinds nearly at once; kill one of them now and then."""
    preload(home)
    letter = Letter(home / "one")
    while True:
        letter.begin(random.choice(["cold", "edit", "edit", "unchanged"]))
        logs, runs = [], []
        for number in range(random.randint(2, 4)):
            letter.log = home / f"said-{number}.txt"
            runs.append(letter.start())
            logs.append(letter.log)
            time.sleep(random.random() * 0.1)
        victim = random.choice(runs) if random.random() < 0.3 else None
        if victim is not None:
            victim.kill()
        faults = []
        for run in runs:
            ended = run.wait()
            if run is not victim and (ended.code or "Traceback" in ended.said):
                faults.append(f"a build ends with {ended.code}: {ended.said[-600:]}")
            if ended.hung:
                faults.append("a build hangs")
        faults += letter.judge_equal() if victim is None else letter.judge_files()
        yield "; ".join([*faults, *letter.judge_next(), *letter.judge_sources()])


def _read_on(folder: str, allowed: dict[str, set[bytes | None]], pipe: Connection) -> None:
    """Read all files again and again as a web server would; tell of what was read and what was torn, when asked."""
    reads, torn = 0, []
    while not pipe.poll():
        for name, versions in allowed.items():
            try:
                data: bytes | None = Path(folder, name).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                data = None
            reads += 1
            if data not in versions:
                torn.append(f"output/{name}: {'missing' if data is None else f'{len(data)} bytes, torn'}")
    pipe.send((reads, torn[:5]))


def read_meanwhile(home: Path, random: Random) -> Iterator[str]:
    """Read all of the output while it is built again and again; each read is a trial."""
    preload(home)
    letter = Letter(home / "one")
    context = multiprocessing.get_context("fork")
    names = letter.clean[0].keys() | letter.clean[1].keys()
    allowed = {name: {tree.get(name) for tree in letter.clean} for name in names}
    while True:
        here, there = context.Pipe()
        reader = context.Process(target=_read_on, args=(str(letter.output), allowed, there))
        reader.start()
        faults = []
        try:
            for _ in range(6):
                letter.begin("edit")
                ended = letter.start().wait()
                if ended.code:
                    faults.append(f"a build ends with {ended.code}: {ended.said}")
        finally:
            here.send("enough")
            reads, torn = here.recv()
            reader.join()
        faults += [*torn, *letter.judge_equal()]
        yield "; ".join(faults)
        for _ in range(reads - 1):
            yield ""
