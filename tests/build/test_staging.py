"""Rendered files wait in a folder of their own, which is removed in the end."""

import os

import pytest
from msgspec import structs

from sitegen.build.staging import STAGE, Stage, StagedFile, fingerprint_of, path_apart
from sitegen.errors import Problem, SiteError
from sitegen.system.fingerprints import NO_FINGERPRINTS, of_bytes
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


def test_a_staged_file_says_what_it_was_rendered_from(stage, tmp_path):
    fingerprint = of_bytes(b"new")
    reads = ("site.tags", "file.x")
    assert stage.stage("a/b.html", b"key", reads, b"new") == StagedFile(
        "a/b.html", b"key", reads, fingerprint, "a/b.html"
    )
    apart = path_apart("c/d/index.html")
    assert stage.stage("c/d/index.html", b"k", (), b"new") == StagedFile("c/d/index.html", b"k", (), fingerprint, apart)
    (tmp_path / "source").write_bytes(b"new")
    copied = StagedFile("x/source", b"key", NO_FINGERPRINTS, fingerprint, "x/source")
    assert stage.stage_copy("x/source", b"key", tmp_path / "source", "an old fingerprint") == copied
    known = Stage(str(tmp_path / "output"), "output", {"x/source": (None, fingerprint, b"", ())})
    assert known.stage_copy("x/source", b"key", tmp_path / "gone", fingerprint) == structs.replace(copied, staged="")
    assert known.stage("x/source", b"key", reads, b"new") == structs.replace(copied, staged="", reads=reads)


def test_an_empty_file_and_a_large_one_are_written_whole(stage, tmp_path):
    large = bytes(range(256)) * 10_000
    stage.stage("empty", b"", (), b"")
    stage.stage("large", b"", (), large)
    assert tree(tmp_path / "output" / STAGE) == {"empty": b"", "large": large}


@pytest.mark.parametrize("path", ["../a.html", "/a.html", "a/../../b"])
def test_nothing_is_staged_outside_of_the_output_folder(stage, tmp_path, path):
    message = "the file would be written outside of the output folder"
    hint = "run `sitegen build --fresh`: the build cache may be damaged"
    for call in (lambda: stage.stage(path, b"", (), b"x"), lambda: stage.stage_copy(path, b"", tmp_path / "x", "f")):
        with pytest.raises(SiteError) as error:
            call()
        assert error.value.problems == (Problem(path, 0, message, hint),)
    assert tree(tmp_path) == {}


def test_an_error_names_the_file_in_the_output_folder(stage, tmp_path):
    (tmp_path / "output" / STAGE / "a").write_text("a file where a folder must be")
    with pytest.raises(NotADirectoryError):
        stage.stage("a/b.html", b"", (), b"x")
    with pytest.raises(FileNotFoundError) as error:
        stage.stage_copy("b/c.png", b"", tmp_path / "gone.png", "f")
    assert error.value.filename == str(tmp_path / "gone.png")


def test_a_fingerprint_is_that_of_the_bytes_or_empty(tmp_path):
    (tmp_path / "a").write_bytes(b"new")
    assert fingerprint_of(str(tmp_path / "a")) == of_bytes(b"new")
    assert fingerprint_of(str(tmp_path / "gone")) == ""
    assert fingerprint_of(str(tmp_path)) == ""


def test_a_stage_can_be_opened_twice_and_closed_when_it_is_gone(stage):
    stage.stage("a", b"", (), b"x")
    stage.open()
    stage.stage("b/c", b"", (), b"x")
    stage.close()
    stage.close()
