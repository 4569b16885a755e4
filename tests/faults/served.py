"""A site that is served and watched while its files change in bulk, and the judge of what is served then."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.clean import LONG, Clean, digest, digests
from tests.faults.letter import CONFIG, Tree, differences, read_tree
from tests.support.serving import Serving
from tests.support.sites import post

ASKED = 25
"""So many addresses are asked for after each change."""
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false", "-c", "gc.auto=0")


def many_posts(many: int, words: str, folder: str = "many", name: str = "post") -> Tree:
    """Return the files of many posts."""
    return {
        f"content/posts/{folder}/{name}-{number}.md": post(
            f"{name} {number}", f"20{number % 20:02}-03-04", f"{words} {number}", f"t{number % 9}"
        ).encode()
        for number in range(many)
    }


def base() -> Tree:
    """Return the files of a site that stay as they are."""
    return {
        "sitegen.toml": CONFIG.format("Bulk").encode(),
        "content/posts/first.md": post("First", text="The first.").encode(),
        "content/pages/about.md": b"---\ntitle: About\n---\n\nWho we are.\n",
    }


def git(root: Path, *arguments: str) -> None:
    """Run git in a site's folder."""
    subprocess.run([*GIT, "-C", str(root), *arguments], check=True, capture_output=True)


class Judge:
    """Holds what clean builds write of the states of a site that is served."""

    def __init__(self, home: Path, random: Random) -> None:
        self.clean, self.random = Clean(home), random

    def judge(self, server: Serving, patience: float = LONG) -> Iterator[str]:
        """Yield what is not as a clean build's once all has been served that there is to serve."""
        wanted = self.clean.of(server.root)
        end = time.monotonic() + patience
        while (faults := list(differences(_read_settled(server.root), wanted))) and time.monotonic() < end:
            time.sleep(0.1)
        yield from faults[:5]
        names = self.random.sample(sorted(wanted), min(ASKED, len(wanted)))
        gone = sorted({name for tree in self.clean.known.values() for name in tree} - wanted.keys())
        for name in [*names, *self.random.sample(gone, min(ASKED, len(gone)))]:
            status, _, body = server.request(f"/{name}")
            if (status == 200) != (name in wanted):
                yield f"/{name} is answered with {status}"
            elif name in wanted and name.endswith((".xml", ".json")) and digest(body) != wanted[name]:
                yield f"/{name} is served with other bytes"
        if server.process.poll() is not None:
            yield f"the server ended: {server.said[-2000:]}"
        elif "Traceback" in server.said:
            yield f"it shows a traceback: {server.said[-2000:]}"


def _read_settled(root: Path) -> Tree:
    """Return the digests of the output's files; none where it changes under the eyes of who reads it."""
    try:
        return digests(read_tree(root / "output"))
    except OSError:
        return {}
