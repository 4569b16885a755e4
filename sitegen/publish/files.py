"""The files to publish: each with its local path, its fingerprint and its size."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sitegen.system.fingerprints import of_file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to publish: its local path, its fingerprint, and its size in bytes."""

    location: str
    digest: str
    size: int

    @property
    def path(self) -> Path:
        """The local path. Most publishes need it for few files, and objects for all would take long."""
        return Path(self.location)


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
    copy: Path | None = None,
    copied: Collection[str] = frozenset(),
) -> Shipment:
    """Return the files of an output folder as a shipment, in the order of their paths.

    Files whose fingerprint is in `fingerprints` are not read. The `copied` files will be sent from the folder `copy`.
    """
    folder = str(output)
    other = folder if copy is None else str(copy)
    files = {
        path: read_source_file(f"{other if path in copied else folder}/{path}", fingerprints.get(path, ""))
        for path in sorted(paths)
    }
    return Shipment(files, frozenset(listings))


def read_source_file(location: str, fingerprint: str = "") -> SourceFile:
    """Return a local file to publish, which is read if its fingerprint is unknown."""
    return SourceFile(location, fingerprint or of_file(Path(location)), os.stat(location).st_size)  # noqa: PTH116 - thousands of times
