"""Fingerprints of plain values, of bytes, and of this very code."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

from sitegen.errors import naming

SIZE = 16
SHORT = 8

LIBRARIES = (
    "babel",
    "feedgen",
    "jinja2",
    "lxml",
    "markdown",
    "markupsafe",
    "msgspec",
    "nh3",
    "pillow",
    "pygments",
    "pyromark",
    "python_frontmatter",
    "pyyaml",
)
"""The libraries whose output a build keeps, as the folders of their metadata begin."""


def of_bytes(data: bytes) -> str:
    """Return the fingerprint of some bytes: 32 hexadecimal digits of BLAKE2b (RFC 7693)."""
    return blake2b(data, digest_size=SIZE).hexdigest()


def of_value(value: object) -> str:
    """Return the fingerprint of a plain value.

    Plain are strings, numbers, dates, None, tuples, frozen dicts and frozen dataclasses of these:
    values whose repr says all that they hold, and says it the same way in every process.
    """
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()


def short(text: str) -> bytes:
    """Return a fingerprint of eight bytes: enough to tell a value from its former one, and small to keep."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=SHORT).digest()


def of_file(path: Path) -> str:
    """Return the fingerprint of a file's bytes, "" where there is no such file."""
    try:
        with naming(path):
            return of_bytes(path.read_bytes())
    except FileNotFoundError:
        return ""


def of_files(paths: Iterable[Path]) -> str:
    """Return the fingerprint of the bytes of some files, in the order given."""
    state = blake2b(digest_size=SIZE)
    for path in paths:
        with naming(path):
            data = path.read_bytes()
        state.update(len(data).to_bytes(8, "big") + data)
    return state.hexdigest()


@cache
def of_code() -> str:
    """Return the fingerprint of sitegen's own modules and words, and of the libraries whose output it keeps.

    Libraries are told by the names of their folders of metadata, which hold the version and are
    found without loading any of them.
    """
    package = Path(__file__).parents[1]
    modules = sorted((*package.rglob("*.py"), *package.glob("i18n/*.toml")))
    installed = {
        name
        for folder in sys.path
        if folder.endswith("-packages")
        for name in os.listdir(folder)  # noqa: PTH208 - a path object for each name would double the cost
        if name.endswith(".dist-info") and name.lower().startswith(LIBRARIES)
    }
    return of_value((of_files(modules), tuple(sorted(installed)), sys.version_info[:3]))
