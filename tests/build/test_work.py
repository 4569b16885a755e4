"""A build renders only the pages that an edit affects, and loads only the modules that it needs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.search.shards import IndexLayout, shard_of, shard_path
from tests.support.sites import make_site

POSTS = 1_000
LATER = 4_102_444_800_000_000_000
"""The year 2100 in nanoseconds: all files have long been quiet."""

CONFIG = """
title = "Letters"
base_url = "https://example.org/"
[markdown]
engine = "commonmark"
"""


def write_post(root: Path, number: int, title: str = "", ending: str = "the end") -> None:
    """Write one of many posts, a hundred a year; its summary comes from the first paragraph."""
    year, month = 2010 + number // 100, number % 100 // 10 + 1
    (root / f"content/posts/post-{number:04}.md").write_text(
        f"---\ntitle: {title or f'Title {number}'}\ndate: {year}-{month:02}-{number % 10 + 1:02}\n"
        f"tags: [tag {number % 7}]\nsource: Source {number % 5}\nviews: {{count: {number}, on: Wix}}\n---\n"
        f"First words of number {number}.\n\nMore of it, up to {ending}.\n"
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a thousand posts with the default theme, built once."""
    root = tmp_path_factory.mktemp("site")
    (root / "content/posts").mkdir(parents=True)
    (root / "sitegen.toml").write_text(CONFIG)
    for number in range(POSTS):
        write_post(root, number)
    assert len(build(root)) > POSTS
    return root


def build(root: Path) -> tuple[str, ...]:
    """Build as a new process would, and return the rendered pages."""
    builder = Builder(root, lambda: LATER)
    try:
        return builder.build(read_config(root).config, Request()).rendered
    finally:
        builder.close()


def render_after(root: Path, reuse: bool, *edits: Callable[[], None]) -> tuple[str, ...]:
    """Return the pages rendered after the last of some edits, with the builder of the earlier builds or a new one."""
    builder = Builder(root, lambda: LATER)
    config = read_config(root).config
    for edit in edits:
        if not reuse:
            builder.close()
            builder = Builder(root, lambda: LATER)
        edit()
        rendered = builder.build(config, Request()).rendered
    builder.close()
    return rendered


def search_files(*words: str) -> set[str]:
    """Return the search files that hold words."""
    shards = IndexLayout(((2010, POSTS),)).shards
    return {f"search/{shard_path(shard_of(word, shards, 3), shards)}" for word in words}


EACH_BUILDER = pytest.mark.parametrize("reuse", [False, True], ids=["new process", "same process"])


@EACH_BUILDER
def test_a_body_edit_renders_the_page_and_the_feeds_and_search_files_that_changed(root: Path, reuse: bool) -> None:
    def edit(ending: str) -> Callable[[], None]:
        return lambda: write_post(root, 512, ending=ending)

    rendered = render_after(root, reuse, edit("a close"), edit("a halt"))
    assert set(rendered) == {"posts/post-0512/index.html", "feeds/2015.xml", *search_files("close", "halt")}


@EACH_BUILDER
def test_a_body_edit_of_a_new_post_renders_the_feeds_that_contain_it(root: Path, reuse: bool) -> None:
    def edit(ending: str) -> Callable[[], None]:
        return lambda: write_post(root, 990, ending=ending)

    rendered = render_after(root, reuse, edit("a close"), edit("a halt"))
    feeds = {"feed.xml", "atom.xml", "feed.json", "tags/tag-3/feed.xml", "sources/source-0/feed.xml"}
    page, archive = "posts/post-0990/index.html", "feeds/2019.xml"
    assert set(rendered) == {page, *feeds, archive, *search_files("close", "halt")}


@EACH_BUILDER
def test_a_title_edit_also_renders_the_lists_that_show_it(root: Path, reuse: bool) -> None:
    def edit(title: str) -> Callable[[], None]:
        return lambda: write_post(root, 345, title)

    rendered = render_after(root, reuse, edit("Uncommon"), edit("Uncommon still"))
    pages = {path for path in rendered if path.endswith(".html")}
    showing = {
        path.relative_to(root / "output").as_posix()
        for path in (root / "output").rglob("*.html")
        if "Uncommon still" in path.read_text()
    }
    of_groups = {"index.html", "archive/index.html", "figures/index.html", "sources/index.html", "tags/index.html"}
    assert showing <= pages
    assert {"posts/post-0345/index.html", "archive/2013/index.html"} <= showing
    assert pages - showing <= of_groups
    assert set(rendered) - pages == {"feeds/2013.xml", "search/2013/posts-2.json", *search_files("uncommon", "still")}


def write_counts(root: Path, count: int, numbers: Iterable[int]) -> None:
    """Write a file with the views of some posts."""
    rows = [f"/posts/post-{number:04}/,Plausible,,2024-01-01,2024-01-01,{count}\n" for number in numbers]
    (root / "views.csv").write_text("post,platform,from,to,exported,count\n" + "".join(rows))


def shows_no_views(path: str) -> bool:
    """Return whether a file of the output can show no views: the search index, RSS, Atom, OPML, the sitemap."""
    return path.startswith("search/") or path.endswith(".xml")


@EACH_BUILDER
def test_a_new_count_renders_what_shows_it_and_the_pages_of_posts_beside(root: Path, reuse: bool) -> None:
    edits = [partial(write_counts, root, count, (985,)) for count in (7, 70_000)]
    rendered = set(render_after(root, reuse, *edits))
    beside = {"posts/post-0984/index.html", "posts/post-0986/index.html"}
    showing = {
        path.relative_to(root / "output").as_posix()
        for path in (root / "output").rglob("*.*")
        if path.suffix in (".html", ".json") and re.search(r'70,985|"count": ?70985', path.read_text())
    }
    assert {"posts/post-0985/index.html", "most-read/index.html", "feed.json"} <= showing <= rendered
    assert beside <= rendered, "a template may show the views of the posts before and after"
    assert not [path for path in rendered if shows_no_views(path)]
    assert len(rendered) < 40


def test_counts_of_all_posts_render_no_search_files_and_no_rss_and_atom(root: Path) -> None:
    added = render_after(root, False, partial(write_counts, root, 3, range(POSTS)))
    removed = render_after(root, False, (root / "views.csv").unlink)
    for rendered in (added, removed):
        assert {f"posts/post-{number:04}/index.html" for number in range(POSTS)} <= set(rendered)
        assert not [path for path in rendered if shows_no_views(path)]


def serve(root: Path, changed: Iterable[str], *edits: Callable[[], object]) -> list[set[str]]:
    """Return the posts' pages that a reused builder renders after edits: first with changed paths, then with a scan."""
    builder = Builder(root, lambda: LATER)
    config = read_config(root).config
    builder.build(config, Request(warm_up=True))
    for edit in edits:
        edit()
    reports = [builder.build(config, Request(changed_paths=frozenset(changed))), builder.build(config, Request())]
    builder.close()
    return [{path for path in report.rendered if path.startswith("posts/")} for report in reports]


def test_a_server_with_changed_documents_reads_these_first_and_then_scans_all_files(root: Path) -> None:
    edits = [partial(write_post, root, number, ending="a server's end") for number in (101, 102)]
    changed = [
        "content/posts/post-0101.md",
        "content/posts/.post-0101.md.swp",
        "content/posts/4913",
        "content/posts/sedX",
    ]
    assert serve(root, changed, *edits) == [{"posts/post-0101/index.html"}, {"posts/post-0102/index.html"}]


def test_the_longest_posts_are_right_after_each_save(root: Path) -> None:
    builder = Builder(root, lambda: LATER)
    config = read_config(root).config
    builder.build(config, Request(warm_up=True))
    shown = []
    # Post 0 is among the longest, which have all the same length; posts 500 and 501 are not.
    for number, ending in (
        (500, "it"),
        (501, "a very long end"),
        (501, "it"),
        (0, "it"),
        (0, "the end"),
        (501, "the end"),
    ):
        write_post(root, number, ending=ending)
        rendered = builder.build(config, Request()).rendered
        figures = (root / "output/figures/index.html").read_text()
        shown.append(("figures/index.html" in rendered, f"/post-{number:04}/" in figures))
    builder.close()
    assert shown == [(False, False), (True, True), (True, False), (True, False), (True, True), (False, False)]


@pytest.mark.parametrize("closed", [False, True], ids=["served on", "stopped and built"])
def test_a_server_renders_pages_first_and_feeds_and_search_with_the_next_build(root: Path, closed: bool) -> None:
    builder = Builder(root, lambda: LATER)
    config = read_config(root).config
    builder.build(config, Request(warm_up=True))
    write_post(root, 512, ending="a pause" if closed else "a rest")
    changed = frozenset(["content/posts/post-0512.md"])
    first = builder.build(config, Request(changed_paths=changed, pages_first=True))
    pending = builder.snapshot.pending
    if closed:
        assert builder.close() == ()
        builder = Builder(root, lambda: LATER)
    second = builder.build(config, Request())
    assert builder.snapshot.pending == frozenset()
    assert builder.build(config, Request()).rendered == ()
    builder.close()
    assert set(first.rendered) == {"posts/post-0512/index.html"}
    assert {"feeds/2015.xml"} < set(second.rendered) <= pending
    assert any(path.startswith("search/") for path in second.rendered)


@pytest.mark.parametrize("name", ["new.md", "gone.md", "folder", "moved", "../data.json", "../../templates/a.html"])
def test_a_server_with_other_changed_files_scans_all_files_immediately(root: Path, name: str) -> None:
    path = root / "content/posts" / name
    for folder in (root / "templates", root / "content/posts/moved"):
        folder.mkdir(exist_ok=True)
    (root / "content/posts/moved/one.md").write_text("---\ntitle: One\ndate: 2019-12-30\n---\nOne.\n")
    (root / "content/posts/gone.md").write_text("---\ntitle: Gone\ndate: 2019-12-30\n---\nGone.\n")

    def change() -> None:
        write_post(root, 103, ending=f"the end, with {name}")
        if name == "folder":
            path.mkdir()
        elif name == "moved":
            path.rename(root / "aside")
        elif name == "gone.md":
            path.unlink()
        else:
            path.write_text("{}" if name.endswith("json") else "---\ntitle: New\ndate: 2019-12-30\n---\nNew.\n")

    changed = os.path.normpath(f"content/posts/{name}").replace(os.sep, "/")
    try:
        first, proof = serve(root, [changed], change)
    finally:
        for left in (
            path,
            *(root / name for name in ("aside", "templates", "content/posts/moved", "content/posts/gone.md")),
        ):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    assert "posts/post-0103/index.html" in first
    assert proof == set()


def test_a_new_post_changes_few_list_pages(root: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "output").rglob("*.html")}
    (root / "content/posts/fresh.md").write_text("---\ntitle: Fresh\ndate: 2019-12-30\ntags: [tag 1]\n---\nNew.\n")
    rendered = build(root)
    after = {path: path.read_bytes() for path in (root / "output").rglob("*.html")}
    changed = {path.relative_to(root / "output").as_posix() for path in after if after[path] != before.get(path)}
    numbered = {path for path in changed if "/page/" in path}
    assert "posts/fresh/index.html" in changed
    assert len([path for path in after if "/page/" in path.as_posix()]) > 100
    assert len(numbered) <= 2
    assert len(rendered) < 80


def test_an_unchanged_build_renders_nothing_and_loads_no_library(root: Path) -> None:
    (root / "child.py").write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from sitegen.build.builder import Builder, Request\n"
        "from sitegen.config.load import read_config\n"
        "root = Path(sys.argv[1])\n"
        f"builder = Builder(root, lambda: {LATER})\n"
        "report = builder.build(read_config(root).config, Request())\n"
        "builder.close()\n"
        "print(len(report.rendered), report.unchanged, *sorted(sys.modules))\n"
    )
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, root / "child.py", root],
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
    rendered, reuse, *modules = result.stdout.split()
    assert (rendered, int(reuse) > POSTS) == ("0", True)
    assert not {"markdown", "jinja2", "feedgen", "pyromark", "lxml", "yaml", "frontmatter", "pygments"} & set(modules)
    assert not {
        "sitegen.markdown",
        "sitegen.search.ranking",
        "sitegen.site.plan",
        "sitegen.content.front_matter.post",
    } & set(modules)


def test_a_build_after_one_that_had_just_read_an_edit_loads_no_engine(tmp_path):
    """The stamp of a file that was written a moment before the build is not trusted, so the next build reads it."""
    site = make_site(tmp_path)
    program = (
        "import sys\n"
        "from sitegen.cli import main\n"
        f"main(['-C', {str(site)!r}, 'build', '--quiet'], standalone_mode=False)\n"
        "print(sorted({'jinja2', 'markdown', 'pyromark', 'yaml'} & set(sys.modules)))\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert [run.stdout for run in runs] == ["['jinja2', 'pyromark']\n", "[]\n"]
