from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.view_counts import combine, count_posts, index_posts
from sitegen.content.ledger.views_file import ViewRow
from sitegen.model import Count, Post, without_counts

BASE = "https://a.example/sub/"


def make(name, url="", **fields):
    url = url or f"/sub/posts/{name}/"
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    return Post(f"content/posts/{name}.md", name, name, url, f"posts/{name}/index.html", moment, digest="d", **fields)


def row(count, platform="P", since="", until="2025-06-01", post="/posts/a/"):
    return ViewRow(post, platform, since, until, until, count)


def single(count, on, at):
    part = Count(count, on, at and date.fromisoformat(at))
    return Count(part.count, part.on, part.at, (part,))


WIX = Count(100, "Wix", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("front", "rows", "expected"),
    [
        (None, [row(5)], single(5, "P", "2025-06-01")),
        (None, [row(0)], None),
        (None, [row(5, "p"), row(7, "P", until="2025-07-01")], single(7, "P", "2025-07-01")),
        (None, [row(5), row(7, "Q", until="2024-01-01")],
            Count(12, "", date(2025, 6, 1), (Count(7, "Q", date(2024, 1, 1)), Count(5, "P", date(2025, 6, 1))))),
        (WIX, [row(5)], Count(105, "", date(2025, 6, 1), (WIX, Count(5, "P", date(2025, 6, 1))))),
        (WIX, [row(120, "wix")], single(120, "wix", "2025-06-01")),
        (WIX, [row(500, "Wix", until="2023-06-01")], WIX),
        (WIX, [row(500, "Wix", until="2024-01-01")], WIX),
        (WIX, [row(90, "Wix")], WIX),
        (WIX, [row(20, "Wix", since="2024-01-02")], single(120, "Wix", "2025-06-01")),
        (WIX, [row(20, "Wix", since="2023-01-02")], WIX),
        (Count(100, "Wix"), [row(90, "Wix")], Count(100, "Wix")),
        (Count(100, "Wix"), [row(110, "Wix")], single(110, "Wix", "2025-06-01")),
        (Count(100), [row(110, "Wix")], Count(100)),
        (Count(100, "", date(2026, 1, 1)), [row(110)], Count(100, "", date(2026, 1, 1))),
        (Count(100, "", date(2025, 1, 1)), [row(110)], single(110, "P", "2025-06-01")),
        (Count(100, "", date(2025, 1, 1)), [row(0)], Count(100, "", date(2025, 1, 1))),
        (Count(0, "Wix"), [row(5)], Count(5, "", date(2025, 6, 1), (Count(5, "P", date(2025, 6, 1)), Count(0, "Wix")))),
    ],
)  # fmt: skip
def test_the_views_of_the_front_matter_are_shown_until_rows_are_newer(front, rows, expected):
    assert combine(front, rows) == expected
    assert combine(front, reversed(rows)) == expected


def test_posts_are_found_by_their_urls_aliases_and_former_urls():
    posts = [make("a", aliases=("/old/a.html", "/posts/b/")), make("b"), make("c", "/sub/posts/br%C3%BCcke/")]
    records = [
        LedgerEntry("content/posts/b.md", "g", (f"{BASE}old/a/", f"{BASE}former%20b/")),
        LedgerEntry(
            "content/posts/c.md", "h", ("https://other.example/p/c", "https://other.example/", "http://[broken")
        ),
        LedgerEntry("content/posts/gone.md", "i", (f"{BASE}posts/gone/",)),
    ]
    assert index_posts(posts, records, BASE) == {
        "posts/a": "content/posts/a.md",
        "posts/b": "content/posts/b.md",
        "posts/brücke": "content/posts/c.md",
        "old/a": "content/posts/a.md",
        "former b": "content/posts/b.md",
        "p/c": "content/posts/c.md",
    }


def test_rows_of_old_and_new_urls_of_a_post_are_added_up_and_mark_its_fingerprint():
    posts = [make("a", aliases=("/old/",)), make("b")]
    rows = [
        row(5, since="2024-01-01", until="2024-12-31", post="/old"),
        row(7, since="2025-01-01"),
        row(9, post="/gone/"),
    ]
    counted = count_posts(posts, rows, [], BASE)
    assert list(counted) == ["content/posts/a.md"]
    post = counted["content/posts/a.md"]
    assert post.views == single(12, "P", "2025-06-01")
    assert post.digest != "d"
    assert without_counts(post.digest) == "d"
    assert replace(post, views=None, digest="d") == posts[0]


def test_without_rows_no_post_changes():
    assert count_posts([make("a", views=WIX)], [], [], BASE) == {}
    assert count_posts([make("a", views=WIX)], [row(1, "Wix", until="2020-01-01")], [], BASE) == {}
