"""The fields of a page are part of its repr, from which its key is derived."""

import dataclasses
from datetime import UTC, datetime

import pytest
from msgspec.structs import fields, replace

from sitegen.comments.discussion import Discussion
from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Description, FeedLink, FieldValue, Link, Part, Post, Section, SectionPage, Series, Term
from sitegen.pages import ListPage, PostPage
from sitegen.site.assemble import assemble
from sitegen.site.related import RelatedPosts


def post(digest):
    day, tags = datetime(2024, 1, 1, tzinfo=UTC), (Term("A", "a", "/tags/a/"),)
    return Post("a.md", "A", "a", "/a/", "a/index.html", day, digest=digest, tags=tags)


PAGE = PostPage("a/index.html", "/a/", "post.html", "post", post("1"), "body", (("b.md", "/b/"),), None, None)
TAGGED = [dataclasses.replace(post(path), path=path) for path in ("a.md", "b.md")]
OTHERS = {
    "path": "b/index.html",
    "url": "/b/",
    "template": "page.html",
    "kind": "page",
    "post": post("2"),
    "body": "other",
    "links": (),
    "newer": post("3"),
    "older": post("4"),
    "relations": RelatedPosts(assemble(Config(), TAGGED, (), FrozenDict()), 1),
    "section": Section(SectionPage("B", "/b/"), "digest"),
    "discussion": Discussion("content/posts/b.comments.yaml", 1, ("fingerprint",)),
    "feeds": (FeedLink("Comments", "/comments.xml", "rss"),),
    "series": (Series("series", "B", "/series/b/", 1, 1, (Part(1, "B", "/b/"),)),),
    "fields": (FieldValue("servings", "Servings", "number", 4),),
    "gathered": (post("6"),),
    "thread": "/b/",
}
SECTION = Section(SectionPage("B", "/b/"), "digest")
OTHER_SECTIONS = {
    "digest": "of another tree",
    "breadcrumbs": (SectionPage("B", "/b/"),),
    "previous": SectionPage("B", "/b/"),
    "next": SectionPage("B", "/b/"),
}


LIST = ListPage("a/index.html", "/a/", "tag.html", "tag", "A", "", (post("1"), post("2")))
OTHER_LISTS = {
    "path": "b/index.html",
    "url": "/b/",
    "template": "author.html",
    "kind": "author",
    "title": "B",
    "description": "all of B",
    "posts": (post("1"), post("3")),
    "term": Term("A", "a", "/a/"),
    "number": 1,
    "newer_url": "/a/page/2/",
    "older_url": "/a/page/1/",
    "count": 2,
    "views": 3,
    "comments": 4,
    "feeds": (FeedLink("A", "/a/feed.xml", "rss"),),
    "others": (Link("B", "/b/"),),
    "months": (Link("2024-05", "/2024/05/"),),
    "about": Description("<p>A</p>", "A"),
}
CASES = [(PAGE, name, other) for name, other in OTHERS.items()]
CASES += [(SECTION, name, other) for name, other in OTHER_SECTIONS.items()]
CASES += [(LIST, name, other) for name, other in OTHER_LISTS.items()]


@pytest.mark.parametrize(("page", "name", "other"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_field_of_a_page_is_part_of_its_representation(page, name, other):
    assert repr(replace(page, **{name: other})) != repr(page)


def test_every_field_of_a_page_is_tested():
    assert [item.name for item in fields(PostPage)] == list(OTHERS)
    assert [item.name for item in fields(ListPage)] == list(OTHER_LISTS)
    assert [item.name for item in fields(Section)] == ["tree", *OTHER_SECTIONS]  # the digest is that of the tree
