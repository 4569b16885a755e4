"""The expected output of a site in any state: that of a clean build of its files, built once for each state."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from tests.faults.site_under_test import Tree, build_clean, read_tree

NOT_INPUTS = frozenset(("output", "www", ".sitegen", ".git", "outside"))
"""Names in a site's folder that a build does not read."""
BULK_TIMEOUT_SECONDS = 150.0
"""Enough for a build of thousands of posts on a busy machine."""


class CleanBuilds:
    """Digests of the files that clean builds write, by the state of the site."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.trees: dict[bytes, Tree] = {}

    def digests_of(self, root: Path) -> Tree:
        """Return the digests of the files that a clean build of a site writes."""
        files = {}
        for path in root.iterdir():
            if path.is_dir() and path.name not in NOT_INPUTS:
                files |= {f"{path.name}/{name}": data for name, data in read_tree(path).items()}
            elif path.is_file():
                files[path.name] = path.read_bytes()
        key = digest(repr(sorted(files.items())).encode())
        if key not in self.trees:
            self.trees[key] = digests(build_clean(self.home, files, jobs=2, timeout=BULK_TIMEOUT_SECONDS))
        return self.trees[key]


def digests(tree: Mapping[str, bytes]) -> Tree:
    """Return the digests of a tree's files."""
    return {name: digest(data) for name, data in tree.items()}


def digest(data: bytes) -> bytes:
    """Return the digest of a file's bytes."""
    return blake2b(data, digest_size=16).digest()
