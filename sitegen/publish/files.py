"""The files to publish: each with its local path, its fingerprint and its size."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sitegen.system.fingerprints import of_file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to publish: its local path, its fingerprint, and its size in bytes."""

    path: Path
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """All files to publish, by the path that each gets there; `listings` are the pages that list others."""

    files: Mapping[str, SourceFile]
    listings: frozenset[str] = frozenset()

    @property
    def digests(self) -> dict[str, str]:
        """The fingerprint of each file, by its path."""
        return {path: file.digest for path, file in self.files.items()}

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each file in bytes, by its path."""
        return {path: file.size for path, file in self.files.items()}


def pack(
    output: Path,
    paths: Iterable[str],
    listings: Collection[str] = (),
    fingerprints: Mapping[str, str] = MappingProxyType({}),
) -> Shipment:
    """Return the files of an output folder as a shipment, in the order of their paths.

    Files whose fingerprint is in `fingerprints` are not read.
    """
    files = {path: read_source_file(output / path, fingerprints.get(path, "")) for path in sorted(paths)}
    return Shipment(files, frozenset(listings))


def read_source_file(path: Path, fingerprint: str = "") -> SourceFile:
    """Return a local file to publish, which is read if its fingerprint is unknown."""
    return SourceFile(path, fingerprint or of_file(path), path.stat().st_size)
