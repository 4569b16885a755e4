"""The trace of the last build: what it was made from and what it left, so that nothing is done twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from msgspec import ValidationError
from msgspec.msgpack import Decoder

from sitegen.cache.store import Read, Store, StoreError, Value
from sitegen.errors import Problem
from sitegen.model import LeftOut
from sitegen.system.files import Stamp
from sitegen.system.paths import find_outside

PART = 4_096
"""So many files are kept in one row, so that no row takes more memory than the build."""

Known = tuple[Stamp | None, str]
"""A file's stamp, None where it may not be believed, and the fingerprint of its bytes."""

Left = tuple[Stamp | None, str, bytes, tuple[str, ...]]
"""The same of a file that we wrote, with the key that it was drawn for and the names of what that read."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What the last build into an output folder was made from (`definition`, `inputs`) and left (`outputs`).

    `generation` counts the builds that changed an output folder: if there was a later one, it ended early.

    Before the time `since` (ns) and from `until` on the same input means another site: posts have dates to
    come, or are due.
    """

    definition: str = ""
    since: int = 0
    until: int | None = None
    inputs: Mapping[str, Known] = field(default_factory=dict)
    outputs: Mapping[str, Left] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Problem, ...] = ()
    generation: int = 0

    def is_due(self, now: int) -> bool:
        """Say whether the same input means another site at a time (ns)."""
        return now < self.since or (self.until is not None and self.until <= now)


_Files = tuple[tuple[tuple[str, ...], ...], dict[str, tuple[Stamp | None, str, bytes, int]]]
"""Files of the output: what pages read, each set of names once, and the files with the number of theirs."""

_Row = tuple[
    str,  # definition
    int,  # since
    int | None,  # until
    int,  # number of inputs
    int,  # number of outputs
    tuple[LeftOut, ...],
    tuple[Problem, ...],
    int,  # generation
]
_read_row = Decoder(_Row).decode
_read_inputs = Decoder(dict[str, Known]).decode
_read_files = Decoder(_Files).decode


def load_trace(store: Store, output: str) -> Trace:
    """Return the trace of the last build into an output folder; an empty one if there is none.

    Raises StoreError where it is damaged, or names a file outside of the site or the output folder.
    """
    name = f"trace {output}"
    row = store.get("fact", name, _read_row)
    if row is None:
        return Trace()
    definition, since, until, inputs, outputs, left_out, warnings, generation = row
    trace = Trace(
        definition,
        since,
        until,
        _load_parts(store, f"inputs of {name}", inputs, _read_inputs),
        _load_parts(store, f"outputs of {name}", outputs, _read_outputs),
        left_out,
        warnings,
        generation,
    )
    for paths in (trace.inputs, trace.outputs):
        outside = find_outside(paths)
        if outside is not None:
            raise StoreError(f"{outside!r} in {name} is not a path inside of its folder")
    return trace


def save_trace(store: Store, output: str, trace: Trace) -> None:
    """Keep the trace of a build that has ended well."""
    name = f"trace {output}"
    row: _Row = (
        trace.definition,
        trace.since,
        trace.until,
        len(trace.inputs),
        len(trace.outputs),
        trace.left_out,
        trace.warnings,
        trace.generation,
    )
    inputs = _parts(f"inputs of {name}", trace.inputs)
    outputs = ((key, _pack_outputs(part)) for key, part in _parts(f"outputs of {name}", trace.outputs))
    store.put("fact", chain([(name, row)], inputs, outputs))


def _pack_outputs(files: Mapping[str, Left]) -> _Files:
    numbers: dict[tuple[str, ...], int] = {}
    rows = {
        path: (stamp, fingerprint, key, numbers.setdefault(reads, len(numbers)))
        for path, (stamp, fingerprint, key, reads) in files.items()
    }
    return tuple(numbers), rows


def _read_outputs(payload: bytes) -> dict[str, Left]:
    names, files = _read_files(payload)
    try:
        return {
            path: (stamp, fingerprint, key, names[number]) for path, (stamp, fingerprint, key, number) in files.items()
        }
    except IndexError as error:
        raise ValidationError(str(error)) from error


def _parts(name: str, files: Mapping[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    items = iter(files.items())
    for start in range(0, len(files), PART):
        yield f"{name} {start}", dict(islice(items, PART))


def _load_parts(store: Store, name: str, size: int, read: Read[dict[str, Value]]) -> dict[str, Value]:
    files: dict[str, Value] = {}
    for start in range(0, size, PART):
        files |= store.get("fact", f"{name} {start}", read) or {}
    if len(files) != size:
        raise StoreError(f"{len(files)} of {size} in {name}")
    return files
