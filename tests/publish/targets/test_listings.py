"""What is read from the output of rsync and rclone, and their arguments, by programs that record them."""

import json
import os
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.publish.files import pack
from sitegen.publish.targets.link_tree import staged
from sitegen.publish.targets.rclone import Rclone
from sitegen.publish.targets.rsync import Rsync
from sitegen.publish.targets.subprocess import Program

RECORD = """\
#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument"; done >> "$0.log"
echo >> "$0.log"
"""


def recording_program(folder: Path, script: str) -> Program:
    """Return a program that records its arguments and then runs a script."""
    path = folder / "program"
    path.write_text(RECORD + script)
    path.chmod(0o755)
    return Program((str(path),), "web", {"PATH": os.environ["PATH"]}, lambda _seconds: None, -1)


def calls(folder: Path) -> list[list[str]]:
    """Return the arguments of each call."""
    return [call.splitlines() for call in (folder / "program.log").read_text().split("\n\n") if call]


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def files(tmp_path):
    for name in ("a.html", "b c/ü.html"):
        (tmp_path / "output" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "output" / name).write_text(name)
    return pack(tmp_path / "output", ["a.html", "b c/ü.html"]).files


ROWS = """\
drwxr-xr-x          4,096 2024/01/02 03:04:05 .
-rw-r--r--          1,234 2024/01/02 03:04:05 a.html
-rw-r--r--+            12 2024/01/02 03:04:06 b c/ü  d.html
lrwxrwxrwx              7 2024/01/02 03:04:07 link -> target
prw-r--r--              0 2024/01/02 03:04:07 pipe
skipping something else
"""


def test_a_listing_of_rsync_has_size_and_time_of_each_file(tmp_path, scratch):
    (tmp_path / "rows").write_text(ROWS)
    remote = Rsync("server:/www/", recording_program(tmp_path, f"cat '{tmp_path}/rows'"), scratch)
    assert remote.read() == {
        "a.html": "1,234 2024/01/02 03:04:05",
        "b c/ü  d.html": "12 2024/01/02 03:04:06",
        "link -> target": "7 2024/01/02 03:04:07",
    }
    options = ["--recursive", "--list-only", "--8-bit-output", "--no-motd", "--", "server:/www/"]
    assert calls(tmp_path) == [options]


@pytest.mark.parametrize(
    ("code", "errors", "empty"),
    [
        (23, 'rsync: change_dir "/www" failed: No such file or directory (2)', True),
        (23, "rsync: some files could not be read", False),
        (12, "No such file or directory", False),
    ],
)
def test_a_folder_that_is_missing_on_the_server_is_empty(tmp_path, scratch, code, errors, empty):
    remote = Rsync("server:/www", recording_program(tmp_path, f"echo '{errors}' >&2; exit {code}"), scratch)
    if empty:
        assert remote.read() == {}
    else:
        with pytest.raises(SiteError):
            remote.read()


def test_rsync_copies_the_listed_files_from_a_folder_of_links(tmp_path, scratch, files):
    script = f"cat > '{tmp_path}/listed'; cd \"$(dirname \"$0\")/scratch\"/*/ && cat a.html */* > '{tmp_path}/seen'"
    remote = Rsync("server:/www", recording_program(tmp_path, script), scratch)
    arrived: list[int] = []
    remote.send(files, arrived.append)
    assert arrived == [2]
    assert (tmp_path / "listed").read_bytes() == "a.html\0b c/ü.html".encode()
    assert (tmp_path / "seen").read_text() == "a.htmlb c/ü.html"
    (call,) = calls(tmp_path)
    assert call[:-2] == [
        "--copy-links",
        "--times",
        "--omit-dir-times",
        "--ignore-times",
        "--mkpath",
        "--chmod=D755,F644",
        "--force",
        "--from0",
        "--files-from=-",
        "--",
    ]
    assert call[-2].startswith(f"{scratch}/stage-")
    assert call[-2].endswith("/")
    assert call[-1] == "server:/www/"
    assert list(scratch.iterdir()) == []


def test_rsync_removes_files_whose_folders_it_finds(tmp_path, scratch):
    script = f"cat > '{tmp_path}/listed'; cd \"$(dirname \"$0\")/scratch\"/*/ && find . > '{tmp_path}/seen'"
    remote = Rsync("server:/www", recording_program(tmp_path, script), scratch)
    remote.remove(["a/b/c.html", "a/d.html", "e.html"])
    assert (tmp_path / "listed").read_bytes() == b"a/b/c.html\0a/d.html\0e.html"
    assert (tmp_path / "seen").read_text().split() == [".", "./a", "./a/b"]
    (call,) = calls(tmp_path)
    assert call[:-2] == ["--delete-missing-args", "--force", "--from0", "--files-from=-", "--"]
    assert call[-2].startswith(f"{scratch}/remove-")


@pytest.mark.parametrize(
    ("path", "rsync", "rclone"),
    [
        (".index.html.Ab3xYz", True, False),
        ("a/.index.html.Ab3xYz", True, False),
        ("index.html.Ab3xYz", False, False),
        (".index.html.Ab3xY", False, False),
        ("index.html.0a1b2c3d.partial", False, True),
        ("index.html.0a1b2c3.partial", False, False),
        ("index.html", False, False),
    ],
)
def test_files_of_interrupted_transfers_are_recognised(tmp_path, scratch, files, path, rsync, rclone):
    program = Program(("x",), "web", {}, lambda _seconds: None, -1)
    for remote, expected in ((Rsync("x", program, scratch), rsync), (Rclone("x", program, scratch), rclone)):
        assert remote.is_leftover(path) is expected
        assert remote.mark_of(files["a.html"]) == ""


LISTED = [
    {"Path": "a", "IsDir": True, "Size": -1, "ModTime": "x"},
    {"Path": "a/b.html", "IsDir": False, "Size": 3, "ModTime": "T", "Hashes": {"sha1": "2", "md5": "1"}},
    {"Path": "c.html", "IsDir": False, "Size": 3, "ModTime": "T", "Hashes": {}},
    {"Path": "d.html", "IsDir": False, "Size": 4, "ModTime": "T"},
]


def test_a_listing_of_rclone_has_a_hash_or_size_and_time(tmp_path, scratch):
    (tmp_path / "rows").write_text(json.dumps(LISTED))
    remote = Rclone("dav:www", recording_program(tmp_path, f"cat '{tmp_path}/rows'"), scratch)
    assert remote.read() == {"a/b.html": "md5 1", "c.html": "3 T", "d.html": "4 T"}
    assert remote.folders == {"a"}
    assert calls(tmp_path) == [["lsjson", "--recursive", "--hash", "--", "dav:www"]]


def test_a_folder_that_is_missing_at_the_service_is_empty(tmp_path, scratch):
    assert (
        Rclone("dav:www", recording_program(tmp_path, "echo 'directory not found' >&2; exit 3"), scratch).read() == {}
    )
    with pytest.raises(SiteError, match="broke"):
        Rclone("dav:www", recording_program(tmp_path, "echo 'broke' >&2; exit 3"), scratch).read()


LIST = """\
for argument in "$@"; do
    case "$argument" in --files-from-raw=*) cat "${argument#--files-from-raw=}" > "$0.listed";; esac
done
"""


def test_rclone_copies_and_removes_the_listed_files(tmp_path, scratch, files):
    remote = Rclone("dav:www", recording_program(tmp_path, LIST), scratch)
    arrived: list[int] = []
    remote.send(files, arrived.append)
    assert arrived == [2]
    assert (tmp_path / "program.listed").read_text() == "a.html\nb c/ü.html\n"
    (call,) = calls(tmp_path)
    assert call[0] == "copy"
    assert call[1].startswith(f"--files-from-raw={scratch}/list-")
    assert call[2:-2] == ["--copy-links", "--ignore-times", "--no-traverse", "--"]
    assert call[-2].startswith(f"{scratch}/stage-")
    assert call[-1] == "dav:www"
    remote.remove(["c.html", "d/e.html"])
    assert (tmp_path / "program.listed").read_text() == "c.html\nd/e.html\n"
    removal, folders = calls(tmp_path)[1:]
    assert (removal[0], removal[2:]) == ("delete", ["--", "dav:www"])
    assert folders == ["rmdirs", "--leave-root", "--", "dav:www"]
    assert list(scratch.iterdir()) == []


def test_rclone_removes_empty_folders_in_the_place_of_files_first(tmp_path, scratch, files):
    remote = Rclone("dav:www", recording_program(tmp_path, LIST), scratch)
    remote.folders = frozenset({"a.html"})
    remote.send(files, lambda _count: None)
    assert [call[0] for call in calls(tmp_path)] == ["rmdirs", "copy"]


def test_files_are_staged_as_links_and_cleared_away(scratch, files):
    with staged(files, scratch) as folder:
        assert folder.parent == scratch
        links = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_symlink()}
        assert {name: path.read_text() for name, path in links.items()} == {name: name for name in files}
        assert all(path.readlink().is_absolute() for path in links.values())
    assert not folder.exists()
