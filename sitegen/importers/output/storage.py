"""Writes the files of an import, without overwriting edited or foreign files."""

from itertools import count
from pathlib import Path

from msgspec.structs import replace

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.output.destination import check_destination, find_taken_slugs, fold_slug
from sitegen.importers.output.import_state import ImportRecord, PostRecord
from sitegen.importers.output.report import PreservedPost
from sitegen.system.atomic_write import write_atomically
from sitegen.system.fingerprints import of_bytes

NEW_VERSION_SUFFIX = ".new"
"""Suffix of the new version of an edited post; builds ignore files with it."""


class Storage:
    """Holds the folder and the record of an import, and the result for each file.

    `changed` maps the posts that were written again to a description of the changes.
    """

    def __init__(
        self, root: Path, folder: Path, ledger: ImportRecord, *, dry_run: bool, samples: frozenset[str] = frozenset()
    ) -> None:
        self.folder, self.ledger, self.dry_run = folder, ledger, dry_run
        self.created: list[str] = []
        self.changed: dict[str, str] = {}
        self.preserved: list[PreservedPost] = []
        self.unchanged = 0
        self._root = root
        self._folder_name = folder.relative_to(root).as_posix()
        self._saved_images = len(ledger.images)
        self._owned = {record.file for record in ledger.posts.values()}
        self._samples = samples
        self._slugs = find_taken_slugs(folder, self._owned) | {
            fold_slug(record.slug) for record in ledger.posts.values()
        }

    def read(self, file: str) -> bytes | None:
        """Return the content of a file that is neither a post of this import nor a sample, or None."""
        path = self.folder / file
        if self._is_sample(file):
            return None
        return path.read_bytes() if file not in self._owned and path.is_file() and not path.is_symlink() else None

    def read_existing(self, file: str) -> bytes | None:
        """Return the content of a file, also one of this import, or None if it is missing or a sample."""
        path = self.folder / file
        return path.read_bytes() if path.is_file() and not path.is_symlink() and not self._is_sample(file) else None

    def is_free(self, file: str, slug: str) -> bool:
        """Return whether a file name and a slug are free for a new post."""
        if self._is_sample(file):
            return True
        return fold_slug(slug) not in self._slugs and file not in self._owned and not (self.folder / file).is_symlink()

    def reserve(self, file: str, slug: str) -> None:
        """Reserve a file name and a slug for a post."""
        self._slugs.add(fold_slug(slug))
        self._owned.add(file)

    def store(self, key: str, record: PostRecord, data: bytes) -> None:
        """Write a post, unless it is unchanged, or was edited or deleted since the last import."""
        path, digest, path_in_site = self.folder / record.file, of_bytes(data), self.show(record.file)
        try:
            existing = path.read_bytes()
        except FileNotFoundError:
            existing = None
        if path_in_site in self._samples and not record.digest:
            existing = None
        current = "" if existing is None else of_bytes(existing)
        if record.digest and not current:
            record_file = self.ledger.path.relative_to(self._root).as_posix()
            reason = f"deleted since it was imported; to import it again, remove it from {record_file}"
            self.preserved.append(PreservedPost(path_in_site, reason))
            return
        new_record = replace(record, digest=digest, offered="")
        if current == digest:
            self.unchanged += 1
        elif current in ("", record.digest):
            if existing is None:
                self.created.append(path_in_site)
            else:
                self.changed[path_in_site] = find_changes(existing, data)
            if not self.dry_run:
                check_destination(self._root, self.ledger.journal)
                self.ledger.append_to_journal(key, new_record)
            self._write(path, data)
        else:
            self._preserve(record, data, digest)
            return
        self.ledger.posts[key] = new_record

    def put(self, file: str, data: bytes) -> bool:
        """Write a file of a post; return False if another file has that name."""
        path = self.folder / file
        if path.is_symlink() or path.exists():
            return path.is_file() and not path.is_symlink() and path.read_bytes() == data
        self._write(path, data)
        return True

    def save(self) -> None:
        """Write the import record."""
        if not self.dry_run and (self.ledger.posts or self.ledger.images or self.ledger.path.exists()):
            check_destination(self._root, self.ledger.path)
            self.ledger.save()
        self._saved_images = len(self.ledger.images)

    def save_images(self) -> None:
        """Write the import record if images were saved since it was written."""
        if len(self.ledger.images) > self._saved_images:
            self.save()

    def show(self, file: str) -> str:
        """Return the path of a file relative to the site's root."""
        return f"{self._folder_name}/{file}"

    def _is_sample(self, file: str) -> bool:
        return self.show(file) in self._samples and file not in self._owned

    def _preserve(self, record: PostRecord, data: bytes, digest: str) -> None:
        """Do not overwrite an edited post, but write the version of the export next to it once."""
        new_version = self._find_new_version_name(record, digest)
        if record.offered != digest:
            self._write(self.folder / new_version, data)
            record.offered = digest
        existing = self.dry_run or (self.folder / new_version).exists()
        self.preserved.append(
            PreservedPost(
                self.show(record.file), "edited since it was imported", self.show(new_version) if existing else ""
            )
        )

    def _find_new_version_name(self, record: PostRecord, digest: str) -> str:
        """Return the first name for a new version that is free, or whose file the last import wrote."""
        for number in count(1):
            name = f"{record.file}{f'.{number}' if number > 1 else ''}{NEW_VERSION_SUFFIX}"
            path = self.folder / name
            if not path.exists() and not path.is_symlink():
                return name
            if path.is_file() and not path.is_symlink() and of_bytes(path.read_bytes()) in (record.offered, digest):
                return name
        raise AssertionError

    def _write(self, path: Path, data: bytes) -> None:
        if self.dry_run:
            return
        check_destination(self._root, path)
        try:
            write_atomically(path, data)
        except FileNotFoundError:  # no folder yet
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)


def find_changes(old: bytes, new: bytes) -> str:
    """Describe the changes between two versions of a post: keys of the front matter, and the text."""
    try:
        before, after = split(old, ""), split(new, "")
    except SiteError:
        return "changed"
    keys = dict.fromkeys((*after.values, *before.values))
    changes = [f"`{key}`" for key in keys if before.values.get(key) != after.values.get(key)]
    changes += ["its text"] if before.text != after.text else []
    return f"changed: {', '.join(changes)}" if changes else "changed"
