"""Compressed copies of a site's text files, for servers that send them to clients that accept them."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sitegen.config.load import describe_setting
from sitegen.errors import Problem, SiteError
from sitegen.formats.mime_types import TEXTS, ending
from sitegen.publish.files import Shipment, SourceFile, read_source_file
from sitegen.system.atomic_write import write_atomically
from sitegen.system.fingerprints import of_bytes
from sitegen.system.installation import install_hint
from sitegen.system.processes import spread

ENDINGS = ("gz", "br")
MIN_BYTES = 1024
"""A smaller file fits into one or two packets, compressed or not."""


def require_brotli(root: Path, keys: Sequence[str | int]) -> None:
    """Raise SiteError, at the line of the setting with a path of names, if the package brotli is missing.

    Without it, the same site would have other files on another machine.
    """
    try:
        import brotli  # noqa: F401, PLC0415 - an extra
    except ImportError:
        message = "compressed copies need the package brotli"
        raise SiteError([describe_setting(root, keys, message, install_hint("publish"))]) from None


def add_compressed(shipment: Shipment, cache: Path, jobs: int) -> Shipment:
    """Return a shipment with a .gz (RFC 1952) and a .br (RFC 7932) copy of each of its text files.

    The copies are cached in the folder `cache` by the fingerprint of their source; those of other sources are removed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    texts = {path: file for path, file in shipment.files.items() if ending(path) in TEXTS and file.size >= MIN_BYTES}
    wanted = {cache / f"{file.digest}.{end}": file.path for file in texts.values() for end in ENDINGS}
    for old in sorted(set(cache.iterdir()) - wanted.keys()):
        old.unlink()
    missing = [(source, destination) for destination, source in wanted.items() if not destination.exists()]
    for _ in spread(_compress, missing, jobs):
        pass
    copies = dict(_copies(texts, cache))
    return replace(shipment, files=dict(sorted({**shipment.files, **copies}.items())))


def _copies(texts: Mapping[str, SourceFile], cache: Path) -> Iterator[tuple[str, SourceFile]]:
    for path, file in texts.items():
        for end in ENDINGS:
            yield f"{path}.{end}", read_source_file(str(cache / f"{file.digest}.{end}"))


def _compress(item: tuple[Path, Path]) -> None:
    import brotli  # noqa: PLC0415 - an extra

    source, destination = item
    data = source.read_bytes()
    if of_bytes(data) != destination.stem:
        message = f"another build has changed {source.name} while the site was being published"
        raise SiteError([Problem("", 0, message, "publish again")])
    # A time in the header would change the file every time.
    packed = (
        gzip.compress(data, 9, mtime=0) if destination.suffix == ".gz" else brotli.compress(data, mode=brotli.MODE_TEXT)
    )
    write_atomically(destination, packed)
