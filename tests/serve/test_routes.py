"""What a path leads to, and which files are opened."""

import os

import pytest

from sitegen.serve.routes import Found, Moved, Published, find, open_file

NAMES = frozenset(
    {"index.html", "404.html", "a/index.html", "a/b.txt", "ä b/index.html", "c.html", "../x", "d//index.html"}
)
MISSING = Found("404.html", 404)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", Found("index.html")),
        ("/index.html", Found("index.html")),
        ("/a/", Found("a/index.html")),
        ("/a", Moved("/a/")),
        ("/ä b", Moved("/%C3%A4%20b/")),
        ("/a/b.txt", Found("a/b.txt")),
        ("/a/b.txt/", MISSING),
        ("/404.html", Found("404.html")),
        ("/c", MISSING),
        ("/../x", MISSING),
        ("/d//", MISSING),
        ("/d/", MISSING),
        ("", MISSING),
        ("a/", MISSING),
        ("x/", MISSING),
    ],
)
def test_a_path_leads_to_a_planned_file_to_its_folder_or_to_the_404_page(path, target):
    assert find(Published("", "", NAMES), path) == target
    other = None if target == MISSING else target
    if path != "/404.html":
        assert find(Published("", "", NAMES - {"404.html"}), path) == other


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", Moved("/a%20b/")),
        ("/a b", Moved("/a%20b/")),
        ("/a b/", Found("index.html")),
        ("/a b/a", Moved("/a%20b/a/")),
        ("/a b/a/", Found("a/index.html")),
        ("/a/", MISSING),
        ("/a bc.html", MISSING),
        ("/a bc/", MISSING),
    ],
)
def test_a_site_below_a_path_is_found_only_there(path, target):
    assert find(Published("", "/a b", NAMES), path) == target


def test_only_regular_files_in_real_folders_are_opened(tmp_path):
    folder = tmp_path / "output"
    (folder / "a/b").mkdir(parents=True)
    for name in ("x.txt", "a/y.txt", "a/b/z.txt"):
        (folder / name).write_text(name)
    (folder / "link.txt").symlink_to("x.txt")
    (folder / "linked").symlink_to("a")
    (folder / "a/linked").symlink_to("b")
    os.mkfifo(folder / "a/pipe")
    published = Published(str(folder), "", ())
    for name in ("x.txt", "a/y.txt", "a/b/z.txt"):
        with open_file(published, name) as file:
            assert file.read() == name.encode()
    refused = ("link.txt", "linked/y.txt", "a/linked/z.txt", "a/pipe", "a", "a/b", "x.txt/a", "missing", "missing/a")
    assert [open_file(published, name) for name in refused] == [None] * len(refused)
