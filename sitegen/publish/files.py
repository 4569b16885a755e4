"""What is to be published: every file with its place on this machine, its fingerprint and its size."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen.system.fingerprints import of_file


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to publish: its local path, its fingerprint, and its size in bytes."""

    place: Path
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """All files to publish, by the path that each gets there; `listings` are the pages that list others."""

    files: Mapping[str, Parcel]
    listings: frozenset[str] = frozenset()

    @property
    def digests(self) -> dict[str, str]:
        """The fingerprint of each file, by its path."""
        return {path: parcel.digest for path, parcel in self.files.items()}

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each file in bytes, by its path."""
        return {path: parcel.size for path, parcel in self.files.items()}


def pack(output: Path, paths: Iterable[str], listings: Collection[str] = ()) -> Shipment:
    """Return the files of an output folder as a shipment, in the order of their paths."""
    files = {path: parcel_of(output / path) for path in sorted(paths)}
    return Shipment(files, frozenset(listings))


def parcel_of(place: Path) -> Parcel:
    """Return a file of this machine as a parcel."""
    return Parcel(place, of_file(place), place.stat().st_size)
