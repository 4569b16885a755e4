"""Serve a site while file-system events are lost or watches are refused."""

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
from tests.faults.clean_builds import BULK_TIMEOUT_SECONDS
from tests.faults.processes import preload
from tests.faults.scenario import UnavailableError
from tests.faults.served_site import ServingOracle, base_files, make_posts
from tests.support.serving import ServerProcess, serving
from tests.support.sites import post, write

POST_COUNT = 40
MIN_WRITES = 20_000
QUEUE_LIMIT_FILE = Path("/proc/sys/fs/inotify/max_queued_events")
USER_LIMITS = (*(("max_inotify_watches", limit) for limit in (9, 0, 1, 4, 14, 30)), ("max_inotify_instances", 0))
FAILING_CALLS = (
    *(("inotify_add_watch", "ENOSPC", f"{first}+") for first in (1, 3, 8)),
    ("/inotify_init", "EMFILE", "1+"),
)
SET_LIMIT = 'echo "$1" > "/proc/sys/user/$0" && shift && exec "$@"'

Trial = Callable[[Path, Random, ServingOracle], Iterator[str]]


def lose_events(home: Path, random: Random) -> Iterator[str]:
    """Overflow the event queue while the server is stopped; refuse watches at the start or later."""
    if sys.platform != "linux":
        raise UnavailableError("the scenario needs inotify of Linux")
    preload(home)
    oracle = ServingOracle(home, random)
    for number, name in enumerate(cycle(available_trials())):
        violations = list(available_trials()[name](home / str(number), random, oracle))
        shutil.rmtree(home / str(number), ignore_errors=True)
        oracle.clean_builds.trees.clear()
        yield f"{name}: {'; '.join(violations)}" if violations else ""


def overflow(home: Path, random: Random, oracle: ServingOracle) -> Iterator[str]:
    """Stop the server while files are written 20,000 times, and folders are created, moved and removed."""
    root = write(home / "site", dict(base_files() | make_posts(POST_COUNT, "before")))
    queue = int(QUEUE_LIMIT_FILE.read_text())
    with serving(root, "--watch", timeout=BULK_TIMEOUT_SECONDS) as server:
        (root / "content/posts/first.md").write_text(post("First", text="Watching works."))
        server.shows("/posts/first/", "Watching works.")
        os.kill(server.process.pid, signal.SIGSTOP)
        try:
            files = [root / name for name in make_posts(POST_COUNT, "")]
            for number in range(max(MIN_WRITES, queue + queue // 4)):
                file = files[number % POST_COUNT]
                file.write_text(post(file.stem, text=f"written {number}"))
            _rearrange(root, random)
        finally:
            os.kill(server.process.pid, signal.SIGCONT)
        yield from _check_after_edits(server, oracle)


def _rearrange(root: Path, random: Random) -> None:
    """Create, move and remove folders with posts."""
    posts = root / "content/posts"
    write(root, dict(make_posts(20, "new", "new/deep/er", "new")))
    (posts / "many").rename(posts / random.choice(["many-moved", "zz", "new/many"]))
    write(root, dict(make_posts(30, "in the old folder", "many", "old")))
    (posts / "many/old-3.md").unlink()


def _check_after_edits(server: ServerProcess, oracle: ServingOracle) -> Iterator[str]:
    """Check what is served now, and after edits in folders whose creation was not reported."""
    yield from oracle.check(server)
    time.sleep(oracle.random.random())
    posts = sorted((server.root / "content/posts").rglob("*.md"))
    for path in oracle.random.sample(posts, 3):
        path.write_text(post(path.stem, text=f"edited finally: {path.stem}"))
    yield from oracle.check(server)


def deny_watches(home: Path, random: Random, oracle: ServingOracle, *, before: tuple[str, ...]) -> Iterator[str]:
    """Serve where watches are refused, from the start or after some, and make the same changes as with watches."""
    root = write(home / "site", dict(base_files() | make_posts(40, "before")))
    with serving(root, "--watch", before=before, timeout=BULK_TIMEOUT_SECONDS) as server:
        for path in random.sample(sorted((root / "content/posts").rglob("*.md")), 9):
            path.write_text(post(path.stem, text="edited without an event"))
        yield from oracle.check(server)
        for number in range(30):
            write(root, dict(make_posts(2, "another", f"folder-{number}", f"new-{number}")))
        _rearrange(root, random)
        yield from _check_after_edits(server, oracle)
        if "polling all files every" not in server.output:
            yield f"it does not report that watches are refused: {server.output[-500:]}"


@cache
def available_trials() -> dict[str, Trial]:
    """Return the trials that this machine supports, by name."""
    found: dict[str, Trial] = {"overflow": overflow}
    namespace = ("unshare", "--user", "--map-root-user")
    if (
        shutil.which("unshare")
        and subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode == 0
    ):
        # A user namespace can have lower limits than the rest of the machine.
        for name, limit in USER_LIMITS:
            found[f"{name} {limit}"] = partial(
                deny_watches, before=(*namespace, "sh", "-c", SET_LIMIT, name, str(limit))
            )
    if not strace.unavailable_reason():
        for call, error, when in FAILING_CALLS:
            inject = ("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")
            found[f"{call} {when}"] = partial(
                deny_watches, before=("strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, *inject)
            )
    return found
