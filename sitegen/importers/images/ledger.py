"""The record of fetched images: which file came from which URL, and which URLs could not be fetched.

It is `images.json` at the site's root, and is committed with the site. `.sitegen/images.journal` has a line for each
file that is written before the record is saved: a run that is killed leaves it for the next one, which asks for
nothing again that it has.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from msgspec import MsgspecError
from msgspec.json import Decoder

from sitegen.errors import Problem, SiteError, naming
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

NAME = "images.json"
JOURNAL = Path(".sitegen") / "images.journal"


@dataclass(frozen=True, slots=True)
class _Saved:
    """The content of the file."""

    version: Literal[1]
    files: dict[str, str]
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the journal: a URL, its file, and the fingerprint of the file's bytes."""

    url: str
    file: str
    fingerprint: str


_read_saved = Decoder(_Saved).decode
_read_line = Decoder(_Line).decode


class ImageLedger:
    """Holds the files of fetched URLs, below the site's root, and the reasons of those that are gone for good."""

    def __init__(self, root: Path, files: Mapping[str, str], missing: Mapping[str, str]) -> None:
        self.files, self.missing = dict(files), dict(missing)
        self._root = root

    def announce(self, url: str, file: str, data: bytes) -> None:
        """Append a file to the journal; it is written next."""
        journal = self._root / JOURNAL
        journal.parent.mkdir(exist_ok=True)
        line = {"url": url, "file": file, "fingerprint": of_bytes(data)}
        with naming(journal), journal.open("ab") as opened:
            opened.write(json.dumps(line).encode() + b"\n")

    def keep(self, url: str, file: str) -> None:
        """Note the file of a URL."""
        self.files[url] = file
        self.missing.pop(url, None)

    def find(self, url: str) -> str | None:
        """Return the file of a URL, None if it was never fetched or is there no more."""
        file = self.files.get(url)
        return file if file is not None and (self._root / file).is_file() else None

    def save(self) -> None:
        """Write the record, without files that are there no more, and remove the journal."""
        files = {url: file for url, file in sorted(self.files.items()) if self.find(url) is not None}
        value = {"version": 1, "files": files, "missing": dict(sorted(self.missing.items()))}
        data = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        path = self._root / NAME
        if files or self.missing or path.exists():
            write_if_changed(path, data, durable=True)
        (self._root / JOURNAL).unlink(missing_ok=True)


def read_image_ledger(root: Path) -> ImageLedger:
    """Return the record of a site's fetched images, with what a killed run has written; SiteError if it is damaged."""
    path = root / NAME
    ledger = ImageLedger(root, {}, {})
    if path.is_file():
        hint = "restore it from a backup, or delete it: images are then fetched again where a post still needs them"
        try:
            saved = _read_saved(path.read_bytes())
        except (MsgspecError, ValueError, RecursionError) as error:
            raise SiteError([Problem(NAME, 0, f"the record of fetched images is damaged: {error}", hint)]) from error
        if outside := [file for file in saved.files.values() if not is_inside(file)]:
            message = f"the record of fetched images is damaged: {outside[0]!r} is not inside of the site"
            raise SiteError([Problem(NAME, 0, message, hint)])
        ledger = ImageLedger(root, saved.files, saved.missing)
    journal = root / JOURNAL
    for line in journal.read_bytes().split(b"\n") if journal.is_file() else ():
        try:
            announced = _read_line(line)
        except (MsgspecError, ValueError, RecursionError):
            continue  # the last line, which was cut off, or the end
        file = root / announced.file
        if is_inside(announced.file) and file.is_file() and of_bytes(file.read_bytes()) == announced.fingerprint:
            ledger.files[announced.url] = announced.file
    return ledger
