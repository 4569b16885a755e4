"""Fingerprints of plain values, bytes, files, and sitegen's own code."""

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path

from sitegen.system.code_modules import read_modules
from sitegen.system.files import read_bytes, walk
from sitegen.system.libraries import metadata_folders

SIZE = 16
SHORT_BYTES = 8

NamedFingerprints = tuple[tuple[str, ...], bytes]
"""Names of values, and a short fingerprint of each in the same order."""

NO_FINGERPRINTS: NamedFingerprints = ((), b"")

PACKAGE = Path(__file__).parents[1]
BUILD = "sitegen.build.builder"
"""The module that builds pages. No page depends on modules that only commands or importers import."""

LIBRARIES = (
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
"""The libraries whose output a build caches, by the start of the names of their metadata folders."""


def of_bytes(data: bytes) -> str:
    """Return the fingerprint of some bytes: 32 hexadecimal digits of BLAKE2b (RFC 7693)."""
    return blake2b(data, digest_size=SIZE).hexdigest()


def of_value(value: object) -> str:
    """Return the fingerprint of a plain value.

    Plain values are strings, numbers, dates, None, tuples, frozen dicts, and frozen structs and dataclasses of these:
    values whose repr is complete and the same in every process.
    """
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()


def short(text: str) -> bytes:
    """Return a fingerprint of eight bytes: enough to compare a value with its last version, and small to store."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=SHORT_BYTES).digest()


def of_file(path: Path) -> str:
    """Return the fingerprint of a file's bytes, "" if it does not exist."""
    try:
        return of_bytes(read_bytes(path))
    except FileNotFoundError:
        return ""


def of_files(paths: Iterable[Path]) -> str:
    """Return the fingerprint of the bytes of some files, in the order given."""
    state = blake2b(digest_size=SIZE)
    for path in paths:
        data = read_bytes(path)
        state.update(len(data).to_bytes(8, "big") + data)
    return state.hexdigest()


@cache
def code_modules() -> Mapping[str, bytes]:
    """Return the sources of the modules that BUILD imports, at any depth, by their dotted names."""
    return read_modules(PACKAGE, BUILD)


@cache
def of_code() -> str:
    """Return the fingerprint of the modules that build pages, the data of languages, and LIBRARIES.

    The libraries are identified by the names of their metadata folders, which contain the version and are found without
    loading any library.
    """
    installed = {name for name in metadata_folders() if name.lower().startswith(LIBRARIES)}
    return of_value((of_modules(code_modules(), PACKAGE), tuple(sorted(installed)), sys.version_info[:3]))


@cache
def of_installation() -> str:
    """Return the fingerprint of all modules of sitegen, by their stamps, and of all installed libraries.

    It is faster than `of_code`, and changes more often: also with a module that builds do not import, and if a module
    is written again without a change.
    """
    modules = sorted(
        (entry.path, (stamp := entry.stat()).st_size, stamp.st_mtime_ns)
        for entry in walk(str(PACKAGE))
        if entry.name.endswith((".py", ".toml"))
    )
    return of_value((tuple(modules), tuple(sorted(metadata_folders())), sys.version_info[:3]))


def of_modules(modules: Mapping[str, bytes], package: Path) -> str:
    """Return the fingerprint of the sources of modules, and of the data of languages of a package."""
    state = blake2b(digest_size=SIZE)
    for name, source in modules.items():
        state.update(b"%b %d\n" % (name.encode(), len(source)) + source)
    folder = package / "config" / "i18n"
    names = sorted(name for name in os.listdir(folder) if name.endswith((".toml", ".tsv")))  # noqa: PTH208 - faster
    return of_value((state.hexdigest(), of_files(folder / name for name in names)))
