"""No two posts of an import have the same old address or the same id, whatever the export says."""

import json
from contextlib import closing

import pytest

from sitegen.build import Builder, Request
from sitegen.importers.claims import Claims
from sitegen.importers.items import ImportedPost, Markdown, Place
from sitegen.settings import read_config
from tests.importing import import_path

NOW = 1_800_000_000_000_000_000


def post(line, **fields):
    return ImportedPost(Place("posts.csv", line), f"Post {line}", Markdown("Text."), **fields)


def test_the_first_post_keeps_what_it_has():
    claims = Claims()
    first = post(1, id="a", aliases=("/p/one", "/p/one/", "/other"))
    assert claims.settle(first) == (first, [])


@pytest.mark.parametrize("alias", ["/p/one", "/p/one/", "/P/One"])
def test_an_old_address_belongs_to_the_first_that_has_it(alias):
    claims = Claims()
    claims.settle(post(1, aliases=("/p/one",)))
    second, doubts = claims.settle(post(2, aliases=(alias, "/p/two")))
    assert second.aliases == ("/p/two",)
    assert doubts == [f"the old address {alias} was left out: posts.csv:1 has it already"]


def test_an_id_belongs_to_the_first_that_has_it():
    claims = Claims()
    claims.settle(post(1, id="a"))
    second, doubts = claims.settle(post(2, id="a"))
    assert (second.id, doubts) == ("", ['the id "a" was left out: posts.csv:1 has it already'])
    assert claims.settle(post(3, id="b")) == (post(3, id="b"), [])


def test_posts_of_one_address_at_the_platform_build(tmp_path):
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
    with closing(Builder(tmp_path / "site", lambda: NOW)) as builder:
        built = builder.build(read_config(tmp_path / "site").config, Request())
    assert sorted(path for path in built.drawn if path.startswith("posts/")) == [
        "posts/same-2/index.html",
        "posts/same-3/index.html",
        "posts/same/index.html",
    ]
    assert "/posts/same/" in (tmp_path / "site/output/same/index.html").read_text()
