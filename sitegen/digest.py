"""Fingerprints of plain values, of bytes, and of this very code."""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SIZE = 16


def of_bytes(data: bytes) -> str:
    """Return the fingerprint of some bytes: 32 hexadecimal digits of BLAKE2b (RFC 7693)."""
    return blake2b(data, digest_size=SIZE).hexdigest()


def of_value(value: object) -> str:
    """Return the fingerprint of a plain value.

    Plain are strings, numbers, dates, None, tuples, frozen dicts and frozen dataclasses of these:
    values whose repr says all that they hold, and says it the same way in every process.
    """
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()


def of_files(paths: Iterable[Path]) -> str:
    """Return the fingerprint of the bytes of some files, in the order given."""
    state = blake2b(digest_size=SIZE)
    for path in paths:
        data = path.read_bytes()
        state.update(len(data).to_bytes(8, "big") + data)
    return state.hexdigest()


@cache
def of_code() -> str:
    """Return the fingerprint of sitegen's own modules and of the libraries whose output it keeps."""
    import sys  # noqa: PLC0415 - only a build asks for this

    libraries = ("feedgen", "jinja2", "markdown", "nh3", "pygments", "pyromark", "python-frontmatter", "pyyaml")
    modules = sorted(Path(__file__).parent.rglob("*.py"))
    return of_value((of_files(modules), tuple(map(_version, libraries)), sys.version_info[:3]))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
