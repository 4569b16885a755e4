import dataclasses
import marshal
import os
import pickle
import sqlite3
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from msgspec.msgpack import Decoder, Ext

from sitegen.build import snapshot
from sitegen.build.stored_site import StoredSite
from sitegen.cache import store as store_module
from sitegen.cache.codec import POST_FORMS, EntryRow, TermsByLevel
from sitegen.cache.store import SCHEMA, Store, StoreError, discard
from sitegen.comments.discussion import DiscussionRow, ThreadPage
from sitegen.content import site_hooks
from sitegen.content.file_index import FileState
from sitegen.model import Body
from sitegen.site import page_codec
from sitegen.system.fingerprints import of_bytes

read_any = Decoder(Any).decode


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "work/store.db")
    yield made
    made.close()


def test_a_row_is_read_as_it_was_written(store):
    value = ("text", 1, 2.5, None, b"bytes", ("a", ("b",)), {"k": [1, 2]})
    read = Decoder(tuple[str, int, float, None, bytes, tuple[str, tuple[str]], dict[str, list[int]]]).decode
    store.put("source", [("name", value)])
    assert store.get("source", "name", read) == value
    assert dict(store.all("source", read)) == {"name": value}
    assert dict(store.some("source", ["name", "other"], read)) == {"name": value}


@pytest.mark.parametrize(
    "value",
    [1, "1", None, [1, 2], {"a": 1}, [1, "a", 1], Ext(1, b"1"), b"\xff", [[[[1]]]]],
    ids=["int", "str", "None", "list", "dict", "mixed", "extension", "bytes", "nested"],
)
def test_a_row_of_another_type_is_damage(store, value):
    store.put("fact", [("a", value)])
    with pytest.raises(StoreError, match="'a' of fact"):
        store.get("fact", "a", Decoder(tuple[int, str]).decode)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        b"\xa2\xff\xff",
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        marshal.dumps((1, "a")),
        pickle.dumps((1, "a")),
    ],
    ids=["empty", "reserved", "not UTF-8", "deep", "long array", "long map", "marshal", "pickle"],
)
def test_a_payload_that_cannot_be_decoded_is_damage(store, payload):
    data = store_module._check_sum("fact", "a", payload) + payload
    store.put_sealed("fact", [("a", data)])
    for value_type in (Any, tuple[int, str], dict[str, int], Body):
        with pytest.raises(StoreError):
            store.get("fact", "a", Decoder(value_type).decode)


def test_a_missing_row_is_none(store):
    assert store.get("body", "nothing", read_any) is None


def test_putting_again_replaces(store):
    store.put("fact", [("a", 1)])
    store.put("fact", [("a", 2)])
    assert store.get("fact", "a", read_any) == 2
    assert store.count("fact") == 1


def test_rows_are_removed_by_name(store):
    store.put("body", [("a", 1), ("b", 2)])
    store.remove("body", ["a"])
    assert store.names("body") == {"b"}


def test_rows_outlive_the_process(tmp_path):
    first = Store(tmp_path / "store.db")
    first.put("fact", [("a", 1)])
    first.close()
    second = Store(tmp_path / "store.db")
    assert second.get("fact", "a", read_any) == 1
    second.close()


def test_every_flipped_bit_of_a_row_is_found(store):
    store.put("body", [("a", ("html", 1))])
    (data,) = store.connection.execute("SELECT data FROM body").fetchone()
    for offset in range(len(data)):
        spoilt = bytearray(data)
        spoilt[offset] ^= 1 << offset % 8
        store.connection.execute("UPDATE body SET data = ?", (bytes(spoilt),))
        with pytest.raises(StoreError):
            store.get("body", "a", read_any)


def test_a_row_under_another_name_is_found(store):
    store.put("body", [("a", "html")])
    store.connection.execute("UPDATE body SET name = 'b'")
    with pytest.raises(StoreError):
        store.get("body", "b", read_any)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99, b"SQLite format 3\x00" + bytes(5000)])
def test_a_foreign_file_is_refused_or_empty(tmp_path, content):
    path = tmp_path / "store.db"
    path.write_bytes(content)
    store = Store(path)
    if content:
        with pytest.raises(StoreError):
            store.get("fact", "a", read_any)
    else:
        assert store.get("fact", "a", read_any) is None
    store.close()


def test_a_foreign_database_is_refused(tmp_path):
    other = sqlite3.connect(tmp_path / "store.db")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    with pytest.raises(StoreError):
        Store(tmp_path / "store.db").get("fact", "a", read_any)


def test_a_truncated_file_is_found(tmp_path):
    store = Store(tmp_path / "store.db")
    store.put("body", [(str(n), "x" * 1000) for n in range(100)])
    store.close()
    size = (tmp_path / "store.db").stat().st_size
    os.truncate(tmp_path / "store.db", size // 2)
    again = Store(tmp_path / "store.db")
    with pytest.raises(StoreError):
        list(again.all("body", read_any))
    again.close()


def test_discard_removes_the_file_and_its_journal(tmp_path):
    (tmp_path / "store.db").write_text("x")
    (tmp_path / "store.db-journal").write_text("x")
    discard(tmp_path / "store.db")
    assert list(tmp_path.iterdir()) == []


def test_discard_clears_away_a_folder_of_that_name(tmp_path):
    (tmp_path / "store.db").mkdir()
    (tmp_path / "store.db/inside").write_text("x")
    discard(tmp_path / "store.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_that_name_counts_as_damage(tmp_path):
    (tmp_path / "store.db").mkdir()
    with pytest.raises(StoreError):
        Store(tmp_path / "store.db").get("fact", "a", read_any)


def test_a_forked_process_opens_the_file_again(store):
    store.put("fact", [("a", 1)])
    parent = id(store.connection)
    process = os.fork() if hasattr(os, "fork") else 0
    if process == 0:
        os._exit(0 if id(store.connection) != parent and store.get("fact", "a", read_any) == 1 else 1)
    assert os.waitpid(process, 0)[1] == 0


def test_a_replaced_file_is_noticed(store):
    store.put("fact", [("a", 1)])
    assert store.is_current()
    store.path.rename(store.path.with_name("elsewhere"))
    assert not store.is_current()


ROW_FORMS = (26, "a6e9903c9be331d8035fd3463651fd1b")
"""The number of the cache's schema, and the fingerprint of the forms of all rows that it was given for."""


def describe(row):
    """Return the form of a type as text, with the attributes of classes."""
    if dataclasses.is_dataclass(row) or hasattr(row, "__struct_fields__"):
        attributes = [f"{name}: {describe(part)}" for name, part in get_type_hints(row).items()]
        return f"{row.__name__}({', '.join(attributes)})"
    name = getattr(get_origin(row) or row, "__name__", str(row)).removesuffix("Type")  # Union is UnionType before 3.14
    parts = ", ".join(map(describe, get_args(row)))
    return f"{name}[{parts}]" if parts else name


def describe_rows():
    """Return the form of each row of the build cache as text."""
    post = [f"{name}: {describe(form.row)}" for name, form in POST_FORMS.items()]
    known = dict[str, site_hooks.Known]
    others = (
        EntryRow,
        Body,
        TermsByLevel,
        snapshot._Row,
        snapshot._OutputRows,
        StoredSite,
        page_codec.PageRow,
        FileState,
        known,
        DiscussionRow,
        ThreadPage,
    )
    return "\n".join([*post, *map(describe, others)])


def test_a_row_of_another_form_is_of_another_version_of_the_cache_and_not_damaged():
    found = (SCHEMA, of_bytes(describe_rows().encode()))
    assert found == ROW_FORMS, "increase SCHEMA in sitegen/cache/store.py, and record the number and fingerprint here"
