"""A check of a site that has not changed reports the problems of the last one, and reads nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from msgspec import Raw
from msgspec.msgpack import encode

from sitegen.check import run
from sitegen.check.last_reports import MAX_REPORTS, LastReports, _StoredReports
from sitegen.check.options import REPORTS_SUFFIX, CheckLimits, CheckOptions, OutgoingCheck
from sitegen.check.planned import Plan
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.cli import main
from sitegen.model import Post
from sitegen.system.files import list_files
from sitegen.system.fingerprints import of_file
from sitegen.system.sealed_file import write_sealed
from tests.support.sites import make_site, post, write

BASE = "https://news.example.org/"
PAGE = '<!DOCTYPE html>\n<html lang="en"><title>A</title><p><a href="/missing">link</a>'
SOURCE = "content/posts/a.md"


@pytest.fixture
def root(tmp_path):
    for path, text in (("output/a/index.html", PAGE), ("output/404.html", PAGE), (SOURCE, "\n[link](/missing)\n")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.fixture
def reads(monkeypatch):
    """Return a list with an item for each time that the site was read."""
    found = []
    original = run.read_site
    monkeypatch.setattr(run, "read_site", lambda *values: (found.append(1), original(*values))[1])
    return found


def check(root, base=BASE, title="A", **values):
    output = root / "output"
    fingerprints = {path: of_file(output / path) for path in list_files(output)}
    inputs = of_file(root / SOURCE)
    options = CheckOptions(cache=root / "cache", fingerprints=fingerprints, inputs=inputs)
    shown = Post(SOURCE, title, "a", "/a/", "a/index.html", datetime(2024, 1, 1, tzinfo=UTC), digest=title)
    options = replace(options, **values)
    return check_site(output, list_files(output), base, {shown.output: shown}, lines_of_posts(root), options)


def test_the_same_site_is_read_once(root, reads):
    expected = check(root)
    assert any(problem.path == SOURCE and problem.line == 2 for problem in expected)
    assert check(root) == expected
    assert len(reads) == 1


def test_a_line_that_moves_in_the_file_of_a_post_moves_in_the_report(root):
    check(root)
    (root / SOURCE).write_text("\n\n\n[link](/missing)\n")
    assert any(problem.path == SOURCE and problem.line == 4 for problem in check(root))


@pytest.mark.parametrize("path", ["a/index.html", "404.html", "new/index.html", "a.css"])
def test_a_site_with_a_changed_or_new_file_is_read_again(path, root, reads):
    check(root)
    (root / "output" / path).parent.mkdir(exist_ok=True)
    (root / "output" / path).write_text(PAGE + " changed")
    assert check(root) == check(root, cache=None)
    assert len(reads) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"base": "https://other.example.org/"},
        {"title": "B"},
        {"limits": CheckLimits(page_bytes=1)},
        {"groups": frozenset(["links"])},
        {"plan": Plan(frozenset(["a/index.html"]), ("foreign.html",))},
        {"inputs": ""},
        {"fingerprints": {}},
    ],
)
def test_another_check_reads_the_site_again(values, root, reads):
    check(root)
    assert check(root, **values) == check(root, **values, cache=None)
    assert len(reads) == 3


def test_other_code_reads_the_site_again(root, reads, monkeypatch):
    expected = check(root)
    monkeypatch.setattr(run, "of_installation", lambda: "another version")
    assert check(root) == expected
    assert len(reads) == 2


def test_a_check_of_other_hosts_is_never_repeated_from_the_last_one(root, reads):
    outgoing = OutgoingCheck(root / "links.json", datetime(2024, 1, 1, tzinfo=UTC))
    check(root, outgoing=outgoing)
    check(root, outgoing=outgoing)
    assert len(reads) == 2


def test_a_damaged_file_changes_no_report(root, reads):
    expected = check(root)
    file = root / f"cache{REPORTS_SUFFIX}"
    file.write_bytes(file.read_bytes()[:-1])
    assert check(root) == expected
    assert len(reads) == 2


def test_the_last_few_reports_are_stored(tmp_path):
    for number in range(MAX_REPORTS + 1):
        LastReports(tmp_path / "file", str(number)).add([], {})
    assert LastReports(tmp_path / "file", "0").find() is None
    for number in range(1, MAX_REPORTS + 1):
        assert LastReports(tmp_path / "file", str(number)).find() == []


def test_only_files_of_posts_that_changed_are_searched_for_lines(tmp_path):
    posts = {}
    for name in ("a", "b"):
        write(tmp_path, {f"output/{name}/index.html": PAGE, f"content/posts/{name}.md": "\n[link](/missing)\n"})
        shown = Post(
            f"content/posts/{name}.md", name, name, f"/{name}/", f"{name}/index.html", datetime(2024, 1, 1, tzinfo=UTC)
        )
        posts[shown.output] = shown
    searched = []

    def check_lines():
        output = tmp_path / "output"
        files = list_files(output)
        sources = {post.path: of_file(tmp_path / post.path) for post in posts.values()}
        fingerprints = {path: of_file(output / path) for path in files}
        options = CheckOptions(
            cache=tmp_path / "cache", fingerprints=fingerprints, sources=sources, inputs=repr(sources)
        )
        find = lines_of_posts(tmp_path)
        search = lambda post, needle: (searched.append(post.path), find(post, needle))[1]  # noqa: E731
        problems = check_site(output, files, BASE, posts, search, options)
        found = {problem.path: problem.line for problem in problems if problem.id == "broken-link"}
        paths, searched[:] = set(searched), []
        return found, paths

    first, second = posts["a/index.html"].path, posts["b/index.html"].path
    assert check_lines() == ({first: 2, second: 2}, {first, second})
    write(tmp_path, {second: "\n\n\n[link](/missing)\n"})
    assert check_lines() == ({first: 2, second: 4}, {second})
    write(tmp_path, {"output/a/index.html": f"{PAGE} edited"})
    assert check_lines() == ({first: 2, second: 4}, set())
    write(tmp_path, {second: "No link.\n"})
    assert check_lines() == ({first: 2, second: 0}, {second})


@pytest.mark.parametrize("stored", [_StoredReports(lines=Raw(b"\xc1")), _StoredReports({"key": Raw(b"\x01")}), 5])
def test_a_file_with_other_values_has_no_reports_and_lines(tmp_path, stored):
    write_sealed(tmp_path / "file", encode(stored))
    reports = LastReports(tmp_path / "file", "key")
    assert reports.find() is None
    assert reports.find_lines() == {}
    reports.add([], {"a.md": ("1", {"x": (1, "x")})})
    assert LastReports(tmp_path / "file", "key").find() == []
    assert LastReports(tmp_path / "file", "key").find_lines() == {"a.md": ("1", {"x": (1, "x")})}


def test_the_command_repeats_a_report_until_something_changes(tmp_path, reads):
    path = "content/posts/2024-01-01-first.md"
    text = post("First", text="Text\n\n[x](https://letter.example.org/gone/)")
    root = make_site(tmp_path, {path: text})

    def check_json():
        return CliRunner().invoke(main, ["-C", str(root), "check", "--json"]).output

    first = check_json()
    assert check_json() == first
    assert "gone" in first
    assert len(reads) == 1
    (root / path).write_text(text.replace("Text\n", "Text\n\n\n"))
    assert check_json() != first
    assert len(reads) == 2
