import os

import pytest

from sitegen.scan import QUIET, is_ignored, is_quiet, scan, stamp_of

from .building import write


def names(root, folder="content"):
    problems = []
    return sorted(scan(root, folder, problems)), [problem.message for problem in problems]


def test_every_file_is_found_by_its_path_from_the_root(tmp_path):
    write(tmp_path, {"content/a.md": "", "content/b/c/d.md": "", "other/x.md": ""})
    assert names(tmp_path) == (["content/a.md", "content/b/c/d.md"], [])


def test_a_missing_folder_has_no_files(tmp_path):
    assert names(tmp_path) == ([], [])


@pytest.mark.parametrize(
    "name",
    [".hidden", "post.md~", "#post.md#", ".post.md.swp", "post.md.tmp", "post.md___jb_tmp___", "4913", "post.md.new"],
)
def test_what_editors_leave_is_ignored(tmp_path, name):
    write(
        tmp_path, {f"content/{name}": "", f"content/{name}x/a.md": ""} if name == ".hidden" else {f"content/{name}": ""}
    )
    assert is_ignored(name)
    assert names(tmp_path) == ([], [])


def test_a_link_inside_the_site_is_followed(tmp_path):
    write(tmp_path, {"texts/a.md": ""})
    (tmp_path / "content").symlink_to(tmp_path / "texts")
    assert names(tmp_path) == (["content/a.md"], [])


def test_a_link_out_of_the_site_is_refused(tmp_path):
    write(tmp_path, {"secret/a.md": "", "site/content/b.md": ""})
    (tmp_path / "site/content/out.md").symlink_to(tmp_path / "secret/a.md")
    (tmp_path / "site/content/folder").symlink_to(tmp_path / "secret")
    found, messages = names(tmp_path / "site")
    assert found == ["content/b.md"]
    assert messages == ["the symbolic link leads out of the site"] * 2


def test_links_that_lead_nowhere_or_in_a_circle_are_named(tmp_path):
    write(tmp_path, {"content/b.md": ""})
    (tmp_path / "content/nowhere.md").symlink_to(tmp_path / "gone.md")
    (tmp_path / "content/circle.md").symlink_to(tmp_path / "content/circle.md")
    found, messages = names(tmp_path)
    assert found == ["content/b.md"]
    assert sorted(messages) == ["the symbolic link leads in a circle", "the symbolic link leads nowhere"]


def test_a_folder_that_links_to_one_above_it_is_walked_once(tmp_path):
    write(tmp_path, {"content/a.md": ""})
    (tmp_path / "content/loop").symlink_to(tmp_path / "content")
    found, messages = names(tmp_path)
    assert messages == []
    assert len(found) <= 3


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path):
    (tmp_path / "content").mkdir()
    with open(os.fsencode(tmp_path / "content") + b"/caf\xe9.md", "w"):
        pass
    assert names(tmp_path) == ([], ["the file's name is not UTF-8"])


def test_a_stamp_changes_when_a_file_is_written_with_its_old_time_and_size(tmp_path):
    path = tmp_path / "a"
    path.write_text("one")
    status = path.stat()
    before = stamp_of(status)
    path.write_text("two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stamp_of(path.stat()) != before


def test_a_file_is_quiet_two_seconds_after_its_last_change(tmp_path):
    path = tmp_path / "a"
    path.write_text("one")
    stamp = stamp_of(path.stat())
    last = max(stamp[0], stamp[3])
    assert not is_quiet(stamp, last + QUIET)
    assert is_quiet(stamp, last + QUIET + 1)
    assert not is_quiet(stamp, last - 10**12)
