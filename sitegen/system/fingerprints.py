"""Fingerprints of plain values, of bytes, and of this very code."""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path

from sitegen.errors import naming
from sitegen.system.code_modules import read_modules
from sitegen.system.libraries import metadata_folders

SIZE = 16
SHORT = 8

PACKAGE = Path(__file__).parents[1]
BUILD = "sitegen.build.builder"
"""The module that makes pages, with all that it imports. No page depends on what only commands or importers import."""

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
    """Return a fingerprint of eight bytes: enough to compare a value with its former one, and small to store."""
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
def code_modules() -> Mapping[str, bytes]:
    """Return the modules that make pages, by their dotted names: those that BUILD imports, at any depth."""
    return read_modules(PACKAGE, BUILD)


@cache
def of_code() -> str:
    """Return the fingerprint of the modules that make pages, the theme's words, and the libraries of LIBRARIES.

    The libraries are known by the names of their folders of metadata, which contain the version and are found without
    loading any library.
    """
    installed = {name for name in metadata_folders() if name.lower().startswith(LIBRARIES)}
    return of_value((of_modules(code_modules(), PACKAGE), tuple(sorted(installed)), sys.version_info[:3]))


def of_modules(modules: Mapping[str, bytes], package: Path) -> str:
    """Return the fingerprint of the sources of modules, and of the words in a package's languages."""
    state = blake2b(digest_size=SIZE)
    for name, source in modules.items():
        state.update(b"%b %d\n" % (name.encode(), len(source)) + source)
    return of_value((state.hexdigest(), of_files(sorted(package.glob("i18n/*.toml")))))
