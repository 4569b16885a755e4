"""Compare what `serve` answers after changes with clean builds."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.clean_builds import BULK_TIMEOUT_SECONDS, CleanBuilds, digest, digests
from tests.faults.site_under_test import CONFIG, Tree, compare_trees, read_tree
from tests.support.serving import ServerProcess
from tests.support.sites import post

REQUESTED_URLS = 25
"""The number of URLs that are requested after each change."""
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false", "-c", "gc.auto=0")


def make_posts(post_count: int, body: str, folder: str = "many", name: str = "post") -> Tree:
    """Return the files of a number of posts."""
    return {
        f"content/posts/{folder}/{name}-{number}.md": post(
            f"{name} {number}", f"20{number % 20:02}-03-04", f"{body} {number}", f"t{number % 9}"
        ).encode()
        for number in range(post_count)
    }


def base_files() -> Tree:
    """Return the files of a site that never change."""
    return {
        "sitegen.toml": CONFIG.format("Bulk").encode(),
        "content/posts/first.md": post("First", text="The first.").encode(),
        "content/pages/about.md": b"---\ntitle: About\n---\n\nWho we are.\n",
    }


def run_git(root: Path, *arguments: str) -> None:
    """Run git in a site's folder."""
    subprocess.run([*GIT, "-C", str(root), *arguments], check=True, capture_output=True)


class ServingOracle:
    """The oracle for a served site: its output and responses must equal a clean build of its files."""

    def __init__(self, home: Path, random: Random) -> None:
        self.clean_builds, self.random = CleanBuilds(home), random

    def check(self, server: ServerProcess, timeout: float = BULK_TIMEOUT_SECONDS) -> Iterator[str]:
        """Yield differences from a clean build that remain after the timeout."""
        expected = self.clean_builds.digests_of(server.root)
        end = time.monotonic() + timeout
        while (violations := list(compare_trees(_read_digests(server.root), expected))) and time.monotonic() < end:
            time.sleep(0.1)
        yield from violations[:5]
        names = self.random.sample(sorted(expected), min(REQUESTED_URLS, len(expected)))
        removed = sorted({name for tree in self.clean_builds.trees.values() for name in tree} - expected.keys())
        for name in [*names, *self.random.sample(removed, min(REQUESTED_URLS, len(removed)))]:
            status, _, body = server.request(f"/{name}")
            if (status == 200) != (name in expected):
                yield f"/{name} has the status {status}"
            elif name in expected and name.endswith((".xml", ".json")) and digest(body) != expected[name]:
                yield f"/{name} is served with wrong bytes"
        if server.process.poll() is not None:
            yield f"the server ended: {server.output[-2000:]}"
        elif "Traceback" in server.output:
            yield f"it prints a traceback: {server.output[-2000:]}"


def _read_digests(root: Path) -> Tree:
    """Return the digests of the output's files, or none if it changes while it is read."""
    try:
        return digests(read_tree(root / "output"))
    except OSError:
        return {}
