"""The record of what was last published to a target, by which changes of others are detected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sitegen.publish.compression import ENDINGS
from sitegen.system.atomic_write import write_atomically


@dataclass(frozen=True, slots=True)
class PublishState:
    """What a target held when we last wrote there.

    `files` gives the fingerprint of each file, and the target's own mark of its version: that of a `git` target is the
    mode and the blob. `pending` are the paths that an interrupted publish may have changed since. `commits` are the
    commits that the branch may be at (`git`). `unnotified` are the paths of which hubs and search engines have not been
    notified yet.
    """

    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    commits: tuple[str, ...] = ()
    unnotified: frozenset[str] = frozenset()

    @property
    def published(self) -> dict[str, str]:
        """The fingerprint of each file of the site that was published last, without compressed copies."""
        rows = ((path, *path.rpartition(".")[::2], digest) for path, (digest, _) in self.files.items())
        return {path: digest for path, source, end, digest in rows if end not in ENDINGS or source not in self.files}


class PublishRecord:
    """The record of a target, whose lock is held: `state` is what the file `path` has, which is read once.

    If no hub and no search engine is to be notified of changes (`notifies`), the record does not list them, so that it
    is not written once more when that is done.
    """

    def __init__(self, path: Path, *, notifies: bool = True) -> None:
        self.path, self.notifies = path, notifies

    @cached_property
    def state(self) -> PublishState:
        """What the record has now."""
        return read_record(self.path)

    def write(self, state: PublishState) -> None:
        """Replace what the record has, if it differs, in one step."""
        if not self.notifies:
            state = replace(state, unnotified=frozenset())
        if state != self.state or not self.path.exists():
            write_record(self.path, state)
            self.state = state


def read_record(path: Path) -> PublishState:
    """Return the record of a file, an empty one if there is none or it is damaged."""
    try:
        table: dict[str, Any] = json.loads(path.read_text("utf-8", "surrogatepass"))
        files = {str(name): (str(row[0]), str(row[1])) for name, row in table["files"].items()}
        lists = [tuple(map(str, table[name])) for name in ("pending", "commits", "untold")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return PublishState()
    return PublishState(files, frozenset(lists[0]), lists[1], frozenset(lists[2]))


def write_record(path: Path, record: PublishState) -> None:
    """Keep a record in a file, in one step."""
    table = {
        "files": {name: list(row) for name, row in sorted(record.files.items())},
        "pending": sorted(record.pending),
        "commits": list(record.commits),
        "untold": sorted(record.unnotified),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(table, ensure_ascii=False).encode("utf-8", "surrogatepass"), durable=True)
