"""Publishing that is killed, over lines that break, and beside builds."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count, cycle
from pathlib import Path
from random import Random

from tests.faults.clean import Clean, digests
from tests.faults.letter import Letter, differences, judge_words, read_tree
from tests.faults.process import Run, killing, preload, run
from tests.support.publish_kills import (
    REFUSED,
    Files,
    Place,
    begin,
    find_place,
    finish,
    judge_broken,
    kill_publishes,
    publish,
    rewrite_site,
)
from tests.support.publish_servers import Line, serving, serving_git
from tests.support.sites import post

KINDS = tuple(
    kind
    for kind in ("s3", "git", "sftp", "webdav", "rsync", "folder", "folder-by-file")
    if kind not in ("git", "rsync") or shutil.which(kind)
)
WAYS = {"s3": ("cut", "silence", "500"), "git": ("cut", "silence"), "sftp": ("cut", "silence")}
LINES = {kind: WAYS.get(kind, WAYS["s3"]) for kind in KINDS if kind in (*WAYS, "webdav")}
MANY = 60
"""So many posts make a publish take long enough for builds to come in between."""


def beside_builds(home: Path, random: Random) -> Iterator[str]:
    """Publish while a post is edited and others build; what goes out is the site before the edit or after it."""
    preload(home)
    letter, clean = Letter(home / "one", MANY), Clean(home)
    publish = ["-C", str(letter.root), "publish", "--yes", "-j", "1"]
    lasts = run(publish, letter.log).seconds
    file, number = letter.root / "content/posts/2024-01-02-second.md", 0
    while True:
        number += 1
        _exchange(file, post(f"Second {number}", "2024-01-02", "Edited.", f"t{number % 5}"))
        allowed = [clean.of(letter.root)]
        out = Run(publish, home / "publish.txt")
        time.sleep(random.random() * lasts)
        _exchange(file, post(f"Second {number}, edited", "2024-01-02", "Edited beside.", f"t{number % 3}"))
        runs = []
        for other in range(random.randint(1, 3)):
            runs.append(Run(letter.arguments, home / f"said-{other}.txt"))
            time.sleep(random.random() * 0.05)
        with killing([out, *runs]):
            if random.random() < 0.25:
                runs[0].kill()
            faults = [fault for one in runs[1:] for fault in judge_words(one.wait())]
            runs[0].wait()
            ended = out.wait()
        faults += [f"publish ends with {ended.code}: {ended.said[-600:]}"] if ended.code or ended.hung else []
        allowed.append(clean.of(letter.root))
        there = digests(read_tree(letter.root / "www"))
        if there not in allowed:
            faults += [f"published: {fault}" for fault in differences(there, allowed[-1])][:5] or ["?"]
        for arguments in (letter.arguments, publish):
            ended = run(arguments, letter.log)
            faults += [f"the next ends with {ended.code}: {ended.said[-600:]}"] if ended.code or ended.hung else []
        wanted = clean.of(letter.root)
        for name in ("output", "www"):
            faults += [f"{name}: {fault}" for fault in differences(digests(read_tree(letter.root / name)), wanted)][:5]
        clean.known.clear()
        yield "; ".join(faults)


def killed(home: Path, random: Random) -> Iterator[str]:
    """Kill publishes to each kind of target, alone or with all that they have started."""
    with ExitStack() as stack:
        rounds = {}
        for kind in KINDS:
            port = _serve(stack, kind, home / kind) if kind in ("s3", "sftp", "webdav") else 0
            rounds[kind] = kill_publishes(find_place(kind, home / kind, port), random)
            stack.enter_context(closing(rounds[kind]))
        for kind in cycle(KINDS):
            faults = next(rounds[kind]).faults
            yield f"{kind}: {'; '.join(faults)}" if faults else ""


def by_broken_lines(home: Path, random: Random) -> Iterator[str]:
    """Publish over lines that are cut, fall silent or answer 500 after so many bytes, once or for good."""
    ways = [(kind, how) for kind, hows in LINES.items() for how in hows]
    with ExitStack() as stack:
        ports = {kind: _serve(stack, kind, home / kind) for kind in LINES}
        places = {kind: find_place(kind, home / kind, port) for kind, port in ports.items()}
        before = {kind: begin(place, random) for kind, place in places.items()}
        most = {kind: _bytes_of_a_publish(places[kind], ports[kind], random, before) for kind in LINES}
        for number, (kind, how) in zip(count(1), cycle(ways)):
            place, lasting = places[kind], random.random() < 0.5
            after = int(most[kind] * random.random())
            wanted = rewrite_site(place, random, number)
            code = _publish_by(place, Line(ports[kind], after, how, lasting=lasting))
            faults = list(judge_broken(place, before[kind], wanted))
            if code not in (0, REFUSED):
                faults.append(f"it ends with {code}")
            if code == 0:
                faults += [f"{path} is not there" for path in sorted(wanted.keys() - place.read().keys())]
            faults += finish(place, wanted)
            before[kind] = wanted
            what = f"{kind}, {how} after {after} bytes{' for good' if lasting else ''}"
            yield f"{what}: {'; '.join(faults)}" if faults else ""


def _publish_by(place: Place, line: Line) -> int:
    """Publish by a line, and return the exit code."""
    try:
        return publish(find_place(place.kind, place.root, line.port), hastily=True)
    finally:
        line.close()


def _bytes_of_a_publish(place: Place, port: int, random: Random, before: dict[str, Files]) -> int:
    """Publish over a line that holds, and return how many bytes that took."""
    before[place.kind] = rewrite_site(place, random, 0)
    line = Line(port, float("inf"), "", lasting=False)
    assert _publish_by(place, line) == 0
    return line.passed


def _serve(stack: ExitStack, kind: str, folder: Path) -> int:
    """Serve a folder `data` as a target of a kind, for as long as the stack lasts; return the port."""
    (folder / "data" / "bucket").mkdir(parents=True)
    return stack.enter_context(serving_git(folder / "data") if kind == "git" else serving(kind, folder / "data"))


def _exchange(file: Path, text: str) -> None:
    """Write a file in one step."""
    spare = file.with_name(".spare.tmp")
    spare.write_text(text)
    spare.replace(file)
