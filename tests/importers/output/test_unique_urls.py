"""Aliases and ids of imported posts are unique."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.importers.base import ImportedPost, Location, MarkdownBody
from sitegen.importers.output.site_pages import SitePages
from sitegen.importers.output.unique_urls import UniqueUrls
from tests.support.importing import import_path
from tests.support.sites import CACHE

NOW = 1_800_000_000_000_000_000


def post(line, **fields):
    return ImportedPost(Location("posts.csv", line), f"Post {line}", MarkdownBody("Text."), **fields)


def assign(registry, aliases, name="posts.csv:1", permalink="/posts/x/", pages=None):
    return registry.assign_aliases(aliases, name, permalink, pages or SitePages(Path("/nowhere"), Config()))


def test_aliases_with_the_same_output_file_are_deduplicated():
    assert assign(UniqueUrls(), ["/p/one", "/p/one/", "/P/One", "/other", "/a/index.html", "/a/"]) == (
        ["/p/one", "/other", "/a/index.html"],
        [],
    )


@pytest.mark.parametrize("alias", ["/p/one", "/p/one/", "/P/One"])
def test_an_alias_belongs_to_the_first_post_that_has_it(alias):
    registry = UniqueUrls()
    assign(registry, ["/p/one"])
    free_aliases, warnings = assign(registry, [alias, "/p/two"], "posts.csv:2")
    assert free_aliases == ["/p/two"]
    assert warnings == [f"the old URL {alias} was dropped, since posts.csv:1 already has it"]


@pytest.mark.parametrize(
    ("alias", "page"),
    [
        ("/tags/", "the page /tags/"),
        ("/archive", "the page /archive/"),
        ("/", "the page /"),
        ("/404.html", "the page /404.html"),
        ("/about/", "content/pages/about.md"),
        ("/team/us", "content/pages/team/us.md"),
        ("/posts/b/", "content/posts/b.md"),
        ("/tags/wool", "the page /tags/wool/"),
        ("/archive/2020/", "the page /archive/2020/"),
        ("/authors/ada-pellow/", "the page /authors/ada-pellow/"),
        ("/sources/nypost/", "the page /sources/nypost/"),
    ],
)
def test_an_alias_at_a_page_of_the_site_is_dropped(alias, page, tmp_path):
    for name in ("about.md", "team/us.md"):
        (tmp_path / "content/pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content/pages" / name).write_text("---\ntitle: x\n---\n")
    pages = SitePages(tmp_path, Config())
    fields = {"slug": "b", "date": "2020-01-02", "tags": ["Wool"], "author": "Ada Pellow", "source": "NYPost"}
    pages.add_post(fields, "content/posts/b.md")
    assert assign(UniqueUrls(), [alias, "/ok"], pages=pages) == (
        ["/ok"],
        [f"the old URL {alias} was dropped, since it belongs to {page}"],
    )


def test_an_alias_at_the_permalink_of_its_post_is_allowed():
    pages = SitePages(Path("/nowhere"), Config())
    pages.add_post({"slug": "b"}, "content/posts/b.md")
    assert assign(UniqueUrls(), ["/posts/b", "/posts/b/"], permalink="/posts/b/", pages=pages) == (["/posts/b"], [])


def test_an_id_belongs_to_the_first_post_that_has_it():
    registry = UniqueUrls()
    first = post(1, id="a")
    assert registry.assign_id(first) == (first, [])
    second, warnings = registry.assign_id(post(2, id="a"))
    assert (second.id, warnings) == ("", ['the id "a" was dropped, since posts.csv:1 already has it'])
    assert registry.assign_id(post(3, id="b")) == (post(3, id="b"), [])


def test_posts_with_the_same_old_url_build(tmp_path):
    posts = [
        {
            "id": f"{number:024x}",
            "title": f"Post {number}",
            "slug": "same",
            "html": f"<p>Text {number}.</p>",
            "type": "post",
            "status": "published",
            "visibility": "public",
            "published_at": "2023-01-02T10:00:00.000Z",
        }
        for number in range(3)
    ]
    (tmp_path / "one.ghost.json").write_text(json.dumps({"db": [{"meta": {}, "data": {"posts": posts}}]}))
    report = import_path(tmp_path / "one.ghost.json", tmp_path / "site", "ghost")
    assert (report.written, len(report.notes)) == (3, 2)
    (tmp_path / "site/sitegen.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    with closing(Builder(tmp_path / "site", lambda: NOW, cache=CACHE)) as builder:
        built = builder.build(read_config(tmp_path / "site").config, Request())
    assert sorted(path for path in built.rendered if path.startswith("posts/")) == [
        "posts/same-2/index.html",
        "posts/same-3/index.html",
        "posts/same/index.html",
    ]
    assert "/posts/same/" in (tmp_path / "site/output/same/index.html").read_text()
