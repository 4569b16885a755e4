"""A build by a new process after an edit of a body loads a part of the last build's site, or plans all of it."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.site.page_codec import TABLE, read_page_row
from tests.support.sites import CACHE, CONFIG, build, make_site, post, tree, write

FIRST = "content/posts/2024-01-01-first.md"
LONG_POSTS = {
    f"content/posts/2023-02-{n:02}-long-{n}.md": post(f"Long {n}", f"2023-02-{n:02}", "Start.\n\n" + "Word. " * 99)
    for n in range(1, 13)
}
"""Posts of another year, and more words than others: the statistics list the ten longest."""


def edit(
    root: Path, text: str, name: str = FIRST, title: str = "First", date: str = "2024-01-01", **wishes: object
) -> bool:
    """Change a post, build with a new builder, and return whether it planned the whole site; compare a clean build.

    The summary of the post, its first paragraph, stays the same.
    """
    write(root, {name: post(title, date, f"Start.\n\n{text}")})
    with closing(Builder(root, time.time_ns, cache=CACHE)) as builder:
        report = builder.build(read_config(root).config, Request(**wishes))  # type: ignore[arg-type]
        is_planned = builder.snapshot.site is not None
    assert report.rendered
    clean = root.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns("output", ".sitegen"))
    build(clean)
    assert tree(root / "output") == tree(clean / "output")
    return is_planned


@pytest.fixture
def site(tmp_path):
    first = {FIRST: post("First", "2024-01-01", "Start.\n\nThe first letter.")}
    root = make_site(tmp_path / "site", LONG_POSTS | first, CONFIG + "[lists]\nrelated = 2\n")
    build(root)
    return root


def test_an_edit_of_a_body_loads_only_the_pages_that_depend_on_it(site):
    assert not edit(site, "Other words about lighthouses.")
    assert not edit(site, "And once more, about ferries.")
    assert not edit(site, "In explained builds too.", explain=True)
    assert b"ferries" not in (site / "output/feed.xml").read_bytes()


def test_the_loaded_pages_show_what_other_posts_are_since_an_edit_of_a_title(site):
    assert edit(site, "The second letter.", "content/posts/2024-01-02-second.md", "Renamed", "2024-01-02")
    assert not edit(site, "Other words.")
    assert b"Renamed" in (site / "output/posts/first/index.html").read_bytes()


def test_a_strict_build_fails_with_the_warnings_of_the_last_build(site):
    write(site, {"content/posts/2024-01-01-first.odt": "---\ntitle: A post\n---\n"})
    build(site)
    with pytest.raises(SiteError, match="not a post"):
        edit(site, "Other words.", strict=True)


def test_a_site_that_cannot_be_loaded_in_part_has_no_rows(tmp_path):
    comments = {
        "content/posts/2024-01-01-first.comments.yaml": "- id: c1\n  author: Ann\n  date: 2024-02-03\n  text: Yes.\n"
    }
    root = make_site(tmp_path / "site", comments)
    build(root)
    with closing(Store(root / ".sitegen/store.db")) as store:
        assert not store.names(TABLE)


def test_a_deleted_post_has_no_row(site):
    (site / "content/posts/2024-01-02-second.md").unlink()
    build(site)
    with closing(Store(site / ".sitegen/store.db")) as store:
        names = store.names(TABLE)
    assert "output:posts/first/index.html" in names
    assert "output:posts/second/index.html" not in names


def test_a_change_of_the_statistics_plans_the_site(site):
    assert edit(site, "Many words. " * 500)


def test_a_template_that_reads_all_posts_plans_the_site(site):
    text = '{% extends "theme/post.html" %}{% block main %}{{ super() }}{{ site.posts | length }}{% endblock %}'
    write(site, {"templates/post.html": text})
    build(site)
    assert edit(site, "Other words.")


@pytest.mark.parametrize("statement", ["DELETE FROM page", "DELETE FROM fact WHERE name LIKE 'site of %'"])
def test_missing_rows_plan_the_site(site, statement):
    with closing(sqlite3.connect(site / ".sitegen/store.db")) as database, database:
        database.execute(statement)
    assert edit(site, "Other words.")


def test_a_row_of_an_earlier_version_of_a_page_plans_the_site(site):
    store = Store(site / ".sitegen/store.db")
    name = "output:posts/first/index.html"
    before = store.get(TABLE, name, read_page_row)
    store.close()
    assert edit(site, "The second letter.", "content/posts/2024-01-02-second.md", "Renamed", "2024-01-02")
    store = Store(site / ".sitegen/store.db")
    assert store.get(TABLE, name, read_page_row) == before, "it names the same posts"
    page_type, posts, data, facts = before
    store.put(TABLE, [(name, (page_type, posts[::-1], data, facts))])
    store.close()
    assert edit(site, "Other words.")


@pytest.mark.parametrize(
    "files",
    [
        {
            "sitegen.toml": f'{CONFIG}[languages.de]\ntitle = "Brief"\n',
            "content/posts/2024-01-02-second.de.md": post("Zwei"),
        },
        {"content/posts/2024-01-01-first.comments.yaml": "- id: c1\n  author: Ann\n  date: 2024-02-03\n  text: Yes.\n"},
        {"views.csv": "post,platform,from,to,exported,count\n/posts/first/,Ghost,2024-02-01,2024-02-01,2024-02-01,7\n"},
        {"hooks.py": "def finish(path, data):\n    return data + b' '\n"},
        {"content/posts/2024-01-04-draft.md": "---\ntitle: D\ndate: 2024-01-04\ndraft: true\n---\n\nD.\n"},
        {"content/term.md": "A file that is published as it is.\n"},
    ],
    ids=["languages", "comments", "views", "hooks", "draft", "file"],
)
def test_other_sites_are_built_as_by_a_clean_build(tmp_path, files):
    root = make_site(tmp_path / "site", files)
    build(root)
    for text in ("Other words.", "Again."):
        edit(root, text)


@pytest.mark.parametrize("seed", range(2))
def test_builds_by_new_processes_after_random_edits_equal_clean_builds(site, seed):
    random = Random(seed)
    planned = []
    for step in range(6):
        if random.random() < 0.6:
            planned.append(edit(site, f"Step {step}."))
        else:
            n = random.randrange(1, 13)
            name = f"content/posts/2023-02-{n:02}-long-{n}.md"
            planned.append(edit(site, "Word. " * random.choice((1, 90)), name, f"Title {step}", f"2023-02-{n:02}"))
    assert {*planned} == {True, False}
