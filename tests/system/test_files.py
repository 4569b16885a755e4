import os
from types import SimpleNamespace

import pytest

from sitegen.system.files import QUIET_NS, is_ignored, is_quiet, scan, stamp_of, times_of, walk
from tests.support.sites import write


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


def test_broken_and_circular_links_are_reported(tmp_path):
    write(tmp_path, {"content/b.md": ""})
    (tmp_path / "content/nowhere.md").symlink_to(tmp_path / "gone.md")
    (tmp_path / "content/circle.md").symlink_to(tmp_path / "content/circle.md")
    found, messages = names(tmp_path)
    assert found == ["content/b.md"]
    assert sorted(messages) == ["the symbolic link is broken", "the symbolic link leads in a circle"]


LINKS = {
    "the site": (".", 'to ".", a folder that contains it'),
    "the content folder": ("content", 'to "content", a folder that contains it'),
    "the folder above": ("content/deep", 'to "content/deep", a folder that contains it'),
    "the output folder": ("output", 'to "output", where the output is'),
    "a folder in the output": ("output/posts", 'to "output/posts", where the output is'),
    "a file of the output": ("output/index.html", 'to "output/index.html", where the output is'),
    "a folder around an output folder": ("public", 'to "public", where the output is'),
    "the work folder": (".sitegen", 'to ".sitegen", and ".sitegen" is hidden'),
    "a hidden folder": (".git", 'to ".git", and ".git" is hidden'),
    "a file in a hidden folder": (".git/config", 'to ".git/config", and ".git" is hidden'),
    "a hidden file": (".env", 'to ".env", and ".env" is hidden'),
    "a hidden file of the content": ("content/.draft.md", 'to "content/.draft.md", and ".draft.md" is hidden'),
}
TREE = (
    "content/a.md",
    "content/.draft.md",
    "content/deep/er/b.md",
    "output/index.html",
    "output/posts/index.html",
    "public/site/index.html",
    ".sitegen/store.db",
    ".git/config",
    ".env",
)


@pytest.mark.parametrize("name", LINKS)
def test_a_link_to_what_must_not_be_published_is_refused_by_name(tmp_path, name):
    target, message = LINKS[name]
    write(tmp_path, dict.fromkeys(TREE, ""))
    (tmp_path / "content/deep/er/link").symlink_to(tmp_path / target)
    problems = []
    found = scan(tmp_path, "content", problems, None, ("output", str(tmp_path / "public/site")))
    assert sorted(found) == ["content/a.md", "content/deep/er/b.md"]
    assert [(problem.path, problem.message) for problem in problems] == [
        ("content/deep/er/link", f"the symbolic link leads {message}")
    ]


def test_links_that_lead_to_each_other_are_refused_where_the_circle_closes(tmp_path):
    write(tmp_path, {"content/a/1.txt": "", "content/b/2.txt": ""})
    (tmp_path / "content/a/to_b").symlink_to(tmp_path / "content/b")
    (tmp_path / "content/b/to_a").symlink_to(tmp_path / "content/a")
    found, messages = names(tmp_path)
    assert found == ["content/a/1.txt", "content/a/to_b/2.txt", "content/b/2.txt", "content/b/to_a/1.txt"]
    assert sorted(messages) == [
        f'the symbolic link leads to "content/{name}", a folder that contains it' for name in "ab"
    ]


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_several_links_to_one_folder_are_followed_in_any_order_of_creation(tmp_path, order):
    write(tmp_path, {"shared/x.txt": "", "shared/deep/y.txt": "", "content/z.txt": ""})
    for name in order:
        (tmp_path / "content" / name).symlink_to(tmp_path / "shared")
    expected = [f"content/{name}/{file}" for name in "abc" for file in ("deep/y.txt", "x.txt")]
    assert names(tmp_path) == ([*expected, "content/z.txt"], [])


def test_a_linked_content_folder_is_not_a_way_to_the_rest_of_the_site(tmp_path):
    write(tmp_path, {"texts/a.md": "", "hooks.py": ""})
    (tmp_path / "content").symlink_to(tmp_path / "texts")
    (tmp_path / "texts/site").symlink_to(tmp_path)
    assert names(tmp_path) == (["content/a.md"], ['the symbolic link leads to ".", a folder that contains it'])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("elsewhere", "out of the site"),
        ("site", 'to ".", a folder that contains it'),
        ("site/.git", 'to ".git", and ".git" is hidden'),
        ("site/output", 'to "output", where the output is'),
    ],
)
def test_a_content_folder_that_is_a_link_is_refused_for_the_same_reasons(tmp_path, target, message):
    write(tmp_path, {"elsewhere/a.md": "", "site/.git/config": "", "site/output/index.html": ""})
    (tmp_path / "site/content").symlink_to(tmp_path / target)
    problems = []
    assert scan(tmp_path / "site", "content", problems, None, ("output",)) == {}
    assert [problem.message for problem in problems] == [f"the folder is a symbolic link that leads {message}"]


def test_a_link_to_a_public_hidden_folder_is_followed(tmp_path):
    write(tmp_path, {"shared/.well-known/security.txt": "", "content/a.md": ""})
    (tmp_path / "content/.well-known").symlink_to(tmp_path / "shared/.well-known")
    assert names(tmp_path) == (["content/.well-known/security.txt", "content/a.md"], [])


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
    last = max(times_of(stamp))
    assert not is_quiet(stamp, last + QUIET_NS)
    assert is_quiet(stamp, last + QUIET_NS + 1)
    assert not is_quiet(stamp, last - 10**12)


def test_times_before_1970_and_after_2554_have_stamps(tmp_path):
    path = tmp_path / "a"
    path.write_text("one")
    real = path.stat()
    stamps = set()
    for moment in (-1, -(10**18), 2**64 + 5, real.st_mtime_ns):
        status = SimpleNamespace(st_mtime_ns=moment, st_size=3, st_ino=2**70 + 1, st_ctime_ns=real.st_ctime_ns)
        stamps.add(stamp_of(status))
    assert len(stamps) == 4
    assert {len(stamp) for stamp in stamps} == {len(stamp_of(real))}
    before = SimpleNamespace(st_mtime_ns=-1, st_size=3, st_ino=1, st_ctime_ns=-2)
    assert times_of(stamp_of(before)) == (-1, -2)


def test_a_walk_skips_folders_that_may_not_be_read(tmp_path, monkeypatch):
    for name in ("closed/a", "open/b"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("")
    scandir = os.scandir

    def refuse(folder):
        if folder.endswith("closed"):
            raise PermissionError
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [entry.name for entry in walk(str(tmp_path))] == ["closed", "open", "b"]
