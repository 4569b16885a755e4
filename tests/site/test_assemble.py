from datetime import UTC, datetime

from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count, Post, Term
from sitegen.site.assemble import assemble, most_read


def make(name, day=1, tags=(), views=None, year=2024):
    terms = tuple(Term(tag, tag.lower(), f"/tags/{tag.lower()}/") for tag in tags)
    date = datetime(year, 1, day, tzinfo=UTC)
    count = Count(views) if views is not None else None
    return Post(f"{name}.md", name, name, f"/{name}/", f"{name}/index.html", date, tags=terms, views=count, digest=name)


def site(*posts, pages=()):
    return assemble(Config(), posts, pages, FrozenDict())


def test_posts_are_newest_first():
    assert [post.title for post in site(make("a", 1), make("b", 3), make("c", 2)).posts] == ["b", "c", "a"]


def test_posts_of_one_moment_are_ordered_by_their_files():
    assert [post.title for post in site(make("a"), make("b")).posts] == ["b", "a"]


def test_groups_are_ordered_by_name_without_regard_to_case():
    assert [group.name for group in site(make("a", tags=["b", "A", "C"])).tags] == ["A", "b", "C"]


def test_spellings_of_one_slug_are_one_group_named_as_most_posts_do():
    (group,) = site(make("a", tags=["News"]), make("b", tags=["news"]), make("c", tags=["news"])).tags
    assert (group.name, group.count) == ("news", 3)


def test_years_are_newest_first():
    assert [group.name for group in site(make("a", year=2020), make("b", year=2022)).years] == ["2022", "2020"]


def test_most_read_skips_posts_without_views():
    posts = [make("a", views=5), make("b"), make("c", views=9), make("d", views=0)]
    assert [post.title for post in most_read(posts, 10)] == ["c", "a"]


def test_pages_are_ordered_by_title():
    assert [page.title for page in site(pages=[make("b"), make("a")]).pages] == ["a", "b"]


def test_sections_that_would_be_empty_are_skipped():
    assert "tags" not in site().sections
    assert site(make("a", tags=["x"])).sections["tags"] == "/tags/"
