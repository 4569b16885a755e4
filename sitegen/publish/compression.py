"""Compressed copies beside the texts of a site, for servers that send these where they can."""

import gzip
import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sitegen.media import TEXTS, ending
from sitegen.parallel import spread
from sitegen.publish.shipment import Parcel, Shipment, parcel_of

LEAST = 1024
"""Below so many bytes a file fits into a packet or two, compressed or not."""


def add_compressed(shipment: Shipment, cache: Path, jobs: int) -> Shipment:
    """Return a shipment with a .gz beside each of its texts, and a .br where the module brotli is installed.

    The copies are kept in the folder `cache` by the fingerprint of what they are made from; those that
    are of no more use are removed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    endings = ("gz", "br") if importlib.util.find_spec("brotli") else ("gz",)
    texts = {path: parcel for path, parcel in shipment.files.items() if ending(path) in TEXTS and parcel.size >= LEAST}
    wanted = {cache / f"{parcel.digest}.{end}": parcel.place for parcel in texts.values() for end in endings}
    for old in sorted(set(cache.iterdir()) - wanted.keys()):
        old.unlink()
    missing = [(source, place) for place, source in wanted.items() if not place.exists()]
    for _ in spread(_compress, missing, jobs):
        pass
    copies = dict(_copies(texts, endings, cache))
    return replace(shipment, files=dict(sorted({**shipment.files, **copies}.items())))


def _copies(texts: Mapping[str, Parcel], endings: tuple[str, ...], cache: Path) -> Iterator[tuple[str, Parcel]]:
    for path, parcel in texts.items():
        for end in endings:
            yield f"{path}.{end}", parcel_of(cache / f"{parcel.digest}.{end}")


def _compress(item: tuple[Path, Path]) -> None:
    source, place = item
    data = source.read_bytes()
    # A time in the file's head would make it another file every time.
    packed = gzip.compress(data, 9, mtime=0) if place.suffix == ".gz" else _brotli()(data)
    beside = place.with_name(place.name + ".next")
    beside.write_bytes(packed)
    beside.replace(place)


def _brotli() -> Callable[[bytes], bytes]:
    module = importlib.import_module("brotli")
    compress: Callable[[bytes], bytes] = module.compress
    return compress
