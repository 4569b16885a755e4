"""URLs of the site are found in its files in each form in which they may be written."""

import pytest

from sitegen.config.schema import Config
from sitegen.publish.inbound_links import find_mentions

CONFIG = Config(base_url="https://h.example/repo/")


def find(text: str, *urls: str, config: Config = CONFIG) -> list[tuple[str, int, str]]:
    return list(find_mentions({"a.md": text}, urls or ("/repo/posts/ä b/",), config))


@pytest.mark.parametrize(
    "text",
    [
        "[a](/repo/posts/ä b/)",
        "[a](/posts/ä b)",
        '<a href="/repo/posts/%C3%A4%20b/">',
        "<a href='/posts/%C3%A4%20b'>",
        "https://h.example/repo/posts/%C3%A4%20b/",
        "https://h.example/posts/ä b",
        "<https://h.example/repo/posts/ä b/>",
        "/repo/posts/ä b/?x",
        "/repo/posts/ä b#y",
        "see /repo/posts/ä b.",
        "see /repo/posts/ä b/: there",
        "see /repo/posts/ä b/!\n",
        "a: /repo/posts/ä b, /x",
        "(/repo/posts/ä b;",
        "[/posts/ä b]",
    ],
)
def test_a_url_is_found(text):
    assert [(path, line) for path, line, _ in find(text)] == [("a.md", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "/repo/posts/ä bc",
        "/repo/posts/ä b/c",
        "/other/repo/posts/ä b",
        "https://other.example/repo/posts/ä b/",
        "x/posts/ä b",
        "-/posts/ä b",
        "/repo/posts/ä b.html",
        "/repo/posts/ä b!x",
        "posts/ä b/",
        "/REPO/posts/ä b/",
    ],
)
def test_another_url_is_not(text):
    assert find(text) == []


def test_lines_and_urls_are_reported_in_order():
    text = "one\n/b/ and /repo/a/\n\n/a/ /b"
    assert find(text, "/repo/a/", "/repo/b/") == [
        ("a.md", 2, "/b"),
        ("a.md", 2, "/repo/a"),
        ("a.md", 4, "/a"),
        ("a.md", 4, "/b"),
    ]


def test_the_longer_url_counts():
    assert find("/repo/a/b/", "/repo/a/", "/repo/a/b/") == [("a.md", 1, "/repo/a/b")]


def test_the_root_is_never_searched_for():
    root = Config(base_url="https://h.example/")
    assert find("see / and https://h.example/", "/", config=root) == []
    assert list(find_mentions({"a": "/"}, (), root)) == []


def test_each_file_is_searched():
    texts = {"a.md": "/x", "b.md": "y", "c.md": "\n/x"}
    root = Config(base_url="https://h.example/")
    assert list(find_mentions(texts, ["/x"], root)) == [("a.md", 1, "/x"), ("c.md", 2, "/x")]
