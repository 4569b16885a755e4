"""A snapshot comes back from the build cache as it was stored."""

import pytest
from msgspec import structs

from sitegen.build import snapshot as module
from sitegen.build.snapshot import (
    UNKNOWN,
    Snapshot,
    load_generation,
    load_snapshot,
    store_generation,
    store_snapshot,
)
from sitegen.cache.store import Store, StoreError
from sitegen.content.file_index import FileIndex
from sitegen.errors import Problem
from sitegen.model import SkippedPost
from sitegen.system.fingerprints import NO_FINGERPRINTS

OUTPUTS = {
    "a.html": (b"stamp 1", "f1", b"k1", (("site.tags", "file.x"), b"1234567812345678")),
    "b.html": (None, "f2", b"k2", NO_FINGERPRINTS),
    "c.html": (b"stamp 2", "f3", b"k3", (("site.tags", "file.x"), b"1234567812345678")),
    "d.html": (None, "f4", b"", (("file.y",), b"12345678")),
}
SNAPSHOT = Snapshot(
    "output",
    "inputs",
    10,
    20,
    outputs=OUTPUTS,
    skipped=(SkippedPost("p.md", "it is a draft"),),
    warnings=(Problem("w.md", 3, "odd", "fix it", "the line"),),
    generation=7,
    pending=frozenset({"feed.xml"}),
    ledgers=("f1", "f2"),
)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


@pytest.mark.parametrize("rows", [1, 2, 4, 4_096])
def test_a_snapshot_is_stored_in_rows_of_limited_size(store, monkeypatch, rows):
    monkeypatch.setattr(module, "FILES_PER_ROW", rows)
    store_snapshot(store, structs.replace(SNAPSHOT, is_checked=True))
    stored = SNAPSHOT.files.states, SNAPSHOT.outputs
    assert load_snapshot(store, "output") == structs.replace(SNAPSHOT, is_stored=True, stored=stored)
    assert load_snapshot(store, "public") == Snapshot("public")
    fewer = structs.replace(SNAPSHOT, outputs={"a.html": OUTPUTS["a.html"]}, until=None)
    store_snapshot(store, fewer)
    stored = SNAPSHOT.files.states, fewer.outputs
    assert load_snapshot(store, "output") == structs.replace(fewer, is_stored=True, stored=stored)


@pytest.mark.parametrize("rows", [1, 2, 4_096])
def test_only_the_rows_of_changed_files_are_written_again(store, monkeypatch, rows):
    monkeypatch.setattr(module, "FILES_PER_ROW", rows)
    store_snapshot(store, SNAPSHOT)
    last = load_snapshot(store, "output")
    first, *others = last.outputs
    changed = structs.replace(last, outputs={**last.outputs, first: UNKNOWN})
    store.remove("fact", [name for name in store.names("fact") if " of snapshot " in name])
    store_snapshot(store, changed)
    assert {name for name in store.names("fact") if " of snapshot " in name} == {"outputs of snapshot of output 0"}
    store_snapshot(store, structs.replace(changed, stored=({}, {})))
    assert load_snapshot(store, "output").outputs == changed.outputs
    fewer = structs.replace(last, outputs={name: last.outputs[name] for name in others})
    store_snapshot(store, fewer)
    assert load_snapshot(store, "output").outputs == fewer.outputs


def test_each_folder_counts_its_own_builds(store):
    assert load_generation(store, "output") == 0
    store_generation(store, "output", 3)
    assert (load_generation(store, "output"), load_generation(store, "public")) == (3, 0)


@pytest.mark.parametrize("path", ["../a.html", "/a.html", "a//b.html"])
def test_a_snapshot_with_paths_outside_of_the_folder_is_damage(store, path):
    store_snapshot(store, structs.replace(SNAPSHOT, outputs={path: OUTPUTS["a.html"]}))
    with pytest.raises(StoreError, match="in snapshot of output is not a path inside of its folder"):
        load_snapshot(store, "output")


def test_a_snapshot_with_missing_rows_is_damage(store, monkeypatch):
    store_snapshot(store, SNAPSHOT)
    monkeypatch.setattr(module, "FILES_PER_ROW", 2)
    store_snapshot(store, structs.replace(SNAPSHOT, outputs=dict(list(OUTPUTS.items())[:2])))
    name = "snapshot of output"
    row = ("inputs", 0, None, 0, 4, (), (), 1, frozenset(), 1, ())
    store.put("fact", [(name, row)])
    monkeypatch.setattr(module, "FILES_PER_ROW", 4_096)
    with pytest.raises(StoreError, match=r"2 of 4 in outputs of snapshot of output"):
        load_snapshot(store, "output")


def test_a_file_with_an_unknown_list_of_reads_is_damage(store):
    store_snapshot(store, SNAPSHOT)
    rows = ((("site.tags",), b"12345678"),), {name: (None, "f", b"k", number) for number, name in enumerate(OUTPUTS)}
    store.put("fact", [("outputs of snapshot of output 0", rows)])
    with pytest.raises(StoreError):
        load_snapshot(store, "output")


@pytest.mark.parametrize(
    ("since", "until", "now", "due"),
    [
        (0, None, 5, False),
        (5, None, 4, True),
        (5, None, 5, False),
        (0, 5, 4, False),
        (0, 5, 5, True),
        (0, 5, 6, True),
        (3, 5, 2, True),
    ],
)
def test_a_snapshot_is_due_outside_of_its_time(since, until, now, due):
    assert Snapshot(since=since, until=until, files=FileIndex()).is_due(now) is due
