"""The ledger of imported and removed comments, `comments.json`: what an import must neither change nor bring back."""

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Literal

from msgspec import MsgspecError, Struct, field
from msgspec.json import Decoder

from sitegen.comments import COMMENTS_SUFFIX, comment_file_of
from sitegen.errors import Problem, SiteError
from sitegen.system.atomic_write import write_if_changed

LEDGER = "comments.json"


class CommentLedger(Struct):
    """What imports wrote, and what was taken down.

    `imported` has for each comment file the fingerprint of each comment as an import wrote it, by its id. `removed` has
    for each comment file the ids of comments that were taken down. The keys are a file format.
    """

    version: Literal[1] = 1
    imported: dict[str, dict[str, str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)

    def find_renamed(self, root: Path) -> dict[str, str]:
        """Return the names of comment files whose posts are gone, by the comments that an import wrote into them.

        These posts were deleted or renamed. The keys are ids and fingerprints with a space between.
        """
        gone = _find_without_post(root, self.imported)
        return {f"{key} {known}": name for name in gone for key, known in self.imported[name].items()}

    def follow_rename(self, root: Path, old: str, name: str) -> None:
        """Give a comment file the entries of its old name; if a file still has that, only what was taken down."""
        self.removed[name] = sorted({*self.removed.get(old, ()), *self.removed.get(name, ())})
        if not (root / old).exists():
            self.imported[name] = self.imported.pop(old) | self.imported.get(name, {})
            self.removed.pop(old, None)

    def is_removed(self, root: Path, name: str, comment_id: str) -> bool:
        """Return whether a comment was taken down in a comment file, or in one whose post is gone."""
        files = [file for file, ids in self.removed.items() if comment_id in ids]
        return name in files or bool(_find_without_post(root, files))

    def save(self, root: Path) -> bool:
        """Write the ledger if it has changed, and return whether it was written."""
        imported = {name: dict(sorted(ids.items())) for name, ids in sorted(self.imported.items()) if ids}
        removed = {name: sorted(ids) for name, ids in sorted(self.removed.items()) if ids}
        path = root / LEDGER
        if not (imported or removed or path.exists()):
            return False
        value = {"version": 1, "imported": imported, "removed": removed}
        return write_if_changed(path, (json.dumps(value, indent=1) + "\n").encode(), durable=True)


def _find_without_post(root: Path, names: Collection[str]) -> list[str]:
    """Return the names of the comment files beside which no file has the name of their post.

    Each folder is listed once: a site can have thousands of comment files in one.
    """
    known = set[str]()
    for folder in {name[: name.rfind("/") + 1] for name in names}:
        with suppress(FileNotFoundError, NotADirectoryError):
            files = [file.name for file in (root / folder).iterdir() if not file.name.endswith(COMMENTS_SUFFIX)]
            known.update(comment_file_of(f"{folder}{file}") for file in files)
    return [name for name in names if name not in known]


_read = Decoder(CommentLedger).decode


def read_comment_ledger(root: Path) -> CommentLedger:
    """Return the ledger of a site, an empty one if there is none; raise SiteError if it is damaged."""
    path = root / LEDGER
    if not path.is_file():
        return CommentLedger()
    try:
        return _read(path.read_bytes())
    except (MsgspecError, ValueError, RecursionError) as error:
        hint = "restore it from a backup: without it, an import brings back comments that you deleted"
        raise SiteError([Problem(LEDGER, 0, f"the ledger of comments is damaged: {error}", hint)]) from error
