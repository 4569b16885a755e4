"""Compressed copies of a site's text files, for servers that send them to clients that accept them."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sitegen import install_hint
from sitegen.errors import Problem, SiteError
from sitegen.formats.mime_types import TEXTS, ending
from sitegen.publish.files import Parcel, Shipment, parcel_of
from sitegen.system.atomic_write import write_atomically
from sitegen.system.processes import spread

ENDINGS = ("gz", "br")
LEAST = 1024
"""A smaller file fits into one or two packets, compressed or not."""


def add_compressed(shipment: Shipment, cache: Path, jobs: int) -> Shipment:
    """Return a shipment with a .gz (RFC 1952) and a .br (RFC 7932) copy of each of its text files.

    The copies are cached in the folder `cache` by the fingerprint of their source; those that
        are of no more use are removed. Raises SiteError where the package brotli is missing: the same site
        would have other files on another machine.
    """
    try:
        import brotli  # noqa: F401, PLC0415 - an extra
    except ImportError:
        hint = install_hint("publish")
        raise SiteError([Problem("sitegen.toml", 0, "compressed copies need the package brotli", hint)]) from None
    cache.mkdir(parents=True, exist_ok=True)
    texts = {path: parcel for path, parcel in shipment.files.items() if ending(path) in TEXTS and parcel.size >= LEAST}
    wanted = {cache / f"{parcel.digest}.{end}": parcel.place for parcel in texts.values() for end in ENDINGS}
    for old in sorted(set(cache.iterdir()) - wanted.keys()):
        old.unlink()
    missing = [(source, place) for place, source in wanted.items() if not place.exists()]
    for _ in spread(_compress, missing, jobs):
        pass
    copies = dict(_copies(texts, cache))
    return replace(shipment, files=dict(sorted({**shipment.files, **copies}.items())))


def _copies(texts: Mapping[str, Parcel], cache: Path) -> Iterator[tuple[str, Parcel]]:
    for path, parcel in texts.items():
        for end in ENDINGS:
            yield f"{path}.{end}", parcel_of(cache / f"{parcel.digest}.{end}")


def _compress(item: tuple[Path, Path]) -> None:
    import brotli  # noqa: PLC0415 - an extra

    source, place = item
    data = source.read_bytes()
    # A time in the file's head would make it another file every time.
    packed = gzip.compress(data, 9, mtime=0) if place.suffix == ".gz" else brotli.compress(data, mode=brotli.MODE_TEXT)
    write_atomically(place, packed)
