"""Rendered files wait in a folder of their own, which is removed in the end."""

import os

import pytest

from sitegen.build.staging import STAGE, Stage, path_apart
from tests.support.sites import tree

OLD = (None, "0" * 32, b"key", ())


@pytest.fixture
def stage(tmp_path):
    made = Stage(str(tmp_path / "output"), "output", {"c/d/index.html": OLD})
    made.open()
    return made


def test_a_new_file_is_staged_at_its_path_and_a_changed_one_apart(stage, tmp_path):
    assert stage.stage("a/b/index.html", b"key", (), b"new").staged == "a/b/index.html"
    assert stage.stage("c/d/index.html", b"key", (), b"changed").staged == path_apart("c/d/index.html")
    assert tree(tmp_path / "output" / STAGE) == {"a/b/index.html": b"new", path_apart("c/d/index.html"): b"changed"}


def test_a_file_with_the_same_bytes_is_not_staged(stage, tmp_path):
    fingerprint = stage.stage("a.html", b"key", (), b"same").fingerprint
    other = Stage(str(tmp_path / "output"), "output", {"a.html": (None, fingerprint, b"key", ())})
    assert other.stage("a.html", b"key", (), b"same").staged == ""


def test_each_path_is_staged_apart_at_a_path_of_its_own():
    paths = [f"{folder}/{name}" for folder in ("a", "a/b", "é") for name in ("index.html", "a", "b/index.html")]
    assert len({path_apart(path) for path in paths}) == len(set(paths))


def test_folders_that_another_process_created_are_used(stage, tmp_path):
    other = Stage(str(tmp_path / "output"), "output", {})
    other.open()
    for one, name in ((stage, "1"), (other, "2")):
        one.stage(f"a/b/{name}", b"key", (), b"x")
    assert set(tree(tmp_path / "output" / STAGE)) == {"a/b/1", "a/b/2"}


def test_a_copy_has_the_bytes_of_its_source(stage, tmp_path):
    (tmp_path / "image.png").write_bytes(b"image")
    staged = stage.stage_copy("media/image.png", b"key", tmp_path / "image.png", "0" * 32).staged
    assert (tmp_path / "output" / STAGE / staged).read_bytes() == b"image"


def test_closing_removes_the_folder_and_what_is_in_it(stage, tmp_path):
    stage.stage("a/index.html", b"key", (), b"new")
    stage.close()
    assert tree(tmp_path / "output") == {}
    assert not os.path.lexists(stage.folder)
