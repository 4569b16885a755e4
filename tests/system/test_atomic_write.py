"""A file is replaced in one step, also if the write is interrupted."""

import ast
import errno
import os
import re
from pathlib import Path

import pytest

from sitegen.system.atomic_write import (
    ENDING,
    is_temporary,
    replacing,
    temporary_of,
    write_atomically,
    write_if_changed,
)
from sitegen.system.files import is_ignored

PACKAGE = Path(__file__).parents[2] / "sitegen"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "published.json"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("options", [{}, {"durable": True}, {"concurrent": True}, {"mode": 0o600}])
def test_writing_a_file_leaves_no_other_file(file, options):
    write_atomically(file, b"new", **options)
    new = file.with_name("other.json")
    write_atomically(new, b"", **options)
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == {
        "published.json": b"new",
        "other.json": b"",
    }
    if os.name != "nt" and options.get("mode"):
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "no room")])
def test_an_interrupted_write_does_not_change_the_old_file(file, error):
    def break_off():
        with replacing(file) as temporary:
            temporary.write_bytes(b"ha")
            raise error

    with pytest.raises(type(error)):
        break_off()
    assert [(path.name, path.read_bytes()) for path in file.parent.iterdir()] == [("published.json", b"old")]


def test_the_next_write_removes_the_temporary_file_of_a_killed_one(file):
    temporary_of(file).write_bytes(b"half of a longer text")
    write_atomically(file, b"new")
    assert [path.name for path in file.parent.iterdir()] == ["published.json"]
    assert file.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(file, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"mine")
    temporary_of(file).symlink_to(precious)
    write_atomically(file, b"new")
    assert (precious.read_bytes(), file.read_bytes()) == (b"mine", b"new")


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_with_equal_content_is_not_written(file, durable):
    os.utime(file, ns=(0, 0))
    assert not write_if_changed(file, b"old", durable=durable)
    assert file.stat().st_mtime_ns == 0
    assert write_if_changed(file, b"new", durable=durable)
    assert (file.read_bytes(), file.stat().st_mtime_ns > 0) == (b"new", True)


def test_a_new_file_is_written_with_its_folder(tmp_path):
    assert write_if_changed(tmp_path / "deep/er/new.json", b"")
    assert (tmp_path / "deep/er/new.json").read_bytes() == b""


def test_concurrent_writers_have_temporary_files_of_their_own(file):
    with replacing(file, concurrent=True) as first, replacing(file, concurrent=True) as second:
        assert first != second
        first.write_bytes(b"1")
        second.write_bytes(b"2")
    assert file.read_bytes() == b"1"
    assert len(list(file.parent.iterdir())) == 1


@pytest.mark.parametrize("name", ["a", "ü" * 120, "😀" * 63, "x" * 255, ".hidden"])
def test_a_temporary_file_is_hidden_and_its_name_is_never_too_long(tmp_path, name):
    write_atomically(tmp_path / name, b"new", concurrent=True)
    write_atomically(tmp_path / name, b"newer")
    for temporary in (temporary_of(tmp_path / name), temporary_of(tmp_path / name, "0" * 16)):
        assert is_temporary(temporary.name)
        assert is_ignored(temporary.name)
        assert len(temporary.name.encode()) <= 255


def test_an_error_names_the_file(file, monkeypatch):
    def fail(_):
        raise OSError(errno.EIO, "bad disk")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="published"):
        write_atomically(file, b"new", durable=True)
    assert [(path.name, path.read_bytes()) for path in file.parent.iterdir()] == [("published.json", b"old")]


RENAMES = {
    "system/atomic_write.py": "the one home",
    "build/output.py": "moves files that wait in the stage, and the trace of each is kept",
    "publish/targets/folder.py": "moves a whole folder",
}


def test_no_other_module_writes_a_temporary_file_and_renames_it():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called, count = ast.unparse(node.func), len(node.args)
                # `str.replace` takes two strings, `Path.replace` one path, `dataclasses.replace` names.
                if re.search(r"\bos\.(?:replace|rename)$|\.rename$", called) or (
                    called.endswith(".replace") and count == 1 and not node.keywords
                ):
                    found.add(path.relative_to(PACKAGE).as_posix())
    assert found == RENAMES.keys()
    assert ENDING not in "".join(
        path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "atomic_write.py"
    )
