"""What clean builds write of a site's files as they are: each state of them is built once."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from tests.faults.letter import Tree, build_clean, read_tree

NOT_INPUT = frozenset(("output", "www", ".sitegen", ".git", "outside"))
"""What lies beside a site's own files and is no input of a build."""
LONG = 150.0
"""Seconds in which a build of thousands of posts ends, on a machine that is busy with other things."""


class Clean:
    """Holds what clean builds wrote of the states of a site that were asked for, as digests of files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.known: dict[bytes, Tree] = {}

    def of(self, root: Path) -> Tree:
        """Return what a clean build writes of a site's files as they are now."""
        files = {}
        for place in root.iterdir():
            if place.is_dir() and place.name not in NOT_INPUT:
                files |= {f"{place.name}/{name}": data for name, data in read_tree(place).items()}
            elif place.is_file():
                files[place.name] = place.read_bytes()
        key = digest(repr(sorted(files.items())).encode())
        if key not in self.known:
            self.known[key] = digests(build_clean(self.home, files, jobs=2, patience=LONG))
        return self.known[key]


def digests(tree: Mapping[str, bytes]) -> Tree:
    """Return the digests of a tree's files."""
    return {name: digest(data) for name, data in tree.items()}


def digest(data: bytes) -> bytes:
    """Return the digest of a file's bytes."""
    return blake2b(data, digest_size=16).digest()
