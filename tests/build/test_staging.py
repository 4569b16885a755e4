"""Files wait in a folder of their own, which is gone when none waits any more."""

import pytest

from sitegen.build.staging import STAGE, Stage, place_apart
from tests.support.sites import tree


@pytest.fixture
def stage(tmp_path):
    made = Stage(str(tmp_path / "output"))
    made.open()
    return made


def test_a_file_waits_as_it_will_lie_or_apart(stage, tmp_path):
    stage.write("a/b/index.html", b"new")
    stage.write(place_apart("c/d/index.html"), b"changed")
    assert tree(tmp_path / "output" / STAGE) == {"a/b/index.html": b"new", place_apart("c/d/index.html"): b"changed"}


def test_each_path_waits_in_a_place_of_its_own():
    paths = [f"{folder}/{name}" for folder in ("a", "a/b", "é") for name in ("index.html", "a", "b/index.html")]
    assert len({place_apart(path) for path in paths}) == len(set(paths))


def test_rooms_that_another_process_made_are_used(stage, tmp_path):
    other = Stage(str(tmp_path / "output"))
    other.open()
    for one, name in ((stage, "1"), (other, "2")):
        one.write(f"a/b/{name}", b"x")
    assert set(tree(tmp_path / "output" / STAGE)) == {"a/b/1", "a/b/2"}


def test_a_copy_has_the_bytes_of_its_source(stage, tmp_path):
    (tmp_path / "picture.png").write_bytes(b"picture")
    with open(stage.copy("media/picture.png", tmp_path / "picture.png"), "rb") as copied:
        assert copied.read() == b"picture"


def test_closing_removes_the_folder_and_what_waits(stage, tmp_path):
    stage.write("a/index.html", b"new")
    assert stage.is_open
    stage.close()
    assert not stage.is_open
    assert tree(tmp_path / "output") == {}
    assert not (tmp_path / "output" / STAGE).exists()
