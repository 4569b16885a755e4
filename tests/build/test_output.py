import os
import shutil
import time
from contextlib import nullcontext

import pytest

from sitegen.build.manifest import manifest_of, read_manifest, write_manifest
from sitegen.build.output import Output
from sitegen.build.output_record import OutputRecord
from sitegen.build.snapshot import UNKNOWN
from sitegen.build.staging import STAGE
from sitegen.errors import SiteError
from sitegen.system.files import times_of
from sitegen.system.fingerprints import of_bytes
from tests.support.sites import tree, write


class Folder:
    """An output folder below a path, with what the last build knew of its files."""

    def __init__(self, home):
        (home / ".sitegen").mkdir(exist_ok=True)
        manifest = manifest_of(home / ".sitegen", "output")
        self.output = Output(home / "output", "output", "output", manifest, OutputRecord(None, home / "output"))
        self.outputs = {}
        self.is_complete = True


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def put(folder, files, planned=None, meanwhile=lambda: None):
    """Stage some files and move them into place, as a build does; return the removed paths."""
    output = folder.output
    planned = set(files) if planned is None else planned
    outputs = output.check(folder.outputs)
    owned = output.find_owned(folder.outputs, complete=folder.is_complete)
    output.remove_leftovers()
    with output.staging(outputs) as stage:
        staged = [stage.stage(path, b"key", (), data) for path, data in files.items()]
        meanwhile()
        output.refuse_conflicts(staged, owned, owned - planned)
        folder.outputs, deleted = output.replace(stage, staged, owned, owned - planned, planned, time.time_ns)
    return deleted


def test_files_are_put_with_their_folders(folder, tmp_path):
    put(folder, {"index.html": b"home", "a/b/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/b/index.html": b"deep"}


def test_what_is_no_longer_planned_is_removed_with_its_empty_folders(folder, tmp_path):
    put(folder, {"index.html": b"home", "a/b/index.html": b"deep"})
    assert put(folder, {"index.html": b"home"}) == ("a/b/index.html",)
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["index.html"]


def test_a_file_with_the_same_bytes_is_not_written_again(folder, tmp_path):
    put(folder, {"index.html": b"home"})
    before = (tmp_path / "output/index.html").stat()
    put(folder, {"index.html": b"home"})
    after = (tmp_path / "output/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_foreign_file_is_never_overwritten(folder, tmp_path):
    write(tmp_path, {"output/a/index.html": "theirs"})
    with pytest.raises(SiteError, match="a file that sitegen did not write"):
        put(folder, {"index.html": b"home", "a/index.html": b"ours"})
    assert tree(tmp_path / "output") == {"a/index.html": b"theirs"}


def test_a_foreign_file_with_the_same_bytes_becomes_an_own_file(folder, tmp_path):
    write(tmp_path, {"output/index.html": "home"})
    put(folder, {"index.html": b"home"})
    assert "index.html" in folder.outputs


def test_a_foreign_file_is_never_removed(folder, tmp_path):
    put(folder, {"a/index.html": b"ours"})
    write(tmp_path, {"output/a/notes.txt": "theirs"})
    put(folder, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/notes.txt": b"theirs"}


def test_a_folder_with_files_in_the_way_stops_the_build(folder, tmp_path):
    write(tmp_path, {"output/index.html/notes.txt": "theirs"})
    with pytest.raises(SiteError, match="a folder that holds files"):
        put(folder, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html/notes.txt": b"theirs"}


def test_an_empty_folder_in_the_way_is_replaced(folder, tmp_path):
    (tmp_path / "output/index.html").mkdir(parents=True)
    put(folder, {"index.html": b"home"})
    assert tree(tmp_path / "output") == {"index.html": b"home"}


def test_an_own_file_is_replaced_by_a_folder(folder, tmp_path):
    put(folder, {"a": b"a file"})
    put(folder, {"a/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_nothing_is_written_through_a_symbolic_link(folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "output").mkdir()
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    with pytest.raises(SiteError, match="a symbolic link is where a folder must go"):
        put(folder, {"a/index.html": b"ours"})
    assert tree(tmp_path / "outside") == {}


def test_nothing_is_removed_through_a_symbolic_link(folder, tmp_path):
    put(folder, {"a/index.html": b"ours"})
    (tmp_path / "output/a/index.html").unlink()
    (tmp_path / "output/a").rmdir()
    write(tmp_path, {"outside/index.html": "theirs"})
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    put(folder, {"index.html": b"home"})
    assert tree(tmp_path / "outside") == {"index.html": b"theirs"}


def test_the_stage_is_removed_and_so_is_one_of_a_killed_build(folder, tmp_path):
    write(tmp_path, {f"output/{STAGE}/a/5": "left by a crash"})
    put(folder, {"index.html": b"home"})
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


def test_a_new_folder_is_moved_as_a_whole(folder, tmp_path):
    put(folder, {"index.html": b"home", "a/b/index.html": b"deep", "a/c/index.html": b"too"})
    inode = (tmp_path / "output/a/b").stat().st_ino
    put(folder, {"index.html": b"home", "a/b/index.html": b"new", "a/c/index.html": b"too", "a/d/index.html": b"more"})
    assert (tmp_path / "output/a/b").stat().st_ino == inode
    assert tree(tmp_path / "output") == {
        "index.html": b"home",
        "a/b/index.html": b"new",
        "a/c/index.html": b"too",
        "a/d/index.html": b"more",
    }


def test_an_own_file_that_was_deleted_is_replaced_by_a_folder(folder, tmp_path):
    put(folder, {"a": b"a file"})
    (tmp_path / "output/a").unlink()
    put(folder, {"a/index.html": b"deep"})
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_a_link_at_the_path_of_an_own_file_is_replaced_by_a_folder(folder, tmp_path):
    put(folder, {"a": b"a file"})
    (tmp_path / "output/a").unlink()
    (tmp_path / "outside").mkdir()
    (tmp_path / "output/a").symlink_to(tmp_path / "outside")
    put(folder, {"a/index.html": b"deep"})
    assert tree(tmp_path / "outside") == {}
    assert tree(tmp_path / "output") == {"a/index.html": b"deep"}


def test_the_manifest_lists_the_files_of_a_killed_build(folder, tmp_path):
    put(folder, {"index.html": b"home"})
    other = Folder(tmp_path)
    other.outputs, other.is_complete = folder.outputs, False
    put(folder, {"index.html": b"home", "a/index.html": b"one"})
    put(other, {"index.html": b"home", "a/index.html": b"two"})
    assert tree(tmp_path / "output") == {"index.html": b"home", "a/index.html": b"two"}


def test_files_to_remove_are_in_the_manifest_until_the_new_ones_are_in_place(folder, monkeypatch):
    put(folder, {"index.html": b"home", "old.html": b"old"})
    original = os.replace

    def fail(source, target):
        if str(target).endswith("new.html"):
            raise OSError("the disk is gone")
        original(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is gone"):
        put(folder, {"index.html": b"home", "new.html": b"new"})
    assert read_manifest(folder.output.manifest) == {"index.html", "old.html", "new.html"}


@pytest.mark.parametrize("gone", ["a/b", "a", ""])
def test_folders_that_disappear_during_rendering_are_created_again(folder, tmp_path, gone):
    put(folder, {"index.html": b"home", "a/b/index.html": b"old", "a/c/index.html": b"old"})
    files = {"index.html": b"new", "a/b/index.html": b"new", "a/b/d/index.html": b"new", "a/c/index.html": b"new"}

    def remove():
        for path in (tmp_path / "output" / gone).iterdir():
            if path.name != STAGE:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if gone:
            (tmp_path / "output" / gone).rmdir()

    put(folder, files, meanwhile=remove)
    assert tree(tmp_path / "output") == files


def test_a_link_that_replaces_a_folder_during_rendering_stops_the_build(folder, tmp_path):
    put(folder, {"a/index.html": b"old"})

    def link():
        (tmp_path / "output/a").rename(tmp_path / "outside")
        (tmp_path / "output/a").symlink_to(tmp_path / "outside")

    with pytest.raises(SiteError, match="a symbolic link is where a folder must go"):
        put(folder, {"a/index.html": b"new"}, meanwhile=link)
    assert tree(tmp_path / "outside") == {"index.html": b"old"}


def test_a_changed_page_is_staged_without_a_folder_of_its_own(folder, tmp_path):
    put(folder, {"a/b/c/index.html": b"old"})
    with folder.output.staging(folder.outputs) as stage:
        stage.stage("a/b/c/index.html", b"key", (), b"new")
        assert len(tree(tmp_path / "output" / STAGE)) == 1
        assert not (tmp_path / "output" / STAGE / "a").exists()


def replace_at(folder, files, seconds, whole_second=False):
    """Put files in place, by a clock that is some seconds ahead of the last of them; return their stamps."""
    output = folder.output
    with output.staging(folder.outputs) as stage:
        staged = [stage.stage(path, b"key", (), data) for path, data in files.items()]
        if whole_second:
            for item in staged:
                os.utime(f"{stage.folder}/{item.staged}", (1_700_000_000, 1_700_000_000))

        def clock():
            stamps = [output.stamp(path) for path in files]
            return max(max(times_of(stamp)) for stamp in stamps) + int(seconds * 1_000_000_000)

        folder.outputs, _ = output.replace(stage, staged, set(), set(), set(files), clock)
    return [folder.outputs[path][0] for path in files]


@pytest.mark.parametrize(
    ("seconds", "whole_second", "trusted"),
    [(0.0, False, False), (0.019, False, False), (0.021, False, True), (1.9, True, False), (2.1, True, True)],
)
def test_the_stamp_of_a_file_is_trusted_once_it_can_no_longer_be_written_at_the_same_time(
    folder, seconds, whole_second, trusted
):
    (stamp,) = replace_at(folder, {"a/index.html": b"home"}, seconds, whole_second)
    assert stamp == (folder.output.stamp("a/index.html") if trusted else None)


def test_the_state_of_a_file_has_what_it_was_rendered_from(folder):
    output = folder.output
    with output.staging({}) as stage:
        staged = [stage.stage("a.html", b"one", ("site.tags",), b"a")]
        outputs, removed = output.replace(stage, staged, set(), set(), {"a.html"}, lambda: 0)
    assert (outputs, removed) == ({"a.html": (None, of_bytes(b"a"), b"one", ("site.tags",))}, ())
    known = {**outputs, "old.html": UNKNOWN, "gone.html": UNKNOWN}
    (output.folder / "old.html").write_bytes(b"x")
    with output.staging(known) as stage:
        staged = [stage.stage("a.html", b"two", (), b"a")]
        gone = {"old.html", "gone.html"}
        outputs, removed = output.replace(stage, staged, {"a.html", *gone}, gone, {"a.html"}, lambda: 0)
    assert (outputs, removed) == ({"a.html": (None, of_bytes(b"a"), b"two", ())}, ("old.html",))


def test_files_that_differ_from_the_snapshot_are_found(folder, tmp_path):
    names = ("same", "touched", "changed", "gone", "folder", "linked")
    put(folder, {name: name.encode() for name in names})
    output = folder.output
    known = {path: (output.stamp(path), *state[1:]) for path, state in folder.outputs.items()}
    assert output.check(known) is known
    root = tmp_path / "output"
    os.utime(root / "touched", (1, 1))
    (root / "changed").write_text("other")
    for name in ("gone", "folder", "linked"):
        (root / name).unlink()
    (root / "folder").mkdir()
    (root / "linked").symlink_to("same")
    expected = {"same": known["same"], "touched": (output.stamp("touched"), *known["touched"][1:])}
    assert output.check(known) == expected


def test_own_files_are_found_by_the_snapshot_or_else_by_all_records(tmp_path):
    (tmp_path / ".sitegen").mkdir()
    root = write(tmp_path / "output", {"recorded": "a", "changed": "b", "listed": "c", "known": "d"})
    record = OutputRecord(tmp_path / "cache", root)
    record.write({name: (None, of_bytes(b"a"), b"", ()) for name in ("recorded", "changed", "gone")}, {})
    manifest = manifest_of(tmp_path / ".sitegen", "output")
    write_manifest(manifest, ["listed", "missing"])
    output = Output(root, "output", "output", manifest, record)
    known = {"known": UNKNOWN}
    assert output.find_owned(known, complete=True) == {"known"}
    assert output.find_owned(known, complete=False) == {"known", "listed", "missing", "recorded"}
    assert output.find_owned({}, complete=True) == {"listed", "missing", "recorded"}


@pytest.mark.parametrize("needed", [True, False])
def test_a_manifest_that_cannot_be_written_is_skipped_if_it_is_not_needed(tmp_path, needed):
    (tmp_path / "manifest").mkdir()
    output = Output(
        tmp_path / "output", "output", "output", tmp_path / "manifest", OutputRecord(None, tmp_path), needed
    )
    with output.staging({}) as stage:
        staged = [stage.stage("a.html", b"", (), b"a")]
        with pytest.raises(OSError) if needed else nullcontext():
            output.replace(stage, staged, set(), set(), {"a.html"}, lambda: 0)
    assert (tmp_path / "output/a.html").exists() is not needed
