"""Files that begin with a fingerprint of their contents."""

import pytest

from sitegen.system.sealed_file import read_sealed, write_sealed


def test_contents_are_read_back(tmp_path):
    write_sealed(tmp_path / "file", b"contents")
    assert read_sealed(tmp_path / "file") == b"contents"


@pytest.mark.parametrize("position", [0, 31, 32, -1])
def test_a_damaged_file_has_no_contents(position, tmp_path):
    write_sealed(tmp_path / "file", b"contents")
    damaged = bytearray((tmp_path / "file").read_bytes())
    damaged[position] ^= 1
    (tmp_path / "file").write_bytes(damaged)
    assert read_sealed(tmp_path / "file") == b""


def test_a_shortened_file_has_no_contents(tmp_path):
    write_sealed(tmp_path / "file", b"contents")
    whole = (tmp_path / "file").read_bytes()
    for end in range(len(whole)):
        (tmp_path / "file").write_bytes(whole[:end])
        assert read_sealed(tmp_path / "file") == b""


def test_a_missing_file_and_a_folder_have_no_contents(tmp_path):
    assert read_sealed(tmp_path / "missing") == b""
    assert read_sealed(tmp_path) == b""
