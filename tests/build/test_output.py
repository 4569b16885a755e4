import shutil
import time

import pytest

from sitegen.build.manifest import manifest_of, read_manifest, write_manifest
from sitegen.build.output import Output
from sitegen.build.staging import STAGE
from sitegen.errors import SiteError
from tests.support.sites import tree, write


@pytest.fixture
def output(tmp_path):
    (tmp_path / ".sitegen").mkdir()
    made = Output(tmp_path / "output", "output", manifest_of(tmp_path / ".sitegen", "output"))
    made.check({}, complete=True)
    return made


def put(output, files, planned=None):
    """Hold and place some files, as a build does; return what was removed."""
    output.open_stage()
    try:
        drawn = [output.hold(path, b"key", (), data) for path, data in files.items()]
        return output.put(drawn, set(files) if planned is None else planned, time.time_ns)
    finally:
        output.stage.close()


def test_files_are_put_with_their_folders(output, tmp_path):
    put(output, {"index.html": b"home", "a/b/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/b/index.html": b"deep"}


def test_what_is_no_longer_planned_is_removed_with_its_empty_folders(output, tmp_path):
    put(output, {"index.html": b"home", "a/b/index.html": b"deep"})
    assert put(output, {"index.html": b"home"}) == ("a/b/index.html",)
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["index.html"]


def test_a_file_with_the_same_bytes_is_not_written_again(output, tmp_path):
    put(output, {"index.html": b"home"})
    before = (tmp_path / "output/index.html").stat()
    put(output, {"index.html": b"home"})
    after = (tmp_path / "output/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_somebody_elses_file_is_never_overwritten(output, tmp_path):
    write(tmp_path, {"output/a/index.html": "theirs"})
    with pytest.raises(SiteError, match="a file that sitegen did not write"):
        put(output, {"index.html": b"home", "a/index.html": b"ours"})
    assert tree(tmp_path / "output") == {"a/index.html": b"theirs"}


def test_somebody_elses_file_with_the_same_bytes_becomes_ours(output, tmp_path):
    write(tmp_path, {"output/index.html": "home"})
    put(output, {"index.html": b"home"})
    assert "index.html" in output.left


def test_somebody_elses_file_is_never_removed(output, tmp_path):
    put(output, {"a/index.html": b"ours"})
    write(tmp_path, {"output/a/notes.txt": "theirs"})
    put(output, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/notes.txt": b"theirs"}


def test_a_folder_with_files_in_the_way_stops_the_build(output, tmp_path):
    write(tmp_path, {"output/index.html/notes.txt": "theirs"})
    with pytest.raises(SiteError, match="a folder that holds files"):
        put(output, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html/notes.txt": b"theirs"}


def test_an_empty_folder_in_the_way_is_replaced(output, tmp_path):
    (tmp_path / "output/index.html").mkdir(parents=True)
    put(output, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html": b"home"}


def test_a_file_of_ours_makes_way_for_a_folder(output, tmp_path):
    put(output, {"a": b"a file"})
    put(output, {"a/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_nothing_is_written_through_a_symbolic_link(output, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "output").mkdir()
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    with pytest.raises(SiteError, match="a symbolic link is where a folder must go"):
        put(output, {"a/index.html": b"ours"})
    assert tree(tmp_path / "outside") == {}


def test_nothing_is_removed_through_a_symbolic_link(output, tmp_path):
    put(output, {"a/index.html": b"ours"})
    (tmp_path / "output/a/index.html").unlink()
    (tmp_path / "output/a").rmdir()
    write(tmp_path, {"outside/index.html": "theirs"})
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    put(output, {"index.html": b"home"})
    assert tree(tmp_path / "outside") == {"index.html": b"theirs"}


def test_the_stage_is_gone_afterwards_and_one_left_over_is_removed(output, tmp_path):
    write(tmp_path, {f"output/{STAGE}/a/5": "left by a crash"})
    output.forget()
    output.check({}, complete=True)
    put(output, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html": b"home"}


def test_the_manifest_passes_over_damaged_lines(tmp_path):
    manifest = tmp_path / "written.txt"
    write_manifest(manifest, {"a.html", "b.html", "ü/c.html"})
    assert read_manifest(manifest) == {"a.html", "b.html", "ü/c.html"}
    data = manifest.read_bytes()
    manifest.write_bytes(data.replace(b"b.html", b"z.html"))
    assert read_manifest(manifest) == {"a.html", "ü/c.html"}


def test_a_missing_manifest_lists_nothing(tmp_path):
    assert read_manifest(tmp_path / "none.txt") == set()


def test_a_folder_that_is_not_there_yet_comes_in_one_move(output, tmp_path):
    put(output, {"index.html": b"home", "a/b/index.html": b"deep", "a/c/index.html": b"too"})
    inode = (tmp_path / "output/a/b").stat().st_ino
    put(output, {"index.html": b"home", "a/b/index.html": b"new", "a/c/index.html": b"too", "a/d/index.html": b"more"})
    assert (tmp_path / "output/a/b").stat().st_ino == inode
    assert tree(tmp_path / "output") == {
        "index.html": b"home",
        "a/b/index.html": b"new",
        "a/c/index.html": b"too",
        "a/d/index.html": b"more",
    }


def test_a_file_of_ours_that_went_already_makes_way_for_a_folder(output, tmp_path):
    put(output, {"a": b"a file"})
    (tmp_path / "output/a").unlink()
    put(output, {"a/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_a_link_in_place_of_a_file_of_ours_makes_way_for_a_folder(output, tmp_path):
    put(output, {"a": b"a file"})
    (tmp_path / "output/a").unlink()
    (tmp_path / "outside").mkdir()
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    put(output, {"a/index.html": b"deep"})
    assert tree(tmp_path / "outside") == {}
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_what_a_build_wrote_that_did_not_live_to_tell_is_known_by_the_manifest(output, tmp_path):
    put(output, {"index.html": b"home"})
    left = dict(output.left)
    put(output, {"index.html": b"home", "a/index.html": b"one"})
    other = Output(tmp_path / "output", "output", output.manifest)
    other.check(left, complete=False)
    put(other, {"index.html": b"home", "a/index.html": b"two"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/index.html": b"two"}


@pytest.mark.parametrize("gone", ["a/b", "a", ""])
def test_folders_that_vanish_while_pages_are_drawn_are_made_again(output, tmp_path, gone):
    put(output, {"index.html": b"home", "a/b/index.html": b"old", "a/c/index.html": b"old"})
    output.open_stage()
    files = {"index.html": b"new", "a/b/index.html": b"new", "a/b/d/index.html": b"new", "a/c/index.html": b"new"}
    drawn = [output.hold(path, b"key", (), data) for path, data in files.items()]
    for path in (tmp_path / "output" / gone).iterdir():
        if path.name != STAGE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if gone:
        (tmp_path / "output" / gone).rmdir()
    output.put(drawn, set(files), time.time_ns)
    output.stage.close()
    assert tree(tmp_path / "output") == files


def test_a_link_that_takes_a_folders_place_while_pages_are_drawn_stops_the_build(output, tmp_path):
    put(output, {"a/index.html": b"old"})
    output.open_stage()
    drawn = [output.hold("a/index.html", b"key", (), b"new")]
    (tmp_path / "output/a").rename(tmp_path / "outside")
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    with pytest.raises(SiteError, match="a symbolic link is where a folder must go"):
        output.put(drawn, {"a/index.html"}, time.time_ns)
    assert tree(tmp_path / "outside") == {"index.html": b"old"}


def test_a_page_that_changes_waits_without_a_folder_of_its_own(output, tmp_path):
    put(output, {"a/b/c/index.html": b"old"})
    output.open_stage()
    output.hold("a/b/c/index.html", b"key", (), b"new")
    assert len(tree(tmp_path / "output" / STAGE)) == 1
    assert not (tmp_path / "output" / STAGE / "a").exists()
    output.stage.close()
