"""Kill publishing, break its connections, and run it during builds."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count, cycle
from pathlib import Path
from random import Random

from tests.faults.clean_builds import CleanBuilds, digests
from tests.faults.processes import Run, killing, preload, run
from tests.faults.site_under_test import SiteUnderTest, check_message, compare_trees, read_tree
from tests.support.publish_kills import (
    REFUSED,
    Files,
    TargetUnderTest,
    check_interrupted,
    check_next_publish,
    find_target,
    kill_publishes,
    publish,
    publish_first_site,
    rewrite_site,
)
from tests.support.publish_servers import BreakingConnection, serving, serving_git
from tests.support.sites import post

TARGET_TYPES = tuple(
    target_type
    for target_type in ("s3", "git", "sftp", "webdav", "rsync", "folder", "folder-by-file")
    if target_type not in ("git", "rsync") or shutil.which(target_type)
)
FAULTS_BY_TYPE = {"s3": ("cut", "silence", "500"), "git": ("cut", "silence"), "sftp": ("cut", "silence")}
CONNECTION_FAULTS = {
    target_type: FAULTS_BY_TYPE.get(target_type, FAULTS_BY_TYPE["s3"])
    for target_type in TARGET_TYPES
    if target_type in (*FAULTS_BY_TYPE, "webdav")
}
POST_COUNT = 60
"""Enough posts for builds to run during a publish."""


def publish_during_builds(home: Path, random: Random) -> Iterator[str]:
    """Publish during edits and builds; the published site must be that before or after the edit."""
    preload(home)
    site, clean_builds = SiteUnderTest(home / "one", POST_COUNT), CleanBuilds(home)
    publish = ["-C", str(site.root), "publish", "--yes", "-j", "1"]
    seconds = run(publish, site.log).seconds
    file, number = site.root / "content/posts/2024-01-02-second.md", 0
    while True:
        number += 1
        _replace_text(file, post(f"Second {number}", "2024-01-02", "Edited.", f"t{number % 5}"))
        allowed = [clean_builds.digests_of(site.root)]
        publishing = Run(publish, home / "publish.txt")
        time.sleep(random.random() * seconds)
        _replace_text(file, post(f"Second {number}, edited", "2024-01-02", "Edited meanwhile.", f"t{number % 3}"))
        runs = []
        for other in range(random.randint(1, 3)):
            runs.append(Run(site.arguments, home / f"log-{other}.txt"))
            time.sleep(random.random() * 0.05)
        with killing([publishing, *runs]):
            if random.random() < 0.25:
                runs[0].kill()
            violations = [violation for one in runs[1:] for violation in check_message(one.wait())]
            runs[0].wait()
            result = publishing.wait()
        violations += [f"publish ends with {result.code}: {result.output[-600:]}"] if result.code or result.hung else []
        allowed.append(clean_builds.digests_of(site.root))
        published = digests(read_tree(site.root / "www"))
        if published not in allowed:
            violations += [f"published: {violation}" for violation in compare_trees(published, allowed[-1])][:5] or [
                "?"
            ]
        for arguments in (site.arguments, publish):
            result = run(arguments, site.log)
            violations += (
                [f"the next ends with {result.code}: {result.output[-600:]}"] if result.code or result.hung else []
            )
        expected = clean_builds.digests_of(site.root)
        for name in ("output", "www"):
            violations += [
                f"{name}: {violation}" for violation in compare_trees(digests(read_tree(site.root / name)), expected)
            ][:5]
        clean_builds.trees.clear()
        yield "; ".join(violations)


def kill_publishing(home: Path, random: Random) -> Iterator[str]:
    """Kill publishes to each type of target, alone or with their children."""
    with ExitStack() as stack:
        rounds = {}
        for target_type in TARGET_TYPES:
            port = _serve(stack, target_type, home / target_type) if target_type in ("s3", "sftp", "webdav") else 0
            rounds[target_type] = kill_publishes(find_target(target_type, home / target_type, port), random)
            stack.enter_context(closing(rounds[target_type]))
        for target_type in cycle(TARGET_TYPES):
            violations = next(rounds[target_type]).violations
            yield f"{target_type}: {'; '.join(violations)}" if violations else ""


def publish_over_broken_connections(home: Path, random: Random) -> Iterator[str]:
    """Publish over connections that are cut, silent or answer 500 after a number of bytes, once or permanently."""
    cases = [(target_type, fault) for target_type, faults in CONNECTION_FAULTS.items() for fault in faults]
    with ExitStack() as stack:
        ports = {target_type: _serve(stack, target_type, home / target_type) for target_type in CONNECTION_FAULTS}
        targets = {
            target_type: find_target(target_type, home / target_type, port) for target_type, port in ports.items()
        }
        before = {target_type: publish_first_site(target, random) for target_type, target in targets.items()}
        sizes = {
            target_type: _measure_publish(targets[target_type], ports[target_type], random, before)
            for target_type in CONNECTION_FAULTS
        }
        for number, (target_type, fault) in zip(count(1), cycle(cases)):
            target, permanent = targets[target_type], random.random() < 0.5
            after = int(sizes[target_type] * random.random())
            expected = rewrite_site(target, random, number)
            code = _publish_over(target, BreakingConnection(ports[target_type], after, fault, permanent=permanent))
            violations = list(check_interrupted(target, before[target_type], expected))
            if code not in (0, REFUSED):
                violations.append(f"it ends with {code}")
            if code == 0:
                violations += [f"{path} is missing" for path in sorted(expected.keys() - target.read().keys())]
            violations += check_next_publish(target, expected)
            before[target_type] = expected
            case = f"{target_type}, {fault} after {after} bytes{' permanently' if permanent else ''}"
            yield f"{case}: {'; '.join(violations)}" if violations else ""


def _publish_over(target: TargetUnderTest, connection: BreakingConnection, *, short_timeouts: bool = True) -> int:
    """Publish over a connection, and return the exit code."""
    try:
        return publish(find_target(target.target_type, target.root, connection.port), short_timeouts=short_timeouts)
    finally:
        connection.close()


def _measure_publish(target: TargetUnderTest, port: int, random: Random, before: dict[str, Files]) -> int:
    """Publish over a working connection, and return how many bytes were transferred."""
    before[target.target_type] = rewrite_site(target, random, 0)
    connection = BreakingConnection(port, float("inf"), "", permanent=False)
    assert _publish_over(target, connection, short_timeouts=False) == 0  # a busy machine may take its time
    return connection.passed


def _serve(stack: ExitStack, target_type: str, folder: Path) -> int:
    """Serve a folder `data` as a type of target until the stack closes; return the port."""
    (folder / "data" / "bucket").mkdir(parents=True)
    return stack.enter_context(
        serving_git(folder / "data") if target_type == "git" else serving(target_type, folder / "data")
    )


def _replace_text(file: Path, text: str) -> None:
    """Replace a file atomically."""
    spare = file.with_name(".spare.tmp")
    spare.write_text(text)
    spare.replace(file)
