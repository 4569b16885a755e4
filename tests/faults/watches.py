"""Events of change that are lost or not to be had, while a site is served."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import cycle
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.clean import LONG
from tests.faults.process import preload
from tests.faults.row import UnfitError
from tests.faults.served import Judge, base, many_posts
from tests.support.serving import Serving, serving
from tests.support.sites import post, write

POSTS = 40
WRITES = 20_000
QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")
LIMITS = (*(("max_inotify_watches", most) for most in (9, 0, 1, 4, 14, 30)), ("max_inotify_instances", 0))
DENIALS = (
    *(("inotify_add_watch", "ENOSPC", f"{first}+") for first in (1, 3, 8)),
    ("/inotify_init", "EMFILE", "1+"),
)
LIMIT = 'echo "$1" > "/proc/sys/user/$0" && shift && exec "$@"'

Way = Callable[[Path, Random, Judge], Iterator[str]]


def lost(home: Path, random: Random) -> Iterator[str]:
    """Stop the server, write more often than the system's queue holds; deny watches at the start or later."""
    if sys.platform != "linux":
        raise UnfitError("the system's events are those of Linux")
    preload(home)
    judge = Judge(home, random)
    for number, name in enumerate(cycle(ways())):
        faults = list(ways()[name](home / str(number), random, judge))
        shutil.rmtree(home / str(number), ignore_errors=True)
        judge.clean.known.clear()
        yield f"{name}: {'; '.join(faults)}" if faults else ""


def overflow(home: Path, random: Random, judge: Judge) -> Iterator[str]:
    """Stop the server while files are written 20,000 times, and folders come, go and are moved."""
    root = write(home / "site", dict(base() | many_posts(POSTS, "before")))
    queue = int(QUEUE.read_text())
    with serving(root, "--watch", patience=LONG) as server:
        (root / "content/posts/first.md").write_text(post("First", text="It is watched."))
        server.shows("/posts/first/", "It is watched.")
        os.kill(server.process.pid, signal.SIGSTOP)
        try:
            files = [root / name for name in many_posts(POSTS, "")]
            for number in range(max(WRITES, queue + queue // 4)):
                file = files[number % POSTS]
                file.write_text(post(file.stem, text=f"written {number}"))
            _rearrange(root, random)
        finally:
            os.kill(server.process.pid, signal.SIGCONT)
        yield from _judge(server, judge)


def _rearrange(root: Path, random: Random) -> None:
    """Make, move and remove folders, with posts in them."""
    posts = root / "content/posts"
    write(root, dict(many_posts(20, "new", "new/deep/er", "new")))
    (posts / "many").rename(posts / random.choice(["many-moved", "zz", "new/many"]))
    write(root, dict(many_posts(30, "in the old place", "many", "old")))
    (posts / "many/old-3.md").unlink()


def _judge(server: Serving, judge: Judge) -> Iterator[str]:
    """Judge what is served now, and after edits in folders that came while nobody listened."""
    yield from judge.judge(server)
    time.sleep(judge.random.random())
    posts = sorted((server.root / "content/posts").rglob("*.md"))
    for path in judge.random.sample(posts, 3):
        path.write_text(post(path.stem, text=f"edited at last: {path.stem}"))
    yield from judge.judge(server)


def denied(home: Path, random: Random, judge: Judge, *, before: tuple[str, ...]) -> Iterator[str]:
    """Serve in surroundings that give no watches, or no more after some; go on as if there were."""
    root = write(home / "site", dict(base() | many_posts(40, "before")))
    with serving(root, "--watch", before=before, patience=LONG) as server:
        for path in random.sample(sorted((root / "content/posts").rglob("*.md")), 9):
            path.write_text(post(path.stem, text="edited where nothing tells of it"))
        yield from judge.judge(server)
        for number in range(30):
            write(root, dict(many_posts(2, "another", f"folder-{number}", f"new-{number}")))
        _rearrange(root, random)
        yield from _judge(server, judge)
        if "polling all files every" not in server.said:
            yield f"it does not say that there are no watches: {server.said[-500:]}"


@cache
def ways() -> dict[str, Way]:
    """Return the trials that this machine permits, by name."""
    found: dict[str, Way] = {"overflow": overflow}
    spaces = ("unshare", "--user", "--map-root-user")
    if shutil.which("unshare") and subprocess.run([*spaces, "true"], check=False, capture_output=True).returncode == 0:
        # In a namespace of its own a process may be given fewer than the others on the machine.
        for name, most in LIMITS:
            found[f"{name} {most}"] = partial(denied, before=(*spaces, "sh", "-c", LIMIT, name, str(most)))
    if not strace.why_not():
        for call, error, when in DENIALS:
            inject = ("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")
            found[f"{call} {when}"] = partial(
                denied, before=("strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, *inject)
            )
    return found
