"""Publishes a small site again and again, kills it at random moments, and lets the next publish finish.

Run by the tests as a program of its own, which forks for every publish: `publish_kills.py KIND ROUNDS FOLDER PORT`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from sitegen.config.schema import Config, Target
from sitegen.errors import SiteError
from sitegen.publish.registry import open_target
from sitegen.publish.targets.folder import FolderPublisher
from sitegen.publish.targets.s3 import Bucket, Patience
from sitegen.publish.transfer import Transfer
from tests.support.publish_servers import KEYS, rclone_settings
from tests.support.publishing import bring, contents, rewrite

BUSY = 7
REFUSED = 8
HASTE = Patience(timeout=2, retries=2, first_pause=0.01)
"""For lines that break again and again."""
HASTY = {"RETRIES": "1", "LOW_LEVEL_RETRIES": "2", "TIMEOUT": "2s", "CONTIMEOUT": "2s", "RETRIES_SLEEP": "0"}
LONGEST = 150
"""A publish that takes so many seconds hangs, and is killed."""
CLASHING = frozenset(("x", "x/index.html"))
"""A file and a folder in one place: the one goes before the other can come."""

Files = dict[str, str]


class Round(NamedTuple):
    """How a publish was broken off: whether before its end, and what was not as it is promised."""

    broken: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A target of a kind, the variables that lead to it, and how to read what is there."""

    kind: str
    root: Path
    target: Target
    read: Callable[[], Files]
    environment: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    kind, rounds, root, port = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    start = time.monotonic()
    told = list(islice(kill_publishes(find_place(kind, root, port), random.Random(kind)), rounds))
    for number, one in enumerate(told, 1):
        assert not one.faults, f"round {number}: {'; '.join(one.faults)}"
    lasts = (time.monotonic() - start) / rounds
    sys.stdout.write(f"{sum(one.broken for one in told)} of {rounds} killed before the end, {lasts:.2f} s each\n")


def kill_publishes(place: Place, chance: random.Random) -> Iterator[Round]:
    """Publish, kill that at any moment, look at what is there, and let the next publish finish."""
    start = time.monotonic()
    before = begin(place, chance)
    lasts = time.monotonic() - start
    for number in count(1):
        wanted = rewrite_site(place, chance, number)
        child = fork(place)
        time.sleep(chance.uniform(0, 1.3 * lasts))
        # Now and then only the publish itself dies, and what it has started runs on.
        alone = number % 4 == 0
        (os.kill if alone else os.killpg)(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        faults = [] if alone else list(judge_broken(place, before, wanted))
        if number % 3 == 0:
            wanted = rewrite_site(place, chance, number + 1000)
        faults += finish(place, wanted)
        before = wanted
        yield Round(not os.WIFEXITED(status), tuple(faults))


def begin(place: Place, chance: random.Random) -> Files:
    """Publish a first site, and return its files."""
    files = rewrite_site(place, chance, 0)
    assert publish(place) == 0
    return files


def rewrite_site(place: Place, chance: random.Random, number: int) -> Files:
    """Write another site into the output folder, and return its files."""
    pages = {f"posts/{chance.randrange(30)}/index.html": f"<p>{number}" for _ in range(12)}
    odd = {"x": "a file"} if number % 2 else {"x/index.html": "in a folder"}
    files = {
        "index.html": f"<p>{number}",
        f"assets/style.{number:08x}.css": "p{}",
        "feed.xml": "<rss/>",
        **pages,
        **odd,
    }
    rewrite(place.root / "output", files)
    return files


def judge_broken(place: Place, before: Files, wanted: Files) -> Iterator[str]:
    """Yield what is neither old nor new there, and what was removed before all that is new had come."""
    there = read_settled(place)
    for path in sorted((before.keys() | wanted.keys()) - CLASHING):
        if there.get(path) not in (before.get(path), wanted.get(path)):
            yield f"{path} is neither old nor new: {there.get(path)!r}"
    removed = before.keys() - wanted.keys() - there.keys() - CLASHING
    late = [path for path in sorted(wanted.keys() - CLASHING) if there.get(path) != wanted[path]]
    if removed and late:
        yield f"{min(removed)} was removed before {late[0]} came"


def read_settled(place: Place) -> Files:
    """Return the files there once two looks are alike: a server may still be at what it was told."""
    last: Files | None = None
    while True:
        try:
            there = place.read()
        except FileNotFoundError:
            there = None
        if there is not None and there == last:
            return there
        last = there
        time.sleep(0.03)


def finish(place: Place, wanted: Files) -> Iterator[str]:
    """Publish as soon as what was broken off has ended altogether; yield where the files there are not ours."""
    while (code := publish(place)) == BUSY:
        time.sleep(0.02)
    if code:
        yield f"the next publish ended with {code}"
    there = place.read()
    yield from (f"{path} is not the output's" for path in sorted(there.keys() ^ wanted.keys()))
    yield from (f"{path} is another" for path in sorted(there.keys() & wanted.keys()) if there[path] != wanted[path])


def find_place(kind: str, root: Path, port: int) -> Place:
    """Return the place of a kind; servers of S3, SFTP and WebDAV show the folder `data` at the port."""
    environment = {**os.environ, **KEYS, "GIT_CONFIG_GLOBAL": os.devnull}
    if kind == "git":
        remote = root / "data" / "remote.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
        address = f"git://127.0.0.1:{port}/remote.git" if port else str(remote)
        target = Target("web", "git", remote=address, identity="A <a@example.com>")
        return Place(kind, root, target, lambda: read_branch(remote), environment)
    if kind == "s3":
        target = Target("web", "s3", url="s3://bucket/site", endpoint=f"http://127.0.0.1:{port}")
        return Place(kind, root, target, lambda: contents(root / "data/bucket/site"), environment)
    if kind in ("sftp", "webdav"):
        environment |= rclone_settings(kind, port)
        target = Target("web", "rclone", remote="site:www")
        return Place(kind, root, target, lambda: contents(root / "data/www"), environment)
    if kind == "rsync":
        target = Target("web", "rsync", remote=str(root / "www"))
        return Place(kind, root, target, lambda: contents(root / "www"), environment)
    return Place(kind, root, Target("web", "folder", path="www"), lambda: contents(root / "www"), environment)


def read_branch(remote: Path) -> Files:
    def ask(*arguments: str) -> str:
        command = ["git", "--git-dir", str(remote), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    names = ask("ls-tree", "-r", "--name-only", "gh-pages").split()
    return {name: ask("cat-file", "blob", f"gh-pages:{name}") for name in names}


def publish(place: Place, *, hastily: bool = False) -> int:
    """Publish in a process of its own, and return its exit code."""
    _, status = os.waitpid(fork(place, hastily=hastily), 0)
    return os.waitstatus_to_exitcode(status)


def fork(place: Place, *, hastily: bool = False) -> int:
    """Begin a publish in a process of its own, and a group of its own; return its number."""
    child = os.fork()
    if child:
        os.setpgid(child, child)  # both sides say it, so that it is so for both from here on
        return child
    os.setpgid(0, 0)
    signal.alarm(LONGEST)
    code = 1
    try:
        target, root = place.target, place.root
        haste = {f"RCLONE_{key}": value for key, value in HASTY.items()} if hastily else {}
        environment = {**place.environment, **haste}
        opened = open_target(target, Config(), root, root / ".sitegen", environment, lambda _seconds: None)
        with opened as (publisher, _):
            by_file = place.kind == "folder-by-file" and isinstance(publisher, FolderPublisher)
            if hastily and place.kind == "s3" and isinstance(publisher, Transfer):
                publisher.remote = Bucket(target, place.environment, lambda _seconds: None, HASTE)
            bring(publisher.transfer if by_file else publisher, root / "output")
        code = 0
    except SiteError as error:
        code = BUSY if "by another process" in str(error) else REFUSED
        if code == REFUSED and not hastily:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
