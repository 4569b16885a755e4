from datetime import UTC, datetime

import pytest

from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.post_index import PostIndex
from sitegen.model import Post

BASE = "https://a.example/sub/"


def make(name, **fields):
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    return Post(f"{name}.md", name, name, f"/sub/posts/{name}/", f"posts/{name}/index.html", moment, **fields)


POSTS = (
    make("frost", aliases=("/old/frost.html",), source_url="https://news.example/p/First-Frost?utm=1"),
    make("rain", source_url="https://news.example/"),
    make("Rain"),
    make("snow", aliases=("/p/first-frost",)),
)
INDEX = PostIndex(POSTS, (LedgerEntry("snow.md", "g", ("https://before.example/2020/schnee",)),), BASE)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://a.example/sub/posts/frost/", "frost.md"),
        ("http://other.example/posts/frost", "frost.md"),
        ("/sub/posts/frost/index.html#top", "frost.md"),
        ("posts/frost", "frost.md"),
        ("https://a.example/old/FROST", "frost.md"),
        ("https://news.example/p/First-Frost", "frost.md"),
        ("https://news.example/p/first-frost", "snow.md"),
        ("https://before.example/2020/schnee/", "snow.md"),
        ("/posts/rain/", "rain.md"),
        ("/posts/Rain/", "Rain.md"),
        ("https://news.example/?p=12", None),
        ("https://a.example/sub/", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_post_is_found_by_each_url_that_it_has_or_had(url, file):
    assert INDEX.by_url(url) == file


@pytest.mark.parametrize(
    ("slug", "file"),
    [
        ("frost", "frost.md"),
        ("x/y/SNOW.html", "snow.md"),
        ("schnee", "snow.md"),
        ("rain", None),
        ("", None),
        ("x", None),
    ],
)
def test_a_post_is_found_by_a_slug_that_no_other_post_has(slug, file):
    assert INDEX.by_slug(slug) == file
