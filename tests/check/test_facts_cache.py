"""A check with the results of earlier checks reports the same as one without, after any change."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.msgpack import decode, encode
from msgspec.structs import replace as replace_fields

from sitegen.check import run
from sitegen.check.facts_cache import _StoredFacts
from sitegen.check.options import CheckLimits, CheckOptions
from sitegen.check.run import check_site, read_site
from sitegen.system.files import list_files
from sitegen.system.fingerprints import of_file
from sitegen.system.sealed_file import read_sealed, write_sealed

BASE = "https://news.example.org/repo/"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta name="description" content="{title}">
<link rel="canonical" href="{canonical}"><link rel="stylesheet" href="/repo/style.css">{head}</head>
<body><main><h1 id="{id}">{title}</h1><p>{links}</p></main></body></html>
"""
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title><link>{base}</link>
<description>News</description><atom:link href="{base}feed.xml" rel="self" type="application/rss+xml"/>
<item><title>A</title><link>{base}{item}</link><guid>{base}{item}</guid><description>Text</description>
<enclosure url="{base}talk.mp3" length="{length}" type="audio/mpeg"/></item></channel></rss>
"""
ENTRY = "<url><loc>{base}{path}</loc></url>"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
OTHER_SITEMAP = SITEMAP.format(entries=ENTRY.format(base=BASE, path="b/"))
PATHS = ("index.html", "a/index.html", "b/index.html", "B/index.html", "c.html", "404.html", "old/index.html")
LINKS = (
    "a/", "/repo/a/", "/repo/a", "../b/", "/repo/B/", "/repo/c", "/repo/c.html#x", "#x", "#y", "?q=1", "./", "../a/#x",
    "/elsewhere/", "https://other.example/", "http://news.example.org/repo/a/", f"{BASE}b/#y", "/repo/old/",
    "/repo/ab/", "mailto:a@b.example", "", "talk.mp3", "/repo/%zz", "d/e/../../a/", "/repo/missing/#x",
)  # fmt: skip


def page(title="A", links=(), anchor="x", head="", canonical=BASE):
    written = " ".join(f'<a href="{link}">{number}</a>' for number, link in enumerate(links))
    return PAGE.format(title=title, links=written, id=anchor, head=head, canonical=canonical)


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def make_site(root):
    for path in PATHS[:3]:
        write(root, path, page(path, LINKS[:6]))
    write(root, "404.html", page("Not found"))
    write(root, "old/index.html", page("Old", head='<meta http-equiv="refresh" content="0; url=/repo/a/">'))
    write(root, "feed.xml", FEED.format(base=BASE, item="a/", length=3))
    write(root, "talk.mp3", "abc")
    write(root, "style.css", "@import 'b.css'; p { background: url(a.png) }")
    write(root, "sitemap.xml", SITEMAP.format(entries=ENTRY.format(base=BASE, path="a/")))
    write(root, "robots.txt", f"User-agent: *\nSitemap: {BASE}sitemap.xml\n")
    write(root, "_redirects", "/repo/gone /repo/a/ 301\n")
    write(root, "search/index.json", '{"large": 1}')


texts = st.builds(
    page,
    st.sampled_from(("A", "B", "")),
    st.lists(st.sampled_from(LINKS), max_size=4),
    st.sampled_from(("x", "y")),
    st.sampled_from(("", '<base href="/repo/a/">', '<meta http-equiv="refresh" content="0; url=/repo/b/">')),
    st.sampled_from((BASE, f"{BASE}b/", "/repo/missing")),
)
changes = st.one_of(
    st.tuples(st.sampled_from((*PATHS, "d/index.html", "ab/index.html", "old.php")), texts | st.none()),
    st.tuples(st.just("feed.xml"), st.builds(
        lambda item, length: FEED.format(base=BASE, item=item, length=length),
        st.sampled_from(("a/", "c/", "missing/")), st.sampled_from((3, 4)),
    ) | st.none()),
    st.tuples(st.just("talk.mp3"), st.sampled_from(("abc", "abcd")) | st.none()),
    st.tuples(st.sampled_from(("b.css", "a.png", "a/a.png")), st.just("p {}") | st.none()),
    st.tuples(st.just("_redirects"), st.sampled_from(("/repo/ab/ /repo/b/ 302\n", "/repo/missing/* /repo/a/ 301\n"))),
    st.tuples(st.just("sitemap.xml"), st.sampled_from(("<no", OTHER_SITEMAP))),
)  # fmt: skip


def check(output, cache=None, base=BASE, **values):
    files = list_files(output)
    options = CheckOptions(cache=cache, **values)
    known = read_site(output, files, base, {}, options)
    return known, check_site(output, files, base, {}, lambda *_: (0, ""), options)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    make_site(root / "output")
    return root


@settings(max_examples=40)
@given(st.lists(st.lists(changes, min_size=1, max_size=3), min_size=1, max_size=4))
def test_after_any_changes_a_check_with_the_cache_reports_the_same(site, steps):
    output, cache = site / "changed", site / "cache"
    shutil.rmtree(output, ignore_errors=True)
    cache.unlink(missing_ok=True)
    shutil.copytree(site / "output", output)
    check(output, cache)
    for step in steps:
        for path, text in step:
            if text is None:
                (output / path).unlink(missing_ok=True)
            else:
                write(output, path, text)
        expected = check(output)
        assert check(output, cache) == expected
        assert check(output, cache) == expected


@pytest.fixture
def read_files(monkeypatch):
    """Return a list of the pages and other files that were read."""
    found = []
    for module, name in ((run, "read_page"), (run.read_documents.__globals__, "_read_document")):
        table = module if isinstance(module, dict) else vars(module)
        original = table[name]
        monkeypatch.setitem(
            table, name, lambda path, *rest, original=original: (found.append(path), original(path, *rest))[1]
        )
    return found


def test_a_second_check_reads_nothing(site, tmp_path, read_files):
    expected = check(site / "output", tmp_path / "cache")
    stamp = (tmp_path / "cache").stat().st_mtime_ns
    assert "a/index.html" in read_files
    assert "feed.xml" in read_files
    read_files.clear()
    assert check(site / "output", tmp_path / "cache") == expected
    assert read_files == []
    assert (tmp_path / "cache").stat().st_mtime_ns == stamp


def test_after_a_change_only_what_depends_on_it_is_read(tmp_path, read_files):
    output, cache = tmp_path / "output", tmp_path / "cache"
    write(output, "style.css", "p {}")
    write(output, "index.html", page("Home", ["/repo/a/"]))
    write(output, "a/index.html", page("A", ["/repo/"]))
    write(output, "b/index.html", page("B", ["/repo/c/"]))
    check(output, cache)
    read_files.clear()
    write(output, "a/index.html", page("Edited", ["/repo/"]))
    check(output, cache)
    assert read_files == ["a/index.html"]
    read_files.clear()
    write(output, "c/index.html", page("C"))
    check(output, cache)
    assert sorted(read_files) == ["b/index.html", "c/index.html"]


@pytest.mark.parametrize(
    "values",
    [{"limits": CheckLimits(page_bytes=100)}, {"base": "https://news.example.org/"}, {"groups": frozenset(["links"])}],
)
def test_other_options_report_the_same_as_without_the_cache(values, site, tmp_path):
    check(site / "output", tmp_path / "cache")
    assert check(site / "output", tmp_path / "cache", **values) == check(site / "output", **values)


def test_of_a_json_file_that_is_not_a_feed_only_the_head_is_read(site, tmp_path, read_files, monkeypatch):
    opened = []
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (opened.append(path.name), original(path))[1])
    check(site / "output")
    check(site / "output", tmp_path / "cache")
    assert "feed.xml" in read_files
    assert "feed.xml" in opened
    assert "search/index.json" not in read_files
    assert "index.json" not in opened


def test_other_code_reads_all_files_again(site, tmp_path, read_files, monkeypatch):
    check(site / "output", tmp_path / "cache")
    count = len(read_files)
    monkeypatch.setattr(run, "of_installation", lambda: "another version")
    read_files.clear()
    read_site(site / "output", list_files(site / "output"), BASE, {}, CheckOptions(cache=tmp_path / "cache"))
    assert len(read_files) == count


def test_files_of_known_fingerprints_are_not_read(site, tmp_path, monkeypatch):
    output = site / "output"
    fingerprints = {path: of_file(output / path) for path in list_files(output)}
    expected = check(output, tmp_path / "cache", fingerprints=fingerprints)
    opened = []
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (opened.append(path.name), original(path))[1])
    assert check(output, tmp_path / "cache", fingerprints=fingerprints) == expected
    assert set(opened) == {"cache", "cache.changes"}


@pytest.fixture
def edited(tmp_path):
    """A site of eight pages that was checked before and after an edit: its output folder and its cache."""
    output, cache = tmp_path / "output", tmp_path / "cache"
    write(output, "style.css", "p {}")
    write(output, "index.html", page("Home"))
    for name in "abcdefgh":
        write(output, f"{name}/index.html", page(name, ["/repo/a/", "/repo/missing/", f"/repo/{name}/"]))
    check(output, cache)
    write(output, "b/index.html", page("Edited", ["/repo/c/", "/repo/new/"]))
    check(output, cache)
    return output, cache


def test_after_a_small_change_only_the_second_file_is_written(edited, read_files):
    output, cache = edited
    first, second = cache.read_bytes(), cache.with_name("cache.changes").read_bytes()
    assert len(second) < len(first) / 2
    read_files.clear()
    write(output, "c/index.html", page("Edited too", ["/repo/b/"]))
    assert check(output, cache) == check(output)
    assert read_files.count("c/index.html") == 3
    assert read_files.count("b/index.html") == 2, "both checks without the cache read it"
    assert cache.read_bytes() == first
    write(output, "c/index.html", page("c", ["/repo/a/", "/repo/missing/", "/repo/c/"]))
    read_files.clear()
    check(output, cache)
    assert read_files == [], "the first file has the facts of the page as it was"


def test_after_a_larger_change_the_first_file_is_written(edited, read_files):
    output, cache = edited
    for name in "cdef":
        write(output, f"{name}/index.html", page(f"Edited {name}", ["/repo/a/"]))
    first = cache.read_bytes()
    assert check(output, cache) == check(output)
    assert cache.read_bytes() != first
    read_files.clear()
    check(output, cache)
    assert read_files == []


def test_a_new_file_makes_links_of_both_files_current(edited, read_files):
    output, cache = edited
    write(output, "new/index.html", page("New"))
    expected = check(output)
    read_files.clear()
    assert check(output, cache) == expected
    assert set(read_files) == {f"{name}/index.html" for name in (*"abcdefgh", "new")}, "each had a broken link"
    read_files.clear()
    write(output, "missing/index.html", page("Missing"))
    expected = check(output)
    read_files.clear()
    assert check(output, cache) == expected
    assert "b/index.html" not in read_files, "its links lead where they led before"


def test_changes_of_another_first_file_are_not_used(edited, tmp_path):
    output, cache = edited
    changes = cache.with_name("cache.changes").read_bytes()
    write(output, "b/index.html", page("Edited again"))
    write(output, "new/index.html", page("New"))
    check(output, cache)
    cache.with_name("cache.changes").write_bytes(changes)
    write(output, "b/index.html", page("Edited", ["/repo/c/", "/repo/new/"]))
    assert check(output, cache) == check(output)


@pytest.mark.parametrize("name", ["cache", "cache.changes"])
@pytest.mark.parametrize("urls", [encode(5), encode(((), {"a/index.html": (7,)})), encode(((), {}))])
def test_urls_that_make_no_sense_change_no_report(edited, name, urls):
    output, cache = edited
    file = cache.with_name(name)
    stored = decode(read_sealed(file), type=_StoredFacts)
    write_sealed(file, encode(replace_fields(stored, urls=Raw(urls))))
    write(output, "new/index.html", page("New"))
    assert check(output, cache) == check(output)
    assert check(output, cache) == check(output)


@pytest.mark.parametrize("name", ["cache", "cache.changes"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_cache_changes_no_report(edited, name, data):
    output, cache = edited
    file = cache.with_name(name)
    intact = file.read_bytes()
    damaged = bytearray(intact)
    damaged[data.draw(st.integers(0, len(intact) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(damaged[: data.draw(st.integers(0, len(intact)))])
    assert check(output, cache) == check(output)
    file.write_bytes(intact)


def test_a_folder_that_cannot_be_written_changes_no_report(site, tmp_path):
    (tmp_path / "file").write_text("")
    assert check(site / "output", tmp_path / "file/cache") == check(site / "output")


def test_the_number_of_processes_changes_no_report(site, tmp_path):
    known, problems = check(site / "output", tmp_path / "cache", jobs=2)
    assert (known, problems) == check(site / "output")
    assert replace(known, problems=()) == replace(check(site / "output", tmp_path / "cache")[0], problems=())
