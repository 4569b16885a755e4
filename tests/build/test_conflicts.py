"""What is in the way of the files of a build, and what is not."""

import pytest

from sitegen.build import conflicts
from sitegen.build.output import MAX_LISTED_CONFLICTS, Output
from sitegen.build.output_record import OutputRecord
from sitegen.build.staging import StagedFile
from sitegen.errors import Problem, SiteError
from sitegen.system.fingerprints import of_bytes
from tests.support.sites import write

FILE = "a file is where a folder must go"
LINK = "a symbolic link is where a folder must go"
FOLDER = "a folder that holds files is where a page must go"
FOREIGN = "the output folder holds a file that sitegen did not write"


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, {"file": "x", "real/file": "x", "full/a/b": "x", "full/c": "x"})
    (tmp_path / "empty/deeper").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "broken").symlink_to("nowhere")
    return tmp_path


def find(folder, path, data=b"x", owned=(), gone=()):
    return dict(conflicts.find_conflicts(str(folder), [(path, of_bytes(data))], owned, gone))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("new", {}),
        ("new/a/b", {}),
        ("real/new", {}),
        ("file", {}),
        ("file/a", {"file": FILE}),
        ("file/a/b", {"file": FILE}),
        ("real/file/a", {"real/file": FILE}),
        ("link/a", {"link": LINK}),
        ("link/a/b", {"link": LINK}),
        ("broken/a", {"broken": LINK}),
        ("full", {"full": FOLDER}),
        ("full/a", {"full/a": FOLDER}),
        ("empty", {}),
        ("empty/deeper", {}),
    ],
)
def test_files_and_links_in_the_way_of_folders_are_found(folder, path, expected):
    assert find(folder, path) == expected


@pytest.mark.parametrize(
    ("path", "owned", "expected"),
    [
        ("file", (), {"file": FOREIGN}),
        ("file", ("file",), {}),
        ("file", ("real/file",), {"file": FOREIGN}),
        ("real/file", (), {"real/file": FOREIGN}),
        ("real/file", ("real/file",), {}),
    ],
)
def test_a_file_with_other_bytes_is_in_the_way_unless_we_wrote_it(folder, path, owned, expected):
    assert find(folder, path, b"other", owned) == expected
    assert find(folder, path, b"x", ()) == {}


@pytest.mark.parametrize(
    ("path", "gone", "expected"),
    [
        ("file/a", ("file",), {}),
        ("link/a", ("link",), {}),
        ("real/file/a", ("real/file",), {}),
        ("full", ("full/a/b", "full/c"), {}),
        ("full", ("full/c",), {"full": FOLDER}),
        ("full", ("full/a/b",), {"full": FOLDER}),
        ("full/a", ("full/a/b",), {}),
    ],
)
def test_files_that_will_be_removed_are_not_in_the_way(folder, path, gone, expected):
    assert find(folder, path, gone=gone) == expected


def test_each_file_and_folder_is_reported_once(folder):
    files = [(path, of_bytes(b"other")) for path in ("file/a", "file/b", "link/x/y", "link/x/z", "real/file", "new")]
    assert dict(conflicts.find_conflicts(str(folder), files, (), ())) == {
        "file": FILE,
        "link": LINK,
        "real/file": FOREIGN,
    }


def refuse(folder, *paths, staged=True):
    output = Output(folder, "public", "public", folder / "manifest", OutputRecord(None, folder))
    files = [StagedFile(path, b"", (), of_bytes(b"other"), path if staged else "") for path in paths]
    with pytest.raises(SiteError) as error:
        output.refuse_conflicts(files, (), ())
    return error.value.problems


def test_conflicts_are_named_with_what_to_do(folder):
    hint = "move it away, or name another output folder"
    assert refuse(folder, "file", "link/a", "new") == (
        Problem("public/file", 0, FOREIGN, hint),
        Problem("public/link", 0, LINK, hint),
    )


def test_many_conflicts_are_one_problem(folder):
    names = [f"{number:04}" for number in range(1_001)]
    write(folder, dict.fromkeys(names, "x"))
    assert len(refuse(folder, *names[:MAX_LISTED_CONFLICTS])) == MAX_LISTED_CONFLICTS
    message = "1,001 files or folders that sitegen did not write are in the way, such as 0000"
    hint = "remove the folder if sitegen wrote them and its records were deleted; otherwise name another one"
    assert refuse(folder, *names[::-1]) == (Problem("public", 0, message, hint),)


def test_files_that_are_right_already_are_not_checked(folder):
    output = Output(folder, "public", "public", folder / "manifest", OutputRecord(None, folder))
    output.refuse_conflicts([StagedFile("file", b"", (), of_bytes(b"other"), "")], (), ())
    output.refuse_conflicts([StagedFile("file", b"", (), of_bytes(b"x"), "file")], (), ())


def test_an_output_folder_that_is_a_file_is_a_problem(tmp_path):
    (tmp_path / "public").write_text("x")
    output = Output(tmp_path / "public", "public", "public", tmp_path / "manifest", OutputRecord(None, tmp_path))
    with pytest.raises(SiteError) as error, output.staging({}):
        pass
    hint = "move the file away, or name another folder"
    assert error.value.problems == (Problem("public", 0, "the output folder is a file", hint),)
