"""The import record: which item of an export became which file, and what we wrote into it.

It is `imports/<name>.json` at the site's root, one file for each kind of export and folder, and is committed with
the site. It distinguishes a file that was edited since from one that may be written again, and keeps names stable
when two posts share a slug. `.sitegen/imports/<name>.journal` lists what is written until the record is saved: an
import that is killed leaves it for the next one to read.

The record comes with the site, so it is validated: no path in it can lead outside of the folder of the import.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from msgspec import MsgspecError
from msgspec.json import Decoder

from sitegen.errors import Problem, SiteError
from sitegen.formats.slugs import slugify
from sitegen.system.atomic_write import write_atomically
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

FOLDER = Path("imports")
"""Of the records, below the site's root."""
WORK_FOLDER = Path(".sitegen") / "imports"
"""Of the lock, the journals and the reports; until 0.1 of the records too."""


@dataclass(slots=True)
class Record:
    """What is known of one item: its file below the import's folder, and digests of what we wrote.

    `offered` is the digest of the newer version that was last put beside a file that a person edited.
    """

    file: str
    slug: str
    digest: str
    offered: str = ""


@dataclass(slots=True)
class Ledger:
    """Holds the records of one type of export in one folder; `pictures` maps URLs to files that were fetched.

    `path` is its file, `journal` that of what was written since it was saved, `old_path` where it was until 0.1.
    """

    path: Path
    journal: Path
    old_path: Path
    posts: dict[str, Record] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write the record in one step, unless it says that already, and remove what it replaces."""
        posts = {key: asdict(record) for key, record in sorted(self.posts.items())}
        value = {"version": 1, "posts": posts, "pictures": dict(sorted(self.pictures.items()))}
        data = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        # On the disk before what it replaces is removed.
        write_if_changed(self.path, data, durable=True)
        self.journal.unlink(missing_ok=True)
        self.old_path.unlink(missing_ok=True)

    def announce(self, key: str, record: Record) -> None:
        """Note down the record of a file that is written next."""
        with self.journal.open("ab") as file:
            file.write(json.dumps([key, asdict(record)]).encode() + b"\n")


def record_name(format: str, folder: str) -> str:  # noqa: A002 - the word that the command line has for it
    """Return the name of the record of one type of export in a folder of the site, without `.json`."""
    return f"{format}-{slugify(folder) or 'posts'}"


def read_ledger(root: Path, name: str, folder: Path) -> Ledger:
    """Return the record of that name, empty if there is none; SiteError if it is damaged.

    An import into `folder` that was killed may have written posts since: of these it tells too.
    """
    ledger = _read_saved(root, name)
    if ledger.journal.exists():
        _catch_up(ledger, folder)
    return ledger


def _catch_up(ledger: Ledger, folder: Path) -> None:
    for line in ledger.journal.read_bytes().split(b"\n"):
        try:
            key, record = _read_announced(line)
        except (MsgspecError, ValueError, RecursionError):
            continue  # the last line, which was cut off, or the end
        if any(_faults_of(key, record)):
            continue
        file = folder / record.file
        # A new post's file was not there before: whatever it holds now, it was ours first.
        if file.is_file() and (key not in ledger.posts or of_bytes(file.read_bytes()) == record.digest):
            ledger.posts[key] = record


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file of a record holds."""

    version: Literal[1]
    posts: dict[str, Record]
    pictures: dict[str, str]


_read = Decoder(Saved).decode
_read_announced = Decoder(tuple[str, Record]).decode


def _read_saved(root: Path, name: str) -> Ledger:
    work = root / WORK_FOLDER
    path, old = root / FOLDER / f"{name}.json", work / f"{name}.json"
    ledger = Ledger(path, work / f"{name}.journal", old)
    for place in (path, old):
        if place.exists() or place.is_symlink():
            break
    else:
        return ledger
    saved = parse_record(place.read_bytes(), place.relative_to(root).as_posix())
    ledger.posts, ledger.pictures = saved.posts, saved.pictures
    return ledger


def parse_record(data: bytes, name: str) -> Saved:
    """Return what the file `name` of a record holds; raise SiteError with all that is wrong with it."""
    hint = "Restore it from a backup, or delete it: the files that it listed are then compared by their content."
    try:
        saved = _read(data)
    except (MsgspecError, ValueError, RecursionError) as error:
        raise SiteError([Problem(name, 0, f"the import record is damaged: {error}", hint)]) from error
    faults = [fault for key, record in saved.posts.items() for fault in _faults_of(key, record)]
    faults += [
        f"the file of the image {url!r}, {file!r}, is not inside of the import's folder"
        for url, file in saved.pictures.items()
        if not _is_name(file)
    ]
    if faults:
        raise SiteError(Problem(name, 0, f"the import record is damaged: {fault}", hint) for fault in faults)
    return saved


def _faults_of(key: str, record: Record) -> Iterator[str]:
    """Yield what is wrong with one record."""
    if not _is_name(record.file) or not record.file.endswith(".md"):
        yield f"the file of {key!r}, {record.file!r}, is not a Markdown file inside of the import's folder"
    if not _is_name(record.slug) or "/" in record.slug:
        yield f"the slug of {key!r}, {record.slug!r}, is not one part of a URL"


def _is_name(path: str) -> bool:
    return is_inside(path) and path.isprintable()


def write_if_changed(path: Path, data: bytes, *, durable: bool = False) -> bool:
    """Write a file in one step, unless it has these bytes already; tell whether it was written."""
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data, durable=durable)
    return True
