"""What the front matter says of enclosures."""

import pytest

from sitegen.feeds.enclosure import Enclosure, find_enclosures
from sitegen.formats.frozen_dict import FrozenDict

UNKNOWN = "application/octet-stream"


def find(value: object) -> tuple[Enclosure, ...]:
    return find_enclosures(value, lambda path: f"https://h.example/{path}", len)


@pytest.mark.parametrize("value", [None, "", " \n", 0, (), FrozenDict({}), FrozenDict({"url": None, "length": 3})])
def test_without_a_url_there_is_no_enclosure(value):
    assert find(value) == ()


def test_enclosures_keep_their_order_and_their_tables():
    table = FrozenDict({"url": " b.mp3 ", "season": 3})
    assert find(("a.pdf", "", table)) == (
        Enclosure("https://h.example/a.pdf", 23, "application/pdf", {"url": "a.pdf"}),
        Enclosure("https://h.example/b.mp3", 23, "audio/mpeg", table),
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [(4321, 4321), (" 12 ", 12), ("007", 7), (0, 23), (-3, 23), ("x", 23), ("²", 23), (None, 23)],
)
def test_the_length_is_the_stated_one_or_that_of_the_file(length, expected):
    assert [one.length for one in find(FrozenDict({"url": "b.mp3", "length": length}))] == [expected]


@pytest.mark.parametrize(
    ("url", "stated", "expected"),
    [
        ("a.MP3", None, "audio/mpeg"),
        ("a.mp3?b=c.pdf", "", "audio/mpeg"),
        ("a", None, UNKNOWN),
        ("a.mp3.unknown", None, UNKNOWN),
        ("a.mp3", " video/webm ", "video/webm"),
        ("a.mp3", 'a/b+c; d="e f"', 'a/b+c; d="e f"'),
        ("a.mp3", "sound", "audio/mpeg"),
        ("a.mp3", "a/b c", "audio/mpeg"),
        ("a.mp3", 3, "audio/mpeg"),
    ],
)
def test_the_type_is_the_stated_one_or_that_of_the_suffix(url, stated, expected):
    assert [one.type for one in find(FrozenDict({"url": url, "type": stated}))] == [expected]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a/b", True),
        ("HTTP://a/b", True),
        ("ftp://a/b", False),
        ("httpx://a", False),
        ("/a", False),
        ("", False),
    ],
)
def test_rss_takes_urls_of_the_web(url, expected):
    assert Enclosure(url, 0, UNKNOWN, {}).is_web is expected
