"""What a page's fingerprint is made of."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from sitegen.model import Post
from sitegen.pages import PostPage


def post(digest):
    return Post("a.md", "A", "a", "/a/", "a/index.html", datetime(2024, 1, 1, tzinfo=UTC), digest=digest)


PAGE = PostPage("a/index.html", "/a/", "post.html", "post", post("1"), "body", (("b.md", "/b/"),), None, None, ())
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
    "related": (post("5"),),
}


@pytest.mark.parametrize("name", [item.name for item in fields(PostPage)])
def test_every_field_of_a_page_is_part_of_its_representation(name):
    assert repr(replace(PAGE, **{name: OTHERS[name]})) != repr(PAGE)
