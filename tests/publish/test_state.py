"""The record of a publish, and what a damaged one is worth."""

import json
from dataclasses import replace

import pytest

from sitegen.publish.state import PublishRecord, PublishState, read_record, write_record

STATE = PublishState(
    files={"b.html": ("2", "m2"), "a ü.html": ("1", "m1"), "odd\udcff": ("3", "")},
    pending=frozenset({"b.html", "c.html"}),
    commits=("123", "abc"),
    unnotified=frozenset({"d.html", "a.html"}),
)


def test_a_record_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "new/folder/web.json"
    write_record(path, STATE)
    assert read_record(path) == STATE
    table = json.loads(path.read_text("utf-8", "surrogatepass"))
    assert list(table) == ["files", "pending", "commits", "untold"]
    assert list(table["files"]) == sorted(STATE.files)
    assert (table["pending"], table["untold"]) == (["b.html", "c.html"], ["a.html", "d.html"])
    assert "ü" in path.read_text("utf-8", "replace")
    write_record(path, PublishState())
    assert read_record(path) == PublishState({}, frozenset(), (), frozenset())


WHOLE = {"files": {"a": ["1", "2"]}, "pending": ["a"], "commits": ["b"], "untold": ["c"]}


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        *(json.dumps({name: value for name, value in WHOLE.items() if name != gone}).encode() for gone in WHOLE),
        *(json.dumps(WHOLE | {name: 3}).encode() for name in WHOLE),
        json.dumps(WHOLE | {"files": {"a": ["1"]}}).encode(),
        json.dumps(WHOLE | {"files": {"a": None}}).encode(),
    ],
)
def test_a_damaged_record_is_an_empty_one(tmp_path, damage):
    path = tmp_path / "web.json"
    path.write_bytes(json.dumps(WHOLE).encode())
    assert read_record(path) == PublishState({"a": ("1", "2")}, frozenset("a"), ("b",), frozenset("c"))
    path.write_bytes(damage)
    assert read_record(path) == PublishState()


def test_a_missing_record_is_an_empty_one(tmp_path):
    assert read_record(tmp_path / "web.json") == PublishState()


def test_the_record_of_a_site_without_hubs_has_no_changes_to_notify_of(tmp_path):
    record = PublishRecord(tmp_path / "web.json", notifies=False)
    record.write(STATE)
    assert record.state == PublishRecord(record.path).state == replace(STATE, unnotified=frozenset())


def test_a_record_is_read_once_and_written_only_if_it_changes(tmp_path):
    path = tmp_path / "web.json"
    record = PublishRecord(path)
    record.write(STATE)
    path.write_bytes(b"")
    assert record.state == STATE
    record.write(STATE)
    assert path.read_bytes() == b""
    path.unlink()
    record.write(STATE)
    record.write(PublishState(commits=("abc",)))
    assert record.state == PublishRecord(path).state == PublishState(commits=("abc",))
