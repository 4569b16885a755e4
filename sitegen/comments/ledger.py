"""The ledger of imported and removed comments, `comments.json`: what an import must neither change nor bring back."""

import json
from pathlib import Path
from typing import Literal

from msgspec import MsgspecError, Struct, field
from msgspec.json import Decoder

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

    def save(self, root: Path) -> bool:
        """Write the ledger if it has changed, and return whether it was written."""
        imported = {name: dict(sorted(ids.items())) for name, ids in sorted(self.imported.items()) if ids}
        removed = {name: sorted(ids) for name, ids in sorted(self.removed.items()) if ids}
        path = root / LEDGER
        if not (imported or removed or path.exists()):
            return False
        value = {"version": 1, "imported": imported, "removed": removed}
        return write_if_changed(path, (json.dumps(value, indent=1) + "\n").encode(), durable=True)


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
