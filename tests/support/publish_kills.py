"""Publish a small site repeatedly, kill it at random moments, and let the next publish finish.

The tests run it as a program, which forks for every publish: `publish_kills.py TYPE ROUNDS FOLDER PORT`.
"""

import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from sitegen.config.schema import Config, Target
from sitegen.errors import SiteError
from sitegen.publish.registry import open_target
from sitegen.publish.targets.folder import FolderPublisher
from sitegen.publish.targets.s3 import Bucket, RetryPolicy
from sitegen.publish.transfer import Transfer
from tests.support.publish_servers import KEYS, rclone_settings
from tests.support.publishing import contents, publish_output, rewrite

BUSY = 7
REFUSED = 8
SHORT_TIMEOUTS = RetryPolicy(timeout=2, retries=2, first_pause=0.01)
"""For connections that break repeatedly."""
RCLONE_SHORT_TIMEOUTS = {
    "RETRIES": "1",
    "LOW_LEVEL_RETRIES": "2",
    "TIMEOUT": "2s",
    "CONTIMEOUT": "2s",
    "RETRIES_SLEEP": "0",
}
MAX_PUBLISH_SECONDS = 150
"""A publish that takes longer counts as hung and is killed."""
FILE_AND_FOLDER = frozenset(("x", "x/index.html"))
"""Paths that cannot exist at the same time: one is removed before the other is written."""

Files = dict[str, str]


class Round(NamedTuple):
    """An interrupted publish: whether it was killed before its end, and which guarantees it violated."""

    interrupted: bool
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetUnderTest:
    """A publish target of a type, its environment variables, and how to read the published files."""

    target_type: str
    root: Path
    settings: Target
    read: Callable[[], Files]
    environment: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    target_type, rounds, root, port = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    start = time.monotonic()
    results = list(islice(kill_publishes(find_target(target_type, root, port), random.Random(target_type)), rounds))
    for number, result in enumerate(results, 1):
        assert not result.violations, f"round {number}: {'; '.join(result.violations)}"
    seconds = (time.monotonic() - start) / rounds
    sys.stdout.write(
        f"{sum(result.interrupted for result in results)} of {rounds} killed before the end, {seconds:.2f} s each\n"
    )


def kill_publishes(target: TargetUnderTest, chance: random.Random) -> Iterator[Round]:
    """Publish, kill it at a random moment, check the published files, and let the next publish finish."""
    start = time.monotonic()
    before = publish_first_site(target, chance)
    seconds = time.monotonic() - start
    for number in count(1):
        expected = rewrite_site(target, chance, number)
        child = fork(target)
        time.sleep(chance.uniform(0, 1.3 * seconds))
        # Sometimes only the publish itself is killed, and its children continue.
        alone = number % 4 == 0
        (os.kill if alone else os.killpg)(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        # The first publish may have met a busier or a quieter machine than the next ones do.
        seconds *= 0.8 if os.WIFEXITED(status) else 1.1
        violations = [] if alone else list(check_interrupted(target, before, expected))
        if number % 3 == 0:
            expected = rewrite_site(target, chance, number + 1000)
        violations += check_next_publish(target, expected)
        before = expected
        yield Round(not os.WIFEXITED(status), tuple(violations))


def publish_first_site(target: TargetUnderTest, chance: random.Random) -> Files:
    """Publish a first site, and return its files."""
    files = rewrite_site(target, chance, 0)
    assert publish(target) == 0
    return files


def rewrite_site(target: TargetUnderTest, chance: random.Random, number: int) -> Files:
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
    rewrite(target.root / "output", files)
    return files


def check_interrupted(target: TargetUnderTest, before: Files, expected: Files) -> Iterator[str]:
    """Yield files that are neither old nor new, and files removed before all new ones were uploaded."""
    published = read_when_stable(target)
    for path in sorted((before.keys() | expected.keys()) - FILE_AND_FOLDER):
        if published.get(path) not in (before.get(path), expected.get(path)):
            yield f"{path} is neither old nor new: {published.get(path)!r}"
    removed = before.keys() - expected.keys() - published.keys() - FILE_AND_FOLDER
    late = [path for path in sorted(expected.keys() - FILE_AND_FOLDER) if published.get(path) != expected[path]]
    if removed and late:
        yield f"{min(removed)} was removed before {late[0]} was uploaded"


def read_when_stable(target: TargetUnderTest) -> Files:
    """Return the published files once two reads are equal: a server may still be handling requests."""
    last: Files | None = None
    while True:
        try:
            published = target.read()
        except FileNotFoundError:
            published = None
        if published is not None and published == last:
            return published
        last = published
        time.sleep(0.03)


def check_next_publish(target: TargetUnderTest, expected: Files) -> Iterator[str]:
    """Publish as soon as the interrupted publish has ended; yield differences from the output."""
    while (code := publish(target)) == BUSY:
        time.sleep(0.02)
    if code:
        yield f"the next publish ended with {code}"
    published = target.read()
    yield from (f"{path} is not in both" for path in sorted(published.keys() ^ expected.keys()))
    yield from (
        f"{path} differs" for path in sorted(published.keys() & expected.keys()) if published[path] != expected[path]
    )


def find_target(target_type: str, root: Path, port: int) -> TargetUnderTest:
    """Return a target of a type; servers of S3, SFTP and WebDAV serve the folder `data` at the port."""
    environment = {**os.environ, **KEYS, "GIT_CONFIG_GLOBAL": os.devnull}
    if target_type == "git":
        remote = root / "data" / "remote.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
        address = f"git://127.0.0.1:{port}/remote.git" if port else str(remote)
        settings = Target("web", "git", remote=address, identity="A <a@example.com>")
        return TargetUnderTest(target_type, root, settings, lambda: read_branch(remote), environment)
    if target_type == "s3":
        settings = Target("web", "s3", url="s3://bucket/site", endpoint=f"http://127.0.0.1:{port}")
        return TargetUnderTest(target_type, root, settings, lambda: contents(root / "data/bucket/site"), environment)
    if target_type in ("sftp", "webdav"):
        environment |= rclone_settings(target_type, port)
        settings = Target("web", "rclone", remote="site:www")
        return TargetUnderTest(target_type, root, settings, lambda: contents(root / "data/www"), environment)
    if target_type == "rsync":
        settings = Target("web", "rsync", remote=str(root / "www"))
        return TargetUnderTest(target_type, root, settings, lambda: contents(root / "www"), environment)
    return TargetUnderTest(
        target_type, root, Target("web", "folder", path="www"), lambda: contents(root / "www"), environment
    )


def read_branch(remote: Path) -> Files:
    def ask(*arguments: str) -> str:
        command = ["git", "--git-dir", str(remote), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    names = ask("ls-tree", "-r", "--name-only", "gh-pages").split()
    return {name: ask("cat-file", "blob", f"gh-pages:{name}") for name in names}


def publish(target: TargetUnderTest, *, short_timeouts: bool = False) -> int:
    """Publish in a new process, and return its exit code."""
    _, status = os.waitpid(fork(target, short_timeouts=short_timeouts), 0)
    return os.waitstatus_to_exitcode(status)


def fork(target: TargetUnderTest, *, short_timeouts: bool = False) -> int:
    """Start a publish in a new process and process group; return the process id."""
    child = os.fork()
    if child:
        os.setpgid(child, child)  # both processes set it, so that neither continues before it is set
        return child
    os.setpgid(0, 0)
    signal.alarm(MAX_PUBLISH_SECONDS)
    code = 1
    try:
        settings, root = target.settings, target.root
        haste = {f"RCLONE_{key}": value for key, value in RCLONE_SHORT_TIMEOUTS.items()} if short_timeouts else {}
        environment = {**target.environment, **haste}
        config = Config(publish=(settings,))
        opened = open_target(
            settings, config, root, root / ".sitegen", environment, lambda _seconds: None, time.time_ns
        )
        with opened as (publisher, _):
            by_file = target.target_type == "folder-by-file" and isinstance(publisher, FolderPublisher)
            if short_timeouts and target.target_type == "s3" and isinstance(publisher, Transfer):
                publisher.remote = Bucket(settings, target.environment, lambda _seconds: None, SHORT_TIMEOUTS)
            publish_output(publisher.transfer if by_file else publisher, root / "output")
        code = 0
    except SiteError as error:
        code = BUSY if "by another process" in str(error) else REFUSED
        if code == REFUSED and not short_timeouts:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
    except Exception:  # noqa: BLE001 - a forked process ends here, and says why
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
