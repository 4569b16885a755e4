"""The manifest: a text file with the paths that sitegen wrote into an output folder, independent of the build cache."""

from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from sitegen.errors import naming
from sitegen.system import fingerprints
from sitegen.system.atomic_write import write_atomically
from sitegen.system.paths import find_outside, is_inside


def manifest_of(work: Path, output: str) -> Path:
    """Return the path of the manifest of an output folder, which `resolve_output` names, in the work folder."""
    return work / f"written-{fingerprints.of_value(output)[:8]}.txt"


def read_manifest(manifest: Path) -> set[str]:
    """Return the paths that a manifest lists, without damaged lines and paths outside of the output folder."""
    try:
        with naming(manifest):
            lines = manifest.read_bytes().split(b"\n")
    except FileNotFoundError:
        return set()
    paths = set()
    for line in lines:
        check, _, path = line.partition(b" ")
        if path and _check_sum(path) == check:
            with suppress(UnicodeDecodeError):
                paths.add(path.decode())
    return {path for path in paths if is_inside(path)} if find_outside(paths) is not None else paths


def write_manifest(manifest: Path, paths: Iterable[str]) -> None:
    """Write a manifest of paths atomically."""
    lines = bytearray()  # joining rows would take three times the memory
    for path in sorted(paths):
        row = path.encode()
        lines += _check_sum(row) + b" " + row + b"\n"
    write_atomically(manifest, lines)


def _check_sum(path: bytes) -> bytes:
    return blake2b(path, digest_size=4).hexdigest().encode()
