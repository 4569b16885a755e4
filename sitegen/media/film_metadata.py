"""Remove private metadata from the films and sounds of a site while they are copied, without reading them whole."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.msgpack import Decoder

from sitegen.cache.store import Store
from sitegen.errors import Problem, naming
from sitegen.media.metadata.mp4 import DamagedFileError, Patch, find_private_metadata, has_boxes, write_patches

SUFFIXES = (".mp4", ".m4v", ".m4a", ".m4b", ".mov", ".qt", ".3gp", ".3g2")
HEAD_BYTES = 64
_ROW = "films"
_RECIPE = 1
"""Is increased with each change of what is read, so that files are read again."""

_read_row = Decoder(tuple[int, dict[str, str]]).decode


def find_patches(path: Path, head: bytes, metadata: str) -> list[Patch]:
    """Return what to write into the copy of a file to remove its private metadata; `head` are its first bytes.

    `metadata` is the setting of that name. A damaged file is not changed.
    """
    if metadata == "keep" or not has_boxes(head):
        return []
    try:
        return _read_patches(path)
    except DamagedFileError:
        return []


def apply_patches(path: str, patches: list[Patch]) -> None:
    """Write what was found into the copy of a file."""
    with naming(path), Path(path).open("r+b") as file:
        write_patches(file, patches)


def check_films(
    published: Mapping[str, tuple[str, str]], prefix: str, store: Store, locate: Callable[[str], Path]
) -> list[Problem]:
    """Return a warning for each film and sound whose metadata cannot be read.

    `published` has name and fingerprint of each published file, `prefix` is that of the names of the site's own files.
    """
    films = {
        name: digest
        for path, (name, digest) in published.items()
        if path.lower().endswith(SUFFIXES) and name.startswith(prefix)
    }
    if not films:
        return []
    row = store.get("fact", _ROW, _read_row)
    known = row[1] if row is not None and row[0] == _RECIPE else {}
    found = {digest: known[digest] if digest in known else _check(locate(name)) for name, digest in films.items()}
    if found != known:
        store.put("fact", [(_ROW, (_RECIPE, found))])
    return [
        Problem(
            name,
            0,
            f"the file is published as it is, with the location that it may contain: {found[digest]}",
            "export it again as an MP4 file",
        )
        for name, digest in films.items()
        if found[digest]
    ]


def _check(path: Path) -> str:
    """Return what is wrong with a file, "" if nothing is."""
    try:
        _read_patches(path)
    except DamagedFileError as error:
        return str(error)
    return ""


def _read_patches(path: Path) -> list[Patch]:
    with naming(path), path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        return find_private_metadata(file, path.stat().st_size) if has_boxes(head) else []
