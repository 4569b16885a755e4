from datetime import UTC, datetime, timedelta

import pytest

from sitegen.model import Count, Post
from sitegen.site.pages.listing import split_list


def posts(count):
    """Return posts, newest first, numbered from the oldest."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    made = [
        Post(f"p{n}.md", f"P{n}", f"p{n}", f"/p{n}/", f"p{n}/index.html", first + timedelta(days=n), views=Count(n))
        for n in range(1, count + 1)
    ]
    return tuple(reversed(made))


def pages(count, size=3):
    return list(split_list("tag", posts(count), size, "/t/", "/t/page/{number}/", "", title="T"))


def titles(page):
    return [post.title for post in page.posts]


def test_a_short_list_is_one_page():
    (page,) = pages(3)
    assert titles(page) == ["P3", "P2", "P1"]
    assert (page.url, page.path, page.older_url, page.count) == ("/t/", "t/index.html", "", 3)


def test_pages_are_numbered_from_the_oldest_and_full():
    front, first, second = pages(8)
    assert titles(first) == ["P3", "P2", "P1"]
    assert titles(second) == ["P6", "P5", "P4"]
    assert titles(front) == ["P8", "P7", "P6"]


def test_pages_lead_from_the_front_to_the_oldest_and_back():
    front, first, second = pages(8)
    assert (front.older_url, second.older_url, first.older_url) == ("/t/page/2/", "/t/page/1/", "")
    assert (first.newer_url, second.newer_url) == ("/t/page/2/", "/t/")


@pytest.mark.parametrize("count", range(1, 30))
def test_every_post_is_on_some_page_and_every_numbered_page_is_full(count):
    front, *numbered = pages(count)
    shown = {title for page in (front, *numbered) for title in titles(page)}
    assert shown == {f"P{n}" for n in range(1, count + 1)}
    assert all(len(page.posts) == 3 for page in numbered)


@pytest.mark.parametrize("count", range(3, 30))
def test_a_new_post_leaves_full_pages_alone_but_for_a_link(count):
    before = {page.path: page for page in pages(count)[1:]}
    after = {page.path: page for page in pages(count + 1)[1:]}
    changed = [path for path in before if before[path] != after[path]]
    assert len(changed) <= 1
    assert all(before[path].posts == after[path].posts for path in before)


def test_only_the_front_page_has_the_counts_of_the_whole_list():
    front, *numbered = pages(8)
    assert (front.count, front.views) == (8, 36)
    assert all((page.count, page.views) == (0, 0) for page in numbered)
