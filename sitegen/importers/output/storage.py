"""The files of an import: posts and images are written where nothing of anybody else's lies."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.output.destination import checked, folded, taken_slugs
from sitegen.importers.output.import_state import Ledger, Record, write_if_changed
from sitegen.importers.output.report import Kept
from sitegen.system.fingerprints import of_bytes

BESIDE = ".new"
"""What the name of a version beside an edited post ends with: `scan` takes no such file for a part of the site."""


class Storage:
    """Holds the folder of posts and the ledger of one import, and what became of each file.

    `changed` are the posts that were written again, each with what differs in them.
    """

    def __init__(
        self, root: Path, folder: Path, ledger: Ledger, *, dry_run: bool, samples: frozenset[str] = frozenset()
    ) -> None:
        self.folder, self.ledger, self.dry_run = folder, ledger, dry_run
        self.created: list[str] = []
        self.changed: dict[str, str] = {}
        self.kept: list[Kept] = []
        self.unchanged = 0
        self._root = root
        self._shown = folder.relative_to(root).as_posix()
        self._owned = {record.file for record in ledger.posts.values()}
        self._samples = samples
        self._slugs = taken_slugs(folder, self._owned) | {folded(record.slug) for record in ledger.posts.values()}

    def read(self, file: str) -> bytes | None:
        """Return the content of a plain file that is neither a post of this import nor a sample; None without one."""
        path = self.folder / file
        if self._is_sample(file):
            return None
        return path.read_bytes() if file not in self._owned and path.is_file() and not path.is_symlink() else None

    def is_free(self, file: str, slug: str) -> bool:
        """Return whether a new post can have a file and a slug."""
        if self._is_sample(file):
            return True
        return folded(slug) not in self._slugs and file not in self._owned and not (self.folder / file).is_symlink()

    def take(self, file: str, slug: str) -> None:
        """Note that a post has a file and a slug now."""
        self._slugs.add(folded(slug))
        self._owned.add(file)

    def store(self, key: str, record: Record, data: bytes) -> None:
        """Write a post, unless it is there already, or a person has edited or deleted it."""
        path, digest, shown = self.folder / record.file, of_bytes(data), self.show(record.file)
        try:
            there = path.read_bytes()
        except FileNotFoundError:
            there = None
        if shown in self._samples and not record.digest:
            there = None
        current = "" if there is None else of_bytes(there)
        if record.digest and not current:
            record_file = self.ledger.path.relative_to(self._root).as_posix()
            reason = f"it was deleted since; take it out of {record_file} to import it again"
            self.kept.append(Kept(shown, reason))
            return
        written = replace(record, digest=digest, offered="")
        if current == digest:
            self.unchanged += 1
        elif current in ("", record.digest):
            if there is None:
                self.created.append(shown)
            else:
                self.changed[shown] = find_changes(there, data)
            if not self.dry_run:
                checked(self._root, self.ledger.journal)
                self.ledger.announce(key, written)
            self._write(path, data)
        else:
            self._keep(record, data, digest)
            return
        self.ledger.posts[key] = written

    def put(self, file: str, data: bytes) -> bool:
        """Write a file beside a post; False where another file has that name."""
        path = self.folder / file
        if path.is_symlink() or path.exists():
            return path.is_file() and not path.is_symlink() and path.read_bytes() == data
        self._write(path, data)
        return True

    def save(self) -> None:
        """Write the import record."""
        if not self.dry_run and (self.ledger.posts or self.ledger.path.exists()):
            checked(self._root, self.ledger.path)
            self.ledger.save()

    def show(self, file: str) -> str:
        """Return a file's path from the site's root."""
        return f"{self._shown}/{file}"

    def _is_sample(self, file: str) -> bool:
        return self.show(file) in self._samples and file not in self._owned

    def _keep(self, record: Record, data: bytes, digest: str) -> None:
        """Leave a post that a person has edited, and put the export's version beside it once."""
        beside = self._name_beside(record, digest)
        if record.offered != digest:
            self._write(self.folder / beside, data)
            record.offered = digest
        there = self.dry_run or (self.folder / beside).exists()
        self.kept.append(
            Kept(self.show(record.file), "edited since it was imported", self.show(beside) if there else "")
        )

    def _name_beside(self, record: Record, digest: str) -> str:
        """Return the first name beside a post that is free, or whose file is the version that we last put there."""
        for number in count(1):
            name = f"{record.file}{f'.{number}' if number > 1 else ''}{BESIDE}"
            path = self.folder / name
            if not path.exists() and not path.is_symlink():
                return name
            if path.is_file() and not path.is_symlink() and of_bytes(path.read_bytes()) in (record.offered, digest):
                return name
        raise AssertionError

    def _write(self, path: Path, data: bytes) -> None:
        if not self.dry_run:
            write_if_changed(checked(self._root, path), data)


def find_changes(old: bytes, new: bytes) -> str:
    """Return what differs between two versions of a post: the keys of its front matter, and whether the text does."""
    try:
        before, after = split(old, ""), split(new, "")
    except SiteError:
        return "changed"
    keys = dict.fromkeys((*after.values, *before.values))
    changes = [f"`{key}`" for key in keys if before.values.get(key) != after.values.get(key)]
    changes += ["its text"] if before.text != after.text else []
    return f"changed: {', '.join(changes)}" if changes else "changed"
