"""The ledger of imports: which item of an export became which file, and what we wrote into it.

It is `.sitegen/imports/<name>.json`. It tells a file that a person has edited since from one that may
be written again, and keeps names stable when two posts share a slug. Beside it, in `<name>.journal`, stands
line by line what is written until it is saved: an import that is killed leaves it for the next one to read.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sitegen.digest import of_bytes
from sitegen.errors import Problem, SiteError

VERSION = 1
FOLDER = Path(".sitegen") / "imports"


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
    """Holds the records of one kind of export in one folder; `pictures` maps URLs to files that were fetched."""

    path: Path
    posts: dict[str, Record] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write the ledger in one step, unless it says that already."""
        posts = {key: asdict(record) for key, record in sorted(self.posts.items())}
        value = {"version": VERSION, "posts": posts, "pictures": dict(sorted(self.pictures.items()))}
        write_if_changed(self.path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
        self.journal.unlink(missing_ok=True)

    @property
    def journal(self) -> Path:
        """The file of what was written since the ledger was saved."""
        return self.path.with_suffix(".journal")

    def announce(self, key: str, record: Record) -> None:
        """Note down the record of a file that is written next."""
        with self.journal.open("ab") as file:
            file.write(json.dumps([key, asdict(record)]).encode() + b"\n")


def read_ledger(root: Path, name: str, folder: Path) -> Ledger:
    """Return the ledger of that name, empty if there is none; SiteError if it is damaged.

    An import into `folder` that was killed may have written posts since: of these it tells too.
    """
    ledger = _read_saved(root, name)
    if ledger.journal.exists():
        _catch_up(ledger, folder)
    return ledger


def _catch_up(ledger: Ledger, folder: Path) -> None:
    for line in ledger.journal.read_bytes().split(b"\n"):
        try:
            key, values = json.loads(line)
            record = Record(**values)
        except (ValueError, TypeError):
            continue  # the last line, which was cut off, or the end
        file = folder / record.file
        # A new post's file was not there before: whatever it holds now, it was ours first.
        if file.is_file() and (key not in ledger.posts or of_bytes(file.read_bytes()) == record.digest):
            ledger.posts[key] = record


def _read_saved(root: Path, name: str) -> Ledger:
    path = root / FOLDER / f"{name}.json"
    shown = (FOLDER / f"{name}.json").as_posix()
    try:
        value: Any = json.loads(path.read_text("utf-8"))
        posts = {str(key): Record(**record) for key, record in value["posts"].items()}
        pictures = {str(url): str(file) for url, file in value["pictures"].items()}
    except FileNotFoundError:
        return Ledger(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "restore it from a backup, or delete it: files that it listed are then compared by their content"
        raise SiteError([Problem(shown, 0, f"the ledger of earlier imports is damaged: {error}", hint)]) from error
    return Ledger(path, posts, pictures)


def write_if_changed(path: Path, data: bytes) -> bool:
    """Write a file by a temporary one and a rename, unless it holds these bytes; tell whether it was written.

    What was left of a write that was broken off goes with the next one.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:60]}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            file.write(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True
