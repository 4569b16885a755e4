"""The trace of the last build: what it was made from and what it left, so that nothing is done twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from sitegen.errors import Problem
from sitegen.model import LeftOut
from sitegen.scan import Stamp
from sitegen.store import Store, StoreError

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
    come, or are due. `hooks` are the files that the site's hooks were loaded from, by name with fingerprint.
    """

    definition: str = ""
    since: int = 0
    until: int | None = None
    hooks: tuple[tuple[str, str], ...] = ()
    inputs: Mapping[str, Known] = field(default_factory=dict)
    outputs: Mapping[str, Left] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Problem, ...] = ()
    generation: int = 0

    def is_due(self, now: int) -> bool:
        """Say whether the same input means another site at a time (ns)."""
        return now < self.since or (self.until is not None and self.until <= now)


def load_trace(store: Store, output: str) -> Trace:
    """Return the trace of the last build into an output folder; an empty one if there is none."""
    name = f"trace {output}"
    row: tuple[Any, ...] | None = store.get("fact", name)
    if row is None:
        return Trace()
    definition, since, until, hooks, inputs, outputs, left_out, warnings, generation = row
    return Trace(
        definition,
        since,
        until,
        hooks,
        _load_parts(store, f"inputs of {name}", inputs),
        _load_parts(store, f"outputs of {name}", outputs),
        tuple(LeftOut(*item) for item in left_out),
        tuple(Problem(*item) for item in warnings),
        generation,
    )


def save_trace(store: Store, output: str, trace: Trace) -> None:
    """Keep the trace of a build that has ended well."""
    name = f"trace {output}"
    row = (
        trace.definition,
        trace.since,
        trace.until,
        trace.hooks,
        len(trace.inputs),
        len(trace.outputs),
        [(item.path, item.reason) for item in trace.left_out],
        [(item.path, item.line, item.message, item.hint, item.excerpt) for item in trace.warnings],
        trace.generation,
    )
    parts = chain(_parts(f"inputs of {name}", trace.inputs), _parts(f"outputs of {name}", trace.outputs))
    store.put("fact", chain([(name, row)], parts))


def _parts(name: str, files: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    items = iter(files.items())
    for start in range(0, len(files), PART):
        yield f"{name} {start}", dict(islice(items, PART))


def _load_parts(store: Store, name: str, size: int) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for start in range(0, size, PART):
        files |= store.get("fact", f"{name} {start}") or {}
    if len(files) != size:
        raise StoreError(f"{len(files)} of {size} in {name}")
    return files
