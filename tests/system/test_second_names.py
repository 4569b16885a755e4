"""Second names of files, and copies where the file system has none."""

import errno
import os

import pytest

from sitegen.system.files import stamp_of
from sitegen.system.second_names import add_name, remove_names


@pytest.fixture
def file(tmp_path):
    for folder in ("site", "names"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "site/a.html"
    path.write_text("words")
    return path


def test_a_file_with_a_second_name_gets_its_new_stamp_when_the_name_is_removed(file, tmp_path):
    name = tmp_path / "names/a.html"
    before = stamp_of(file.stat())
    stamps = add_name(str(file), str(name))
    assert stamps == (before, stamp_of(file.stat()))
    assert name.samefile(file)
    renewed = remove_names(f"{tmp_path}/site", f"{tmp_path}/names", {"a.html": stamps})
    assert renewed == {"a.html": (before, stamp_of(file.stat()))}
    assert not name.exists()


def test_a_file_that_was_changed_meanwhile_gets_no_stamp(file, tmp_path):
    stamps = add_name(str(file), str(tmp_path / "names/a.html"))
    file.write_text("other words")
    assert remove_names(f"{tmp_path}/site", f"{tmp_path}/names", {"a.html": stamps}) == {}


def test_a_file_is_copied_where_it_cannot_have_a_second_name(file, tmp_path, monkeypatch):
    def refuse(path, _):
        raise OSError(errno.EPERM, "Operation not permitted", path)

    monkeypatch.setattr(os, "link", refuse)
    name = tmp_path / "names/a.html"
    assert add_name(str(file), str(name)) is None
    assert name.read_text() == "words"
    assert not name.samefile(file)
