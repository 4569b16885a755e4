"""The build cache as an attacker would write it: sealed with the right check sums, and wrong in what it says."""

import marshal
import os
import pickle
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import MsgspecError
from msgspec.msgpack import Decoder

from sitegen.build.builder import Builder
from sitegen.build.manifest import manifest_of, read_manifest, write_manifest
from sitegen.build.request import Request
from sitegen.build.snapshot import _read_files, _read_outputs, _read_row, load_snapshot
from sitegen.build.stored_site import read_stored_site
from sitegen.cache import store as store_module
from sitegen.cache.codec import Unpacker, read_body, read_search, read_source
from sitegen.cache.store import TABLES, Store, StoreError
from sitegen.comments.discussion import read_discussion, read_page
from sitegen.config.load import read_config
from sitegen.content.site_hooks import _read_row as _read_hooks
from sitegen.errors import SiteError
from sitegen.site.page_codec import read_page_row
from sitegen.site.term_lines import read_terms
from tests.support.sites import build, make_site, post, tree, write

read_any = Decoder(Any).decode
READERS = {
    "source": read_source,
    "body": read_body,
    "search": read_search,
    "terms": read_terms,
    "page": read_page_row,
    "discussion": read_discussion,
    "thread": read_page,
    "fact snapshot": _read_row,
    "fact site": read_stored_site,
    "fact files": _read_files,
    "fact outputs": _read_outputs,
    "fact hooks": _read_hooks,
}
PIECES = (b"\xdd\xff\xff\xff\xff", b"\xc0", b"\xc7\x02\x01", b"../")
"""An array of four thousand million items, nil, an extension, a way out."""

OUTSIDE = ("../precious.txt", "posts/../../precious.txt", "/precious.txt", "..", "posts//x", "./x", "x/.", "", "a\0b")


def rows_of(path: Path) -> list[tuple[str, str, bytes]]:
    """Return the table, the name and the payload of each row."""
    with sqlite3.connect(path) as connection:
        rows = [
            (table, name, data[store_module.SEAL_BYTES :])
            for table in TABLES
            for name, data in connection.execute(f"SELECT name, data FROM {table} ORDER BY name")
        ]
    connection.close()
    return rows


def put_payload(path: Path, table: str, name: str, payload: bytes) -> None:
    """Write a row with the right check sum."""
    store = Store(path)
    store.put_sealed(table, [(name, store_module._check_sum(table, name, payload) + payload)])
    store.close()


def mutations(payload: bytes, random: Random, count: int) -> Iterator[bytes]:
    """Yield changed payloads: bits, bytes, lengths, pieces of it twice or not at all."""
    for _ in range(count):
        data = bytearray(payload)
        for _ in range(random.choice((1, 1, 1, 2, 8))):
            start = random.randrange(len(data) + 1)
            end = min(len(data), start + random.choice((0, 1, 1, 2, 16)))
            piece = random.choice(
                (
                    b"",
                    random.randbytes(1),
                    data[start:end] * 2,
                    b"\xdd\xff\xff\xff\xff",
                    b"\xc0",
                    b"\xc7\x02\x01",
                    b"../",
                )
            )
            data[start:end] = piece
        yield bytes(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A site with every type of row, built once."""
    fields = "title: A\ndate: 2024-01-02T03:04:05+01:00\nsource: {name: S, url: https://s.example/}\nviews: 7\n"
    params = "params: {at: 2024-01-02, big: 123456789012345678901234567890, list: [1, {a: b}], half: 0.5}\n"
    text = f"---\n{fields}{params}---\n\n# H\n\nT.\n"
    files = {
        "content/posts/2024-01-04-full.md": text,
        "content/posts/2024-01-04-full.comments.yaml": "- id: c1\n  author: Ann\n  date: 2024-02-03\n  text: Yes.\n",
        "hooks.py": "def finish(path, data):\n    return data\n",
    }
    root = make_site(tmp_path_factory.mktemp("built") / "site", files)
    build(root)
    return root


@pytest.fixture
def site(built, tmp_path):
    """A copy of that site, with a file beside it that is none of its own."""
    (tmp_path / "precious.txt").write_text("mine")
    return Path(shutil.copytree(built, tmp_path / "site"))


def test_ten_thousand_changed_rows_are_read_as_their_type_or_rejected_by_name(site):
    plain = make_site(site.parent / "plain")  # a site with comments has no row of the whole site
    build(plain)
    rows = [
        (f"{table} {name.partition(' ')[0]}" if table == "fact" else table, name, payload)
        for root in (site, plain)
        for table, name, payload in rows_of(root / ".sitegen/store.db")
    ]
    random, unpacker = Random(1), Unpacker()
    known = [(READERS[row_type], payload) for row_type, _, payload in rows if row_type in READERS]
    assert {row_type for row_type, _, _ in rows} >= READERS.keys()
    count = rejected = 0
    while count < 10_000:
        for read, payload in known:
            for changed in mutations(payload, random, 20):
                count += 1
                try:
                    value = store_module._unseal("t", "n", store_module._check_sum("t", "n", changed) + changed, read)
                    if read is read_source:
                        unpacker.entry(value[2])
                except StoreError:
                    rejected += 1
    assert rejected > count / 4


@pytest.mark.parametrize("seed", range(3))
def test_a_build_with_changed_rows_runs_nothing_and_ends_like_a_clean_one(site, seed, monkeypatch):
    expected = tree(site / "output")
    random = Random(seed)
    mark = site.parent / "RAN"
    code = compile(f"open({str(mark)!r}, 'w')", "template", "exec")
    store = Store(site / ".sitegen/store.db")
    for table in TABLES:
        rows = [row for row in rows_of(store.path) if row[0] == table]
        for _, name, payload in random.sample(rows, min(3, len(rows))):
            changed = next(mutations(payload, random, 1))
            if read_or_none(table, name, changed) is None:
                put_payload(store.path, table, name, changed)
    for number, payload in enumerate((pickle.dumps(Bomb(mark)), marshal.dumps(code))):
        put_payload(store.path, "fact", f"program {number}", payload)
    name = random.choice(sorted(row[1] for row in rows_of(store.path) if row[0] == "fact"))
    put_payload(store.path, "fact", name, pickle.dumps(Bomb(mark)))
    for module, function in ((marshal, "loads"), (pickle, "loads"), (pickle, "load")):
        monkeypatch.delattr(module, function)
    with closing(Builder(site, time.time_ns)) as builder:
        builder.build(read_config(site).config, Request())
    write(site, {"content/posts/2024-01-01-first.md": post("First", "2024-01-01", "The first letter.")})
    with closing(Builder(site, time.time_ns)) as builder:
        builder.build(read_config(site).config, Request())
    assert tree(site / "output") == expected
    assert not mark.exists()


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def read_or_none(table: str, name: str, payload: bytes) -> object:
    """Return what a payload holds, None if it is not of its row's type."""
    row_type = f"{table} {name.partition(' ')[0]}" if table == "fact" else table
    try:
        return READERS.get(row_type, read_any)(payload)
    except (MsgspecError, ValueError, RecursionError):
        return None


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("part", ["files", "outputs"])
def test_a_snapshot_that_names_a_file_outside_of_its_folder_is_damage(site, part, path):
    harm_snapshot(site, part, path)
    store = Store(site / ".sitegen/store.db")
    with pytest.raises(StoreError, match="not a path inside"):
        load_snapshot(store, "output")
    store.close()


def harm_snapshot(site: Path, part: str, path: str) -> None:
    """Put a path into a part of the snapshot."""
    store = Store(site / ".sitegen/store.db")
    name = f"{part} of snapshot of output 0"
    value = store.get("fact", name, read_any)
    files = value if part == "files" else value[1]
    files[path] = files.pop(next(iter(files)))
    store.put("fact", [(name, value)])
    store.close()


def test_a_build_with_such_a_snapshot_says_so_and_removes_nothing(site):
    expected = tree(site / "output")
    harm_snapshot(site, "outputs", "../../precious.txt")
    (warning,) = build(site).warnings
    assert "'../../precious.txt' in snapshot of output" in str(warning)
    assert tree(site / "output") == expected
    assert (site.parent / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize("path", [*OUTSIDE, "../site/sitegen.toml"])
def test_a_manifest_lists_no_file_outside_of_the_output(tmp_path, path):
    write_manifest(tmp_path / "written.txt", {"a/b.html", path})
    assert read_manifest(tmp_path / "written.txt") == {"a/b.html"}


def test_a_build_with_such_a_manifest_removes_nothing(site):
    manifest = manifest_of(site / ".sitegen", "output")
    write_manifest(manifest, {*read_manifest(manifest), "../../precious.txt", "../sitegen.toml"})
    (site / ".sitegen/store.db").unlink()
    build(site)
    assert (site.parent / "precious.txt").read_text() == "mine"
    assert (site / "sitegen.toml").exists()


def test_a_manifest_of_any_bytes_is_read(tmp_path):
    random, manifest = Random(2), tmp_path / "written.txt"
    write_manifest(manifest, ["index.html", "posts/a/index.html", "ä.txt"])
    data = manifest.read_bytes()
    for changed in (*mutations(data, random, 2_000), b"\xff" * 100, bytes(100)):
        manifest.write_bytes(changed)
        assert read_manifest(manifest) <= {"index.html", "posts/a/index.html", "ä.txt", ""}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (4, "../../precious.txt", "is not a path inside"),
        (4, "a\0b", "is not a path inside"),
        (4, "/precious.txt", "is not a path inside"),
        (0, "../../precious.txt", "is not a path inside"),
        (5, "yesterday", "Invalid isoformat"),
    ],
)
def test_a_cached_post_with_an_outside_path_or_without_date_is_parsed_again(site, field, value, message):
    expected = tree(site / "output")
    store = Store(site / ".sitegen/store.db")
    name = "content/posts/2024-01-01-first.md"
    fingerprint, context, (fields, *rest) = store.get("source", name, read_source)
    changed = (*fields[:field], value, *fields[field + 1 :])
    with pytest.raises(StoreError, match=message):
        Unpacker().entry((changed, *rest))
    if field == 4:
        store.put("source", [(name, (fingerprint, context, (changed, *rest)))])
        store.close()
        shutil.rmtree(site / "output")
        assert any("a new one was created" in str(warning) for warning in build(site).warnings)
        assert tree(site / "output") == expected
        assert (site.parent / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize("field", ["slug", "aliases", "tags"])
def test_no_other_field_of_a_cached_post_is_written_outside_of_the_output(site, field):
    before = {path for path in tree(site.parent) if not path.startswith(("site/output/", "site/.sitegen/"))}
    store = Store(site / ".sitegen/store.db")
    name = "content/posts/2024-01-01-first.md"
    fingerprint, context, (fields, *rest) = store.get("source", name, read_source)
    out = "/../../../precious"
    number = {"slug": 2, "tags": 13, "aliases": 23}[field]
    value = {"slug": out, "tags": [("A", out, f"{out}/")], "aliases": [f"{out}/", f"{out}.txt"]}[field]
    store.put("source", [(name, (fingerprint, context, ((*fields[:number], value, *fields[number + 1 :]), *rest)))])
    store.close()
    shutil.rmtree(site / "output")
    with suppress(SiteError):
        build(site)
    assert {path for path in tree(site.parent) if not path.startswith(("site/output/", "site/.sitegen/"))} == before
    assert (site.parent / "precious.txt").read_text() == "mine"


def harm_hooks(site: Path, path: str) -> None:
    """Put a path among the files that the hooks have read."""
    store = Store(site / ".sitegen/store.db")
    store.put("fact", [("hooks", ("", {path: (None, "0")}))])
    store.close()


@pytest.mark.parametrize("path", [*OUTSIDE, "<installed>/../x"])
def test_a_file_outside_of_the_site_among_those_that_hooks_read_is_damage(site, path):
    expected = tree(site / "output")
    harm_hooks(site, path)
    (warning,) = build(site).warnings
    assert "not a path inside" in str(warning)
    assert tree(site / "output") == expected


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in the file system")
def test_a_pipe_among_the_files_that_hooks_read_is_not_opened(site):
    pipe = site / "pipe.py"
    os.mkfifo(pipe)
    opened = []
    # Opening a pipe for writing waits until it is opened for reading.
    writer = threading.Thread(target=lambda: opened.append(pipe.write_bytes(b"")))
    writer.start()
    harm_hooks(site, "pipe.py")
    build(site)
    opened_by_build = bool(opened)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer.join()
    os.close(reader)
    assert not opened_by_build
