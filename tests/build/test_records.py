"""The lists of what sitegen wrote: the manifest beside the site, and the record in the user's cache folder."""

import os

import pytest

from sitegen.build import output_record
from sitegen.build.manifest import manifest_of, read_manifest, write_manifest
from sitegen.build.output_record import OutputRecord
from sitegen.build.snapshot import UNKNOWN

OUTPUTS = {"b ü.html": (None, "1" * 32, b"k", ("x",)), "a/b.html": (None, "2" * 32, b"", ())}
RECORDED = {"b ü.html": "1" * 32, "a/b.html": "2" * 32}


def test_each_output_folder_has_its_own_manifest(tmp_path):
    names = [manifest_of(tmp_path, name) for name in ("output", "public", "/output")]
    assert len(set(names)) == 3
    assert {name.parent for name in names} == {tmp_path}
    assert all(name.name.startswith("written-") and name.suffix == ".txt" for name in names)
    assert [len(name.stem) for name in names] == [len("written-") + 8] * 3
    assert manifest_of(tmp_path, "output") == names[0]


def test_a_manifest_is_sorted_with_a_check_sum_on_each_line(tmp_path):
    manifest = tmp_path / "m.txt"
    write_manifest(manifest, ["b", "a ü", "c/d"])
    rows = manifest.read_bytes().split(b"\n")
    assert [row[9:].decode() for row in rows] == ["a ü", "b", "c/d", ""]
    assert [len(row.split(b" ")[0]) for row in rows] == [8, 8, 8, 0]
    assert read_manifest(manifest) == {"a ü", "b", "c/d"}
    write_manifest(manifest, [])
    assert read_manifest(manifest) == set()


def test_paths_outside_of_the_folder_are_skipped(tmp_path):
    manifest = tmp_path / "m.txt"
    write_manifest(manifest, ["a", "../b", "/c", "d//e", "f/./g", "h/.."])
    assert read_manifest(manifest) == {"a"}
    manifest.write_bytes(manifest.read_bytes() + b"\n\nx\n \n")
    assert read_manifest(manifest) == {"a"}


def test_a_record_has_the_fingerprint_of_each_file(tmp_path):
    cache, folder = tmp_path / "cache", tmp_path / "output"
    record = OutputRecord(cache, folder)
    assert record.read() == {}
    record.write(OUTPUTS, {})
    assert record.file.read_text("utf-8") == f"{'2' * 32} a/b.html\n{'1' * 32} b ü.html\n"
    assert record.read() == RECORDED
    assert OutputRecord(cache, tmp_path / "x/../output").read() == RECORDED, "a folder has one record"
    assert OutputRecord(cache, tmp_path / "other").read() == {}
    assert record.file.parent == cache / "outputs"
    assert record.file.parent.stat().st_mode & 0o777 == 0o700


def test_changed_fingerprints_are_appended_to_a_record(tmp_path):
    record = OutputRecord(tmp_path / "cache", tmp_path / "output")
    record.write(OUTPUTS, {})
    name = next(iter(OUTPUTS))
    before = OUTPUTS
    for number in range(8):
        fingerprint = f"{number}" * 32
        outputs = {**OUTPUTS, name: (None, fingerprint, b"", ())}
        size = record.file.stat().st_size
        record.write(outputs, before)
        assert record.read() == {**RECORDED, name: fingerprint}
        assert record.file.stat().st_size > size or size > 90, "it is written again before it gets long"
        before = outputs
    assert record.file.stat().st_size < 150
    record.file.write_bytes(b"damage")
    record.write(OUTPUTS, before)
    assert record.read() == RECORDED


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x", b"x /etc/passwd\ny ../a\nz ", b""])
def test_a_damaged_record_is_empty(tmp_path, data):
    record = OutputRecord(tmp_path, tmp_path / "output")
    record.write(OUTPUTS, {})
    record.file.write_bytes(data)
    assert record.read() == {}


def test_without_a_cache_folder_nothing_is_recorded(tmp_path):
    record = OutputRecord(None, tmp_path / "output")
    record.write(OUTPUTS, {})
    assert (record.file, record.read(), list(tmp_path.iterdir())) == (None, {}, [])


def test_a_record_that_cannot_be_written_is_skipped(tmp_path):
    (tmp_path / "cache").write_text("a file")
    record = OutputRecord(tmp_path / "cache", tmp_path / "output")
    record.write(OUTPUTS, {})
    assert record.read() == {}


def test_the_oldest_records_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(output_record, "MAX_RECORDS", 3)
    records = [OutputRecord(tmp_path, tmp_path / str(number)) for number in range(5)]
    for number, record in enumerate(records):
        record.write({"a": UNKNOWN}, {})
        os.utime(record.file, ns=(number, number))
    records[0].write(OUTPUTS, {})
    assert [record.file.exists() for record in records] == [True, False, False, True, True]
