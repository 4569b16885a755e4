"""The snapshot: the immutable state of a site after a build, and its rows in the build cache."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from operator import is_
from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, field
from msgspec.msgpack import Decoder

from sitegen.cache.store import Read, Store, StoreError, Value
from sitegen.content.file_index import FileIndex, FileState
from sitegen.errors import Problem
from sitegen.model import SkippedPost
from sitegen.system.files import Stamp
from sitegen.system.fingerprints import NO_FINGERPRINTS, NamedFingerprints
from sitegen.system.paths import find_outside

if TYPE_CHECKING:
    from sitegen.build.planned_site import PlannedSite

FILES_PER_ROW = 4_096
"""The number of files whose states are one row, so that no row takes more memory than the build."""

OutputState = tuple[Stamp | None, str, bytes, NamedFingerprints]
"""A file that sitegen wrote: its stamp (None while it cannot be trusted), the fingerprint of its bytes, its page key,
and names and fingerprints of the values that rendering it read, one object for all pages that read the same."""

UNKNOWN: OutputState = (None, "", b"", NO_FINGERPRINTS)


class Snapshot(Struct, frozen=True):
    """The state of a site after a successful build: its inputs and its outputs.

    `output` is the key of the output folder, `inputs` the fingerprint of everything that is neither a file of the site
    nor the ledger. `ledgers` are the fingerprints of the ledgers with which the site is planned in the same way: of the
    one that the build has read, and of the one that a publish will write.
    From the time `since` (ns) until `until` the same inputs make the same site: then other posts become due or expire.
    `generation` is the number of builds that had changed the folder: if the build cache has a higher one, a later
    build did not finish. `pending` are the files that the build has deferred, which may be out of date or missing.
    `planned` is the generation of the build that has planned the site: later ones changed only bodies of posts.

    The rest is in memory only: `site` is the planned site, if this process has planned it; `is_checked` says that
    this process has compared all files of the folder; `is_stored`, that the build cache has this snapshot. `stored` are
    the files and outputs that the build cache has.
    """

    output: str = ""
    inputs: str = ""
    since: int = 0
    until: int | None = None
    files: FileIndex = field(default_factory=FileIndex)
    outputs: Mapping[str, OutputState] = field(default_factory=dict)
    skipped: tuple[SkippedPost, ...] = ()
    warnings: tuple[Problem, ...] = ()
    generation: int = 0
    pending: frozenset[str] = frozenset()
    planned: int = 0
    ledgers: tuple[str, ...] = ()
    site: "PlannedSite | None" = None
    is_checked: bool = False
    is_stored: bool = False
    stored: tuple[Mapping[str, FileState], Mapping[str, OutputState]] = ({}, {})

    def is_due(self, now: int) -> bool:
        """Return whether the same inputs make another site at a time (ns)."""
        return now < self.since or (self.until is not None and self.until <= now)


_OutputRows = tuple[tuple[NamedFingerprints, ...], dict[str, tuple[Stamp | None, str, bytes, int]]]
"""Files of the output: the values that pages read, each set once, and the files with the index of their set."""

_Row = tuple[
    str,  # inputs
    int,  # since
    int | None,  # until
    int,  # number of files
    int,  # number of outputs
    tuple[SkippedPost, ...],
    tuple[Problem, ...],
    int,  # generation
    frozenset[str],  # pending
    int,  # planned
    tuple[str, ...],  # ledgers
]
_read_row = Decoder(_Row).decode
_read_files = Decoder(dict[str, FileState]).decode
_read_output_rows = Decoder(_OutputRows).decode
_read_number = Decoder(int).decode


def load_generation(store: Store, output: str) -> int:
    """Return the number of builds that have started to change an output folder."""
    return store.get("fact", f"generation of {output}", _read_number) or 0


def store_generation(store: Store, output: str, generation: int) -> None:
    """Store the generation of a build that starts to change an output folder, so that other processes detect it."""
    store.put("fact", [(f"generation of {output}", generation)])


def load_snapshot(store: Store, output: str) -> Snapshot:
    """Return the snapshot of the last build into an output folder; an empty one if there is none.

    Raises StoreError if it is damaged, or names a file outside of the site or the output folder.
    """
    name = f"snapshot of {output}"
    row = store.get("fact", name, _read_row)
    if row is None:
        return Snapshot(output)
    inputs, since, until, files, outputs, skipped, warnings, generation, pending, planned, ledgers = row
    states = _load_parts(store, f"files of {name}", files, _read_files)
    known = _load_parts(store, f"outputs of {name}", outputs, _read_outputs)
    snapshot = Snapshot(
        output=output,
        inputs=inputs,
        since=since,
        until=until,
        files=FileIndex(states),
        outputs=known,
        skipped=skipped,
        warnings=warnings,
        generation=generation,
        pending=pending,
        planned=planned,
        ledgers=ledgers,
        is_stored=True,
        stored=(states, known),
    )
    for paths in (snapshot.files.states, snapshot.outputs):
        outside = find_outside(paths)
        if outside is not None:
            raise StoreError(f"{outside!r} in {name} is not a path inside of its folder")
    return snapshot


def store_snapshot(store: Store, snapshot: Snapshot) -> None:
    """Store the snapshot of a build that has succeeded."""
    name = f"snapshot of {snapshot.output}"
    row: _Row = (
        snapshot.inputs,
        snapshot.since,
        snapshot.until,
        len(snapshot.files.states),
        len(snapshot.outputs),
        snapshot.skipped,
        snapshot.warnings,
        snapshot.generation,
        snapshot.pending,
        snapshot.planned,
        snapshot.ledgers,
    )
    files, outputs = snapshot.files.states, snapshot.outputs
    before, before_outputs = snapshot.stored
    file_rows = _changed_parts(f"files of {name}", files, before)
    parts = _changed_parts(f"outputs of {name}", outputs, before_outputs)
    output_rows = ((key, _pack_outputs(part)) for key, part in parts)
    store.put("fact", chain([(name, row)], file_rows, output_rows))


def _pack_outputs(outputs: Mapping[str, OutputState]) -> _OutputRows:
    numbers: dict[NamedFingerprints, int] = {}
    rows = {
        path: (stamp, fingerprint, key, numbers.setdefault(reads, len(numbers)))
        for path, (stamp, fingerprint, key, reads) in outputs.items()
    }
    return tuple(numbers), rows


def _read_outputs(payload: bytes) -> dict[str, OutputState]:
    names, rows = _read_output_rows(payload)
    try:
        return {
            path: (stamp, fingerprint, key, names[number]) for path, (stamp, fingerprint, key, number) in rows.items()
        }
    except IndexError as error:
        raise ValidationError(str(error)) from error


def _changed_parts(
    name: str, files: Mapping[str, Value], stored: Mapping[str, Value]
) -> Iterator[tuple[str, dict[str, Value]]]:
    """Yield name and content of each row whose items are not the same objects, in the same order, in stored ones."""
    items, known = iter(files.items()), iter(stored.items())
    for start in range(0, len(files), FILES_PER_ROW):
        part, before = dict(islice(items, FILES_PER_ROW)), dict(islice(known, FILES_PER_ROW))
        if [*part] != [*before] or not all(map(is_, part.values(), before.values())):
            yield f"{name} {start}", part


def _load_parts(store: Store, name: str, size: int, read: Read[dict[str, Value]]) -> dict[str, Value]:
    files: dict[str, Value] = {}
    for start in range(0, size, FILES_PER_ROW):
        files |= store.get("fact", f"{name} {start}", read) or {}
    if len(files) != size:
        raise StoreError(f"{len(files)} of {size} in {name}")
    return files
