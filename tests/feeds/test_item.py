"""What feeds say of a post, the same in each format."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec import structs

from sitegen.config.schema import Feeds, Podcast
from sitegen.config.theme_schema import Theme
from sitegen.feeds.channel import feed_image, resolve
from sitegen.feeds.content import ShownImage
from sitegen.feeds.item import Image, Item, attribute, describe, find_images, moment, resolve_file
from sitegen.feeds.types import FeedItem
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Post, Source
from tests.support.feed_samples import CONFIG, SOURCE, image_facts, make_post

PERMALINK = "https://h.example/repo/posts/post-2/"


def item(post: Post, html: str = "<p>Text</p>", guid: str = "", **feeds: object) -> Item:
    return describe(FeedItem(post, html, guid), structs.replace(CONFIG, feeds=Feeds(**feeds)), image_facts)


def test_a_post_without_details_has_defaults():
    post = make_post(2, title="", summary="", tags=(), authors=(), date=datetime(2024, 1, 2, 3, 4, 5, 6))
    published = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert item(post) == Item(
        url=PERMALINK,
        guid=PERMALINK,
        title=PERMALINK,
        summary="Text",
        content="<p>Text</p>",
        attribution="",
        published=published,
        updated=published,
        authors=(),
        tags=(),
        language="",
        rights="© WGON",
        source=None,
        source_url="",
        views=None,
        comments=None,
        likes=None,
        image="",
        shown_images=(),
        images=(),
        enclosures=(),
        episode=None,
    )


def test_the_summary_is_the_posts_own_the_beginning_of_its_text_or_its_title():
    assert item(make_post(2)).summary == "What post 2 says"
    assert item(make_post(2, summary=" a\n b "), "<p>x</p>").summary == "a b"
    assert item(make_post(2, summary=" "), "<p>x</p>").summary == "x"
    assert item(make_post(2, summary=""), "<hr>").summary == "Post 2"


@pytest.mark.parametrize(
    ("post", "rights", "expected"),
    [
        (make_post(2), "", "© WGON"),
        (make_post(2), " CC\nBY ", "CC BY"),
        (make_post(3), "", ""),
        (make_post(3), "CC BY", "CC BY"),
    ],
    ids=["site", "post", "republished", "republished post"],
)
def test_rights_are_those_of_the_post_or_of_the_site_for_its_own_posts(post, rights, expected):
    params = FrozenDict({"rights": rights} if rights else {})
    assert item(replace(post, params=params)).rights == expected


def test_the_own_image_comes_first_and_once():
    html = '<p>x</p><img src="/repo/b.svg" alt="B"><img src="/repo/a.png" alt="A">'
    shown = item(make_post(2, image="/repo/a.png", image_alt=" An\nimage "), html)
    assert shown.image == "https://h.example/repo/a.png"
    assert shown.shown_images == (
        ShownImage("https://h.example/repo/a.png", "An image"),
        ShownImage("https://h.example/repo/b.svg", "B"),
    )
    assert item(make_post(2), html).image == ""
    assert [one.alt for one in item(make_post(2), html).shown_images] == ["B", "A"]
    both = shown.files
    assert both == ("https://h.example/repo/a.png", "https://h.example/repo/b.svg")


def test_the_files_of_a_post_are_its_images_and_enclosures():
    post = make_post(2, image="/repo/a.png", params=FrozenDict({"enclosure": ("/a.png", "x.mp3")}))
    found = item(post)
    assert found.files == (
        "https://h.example/repo/a.png",
        "https://h.example/repo/a.png",
        "https://h.example/repo/posts/x.mp3",
    )
    assert [one.length for one in found.enclosures] == [1234, 0]


def test_only_a_podcast_has_episodes():
    post = make_post(2, image="/repo/a.png", params=FrozenDict({"enclosure": "x.mp3"}))
    assert item(post).episode is None
    podcast = Podcast(category="Arts")
    assert item(make_post(2), podcast=podcast).episode is None
    episode = item(post, podcast=podcast).episode
    assert episode
    assert episode.enclosure.url == "https://h.example/repo/posts/x.mp3"
    assert episode.image == "https://h.example/repo/a.png"


@pytest.mark.parametrize(("policy", "whole"), [("", True), ("original", True), ("excerpt", False)])
def test_an_excerpt_has_no_content(policy, whole):
    found = item(make_post(3, source=replace(SOURCE, policy=policy)))
    line = '<p>First published by <a href="https://nypost.example/3">NYPost</a></p>'
    assert found.attribution == line
    assert found.content == (f"{line}<p>Text</p>" if whole else "")
    assert found.summary_html == "What post 3 says"
    assert found.attributed_summary == f"<p>What post 3 says</p>{line}"


def test_a_summary_is_escaped_in_html_except_for_quotes():
    assert item(make_post(2, summary="""a < b & "c" 'd'""")).summary_html == """a &lt; b &amp; "c" 'd'"""


@pytest.mark.parametrize(
    ("source", "url", "pattern", "expected"),
    [
        (None, "", "By {source}", ""),
        (SOURCE, "https://a.example/b", "", ""),
        (SOURCE, "https://a/b?c&d", "By {source} <x>", 'By <a href="https://a/b?c&amp;d">NYPost</a> &lt;x&gt;'),
        (SOURCE, "", "By {source}", 'By <a href="https://nypost.example/">NYPost</a>'),
        (Source("A & B", "a", "/a/"), "", " By\n{source} ", "By A &amp; B"),
        (None, "https://a:80/b", "{source}, {source}", ", ".join(['<a href="https://a:80/b">a:80</a>'] * 2)),
        (Source(" A\n", "a", "/a/"), "", "By nobody", "By nobody"),
    ],
    ids=["own", "silent", "linked", "home", "name", "host", "plain"],
)  # fmt: skip
def test_the_attribution_names_the_source_with_a_link(source, url, pattern, expected):
    assert attribute(make_post(2, source=source), url, pattern) == (f"<p>{expected}</p>" if expected else "")


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (datetime(2024, 1, 2, 3, 4, 5, 999_999), "2024-01-02T03:04:05+00:00"),
        (datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2024-01-02T03:00:00+05:30"),
        (datetime(1850, 1, 2, 3, tzinfo=timezone(timedelta(minutes=53, seconds=28))), "1850-01-02T02:06:32+00:00"),
        (datetime(1850, 1, 2, 3, tzinfo=timezone(-timedelta(minutes=53, seconds=28))), "1850-01-02T03:53:28+00:00"),
        (datetime(1, 1, 1, 0, 10, tzinfo=timezone(timedelta(minutes=53, seconds=28))), "0001-01-01T00:10:00+00:00"),
        (datetime(1, 1, 1, 0, 53, 28, tzinfo=timezone(timedelta(minutes=53, seconds=28))), "0001-01-01T00:53:28+00:00"),
        (datetime(1, 1, 1, 0, 53, 29, tzinfo=timezone(timedelta(minutes=53, seconds=28))), "0001-01-01T00:00:01+00:00"),
    ],
)
def test_a_time_has_a_zone_of_whole_minutes(time, expected):
    assert moment(time).isoformat() == expected


@pytest.mark.parametrize(
    ("guid", "uri"),
    [
        ("https://a.example/ü", "https://a.example/%C3%BC"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("tag:a.example,2024-01-02:b", "tag:a.example,2024-01-02:b"),
        ("tag:b@a.example,2024:c", "tag:b@a.example,2024:c"),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("wix:5f3e", "urn:uuid:e6b66692-1ba7-5031-b478-583110d97aa4"),
    ],
)
def test_atom_has_the_guid_if_it_is_a_permanent_uri(guid, uri):
    found = item(make_post(2), guid=guid)
    assert found.guid == guid
    assert found.uri == uri


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a b.mp3", "https://h.example/repo/a%20b.mp3"),
        ("b.mp3", "https://h.example/repo/posts/b.mp3"),
        ("../b.mp3", "https://h.example/repo/b.mp3"),
        ("../../../b.mp3", "https://h.example/b.mp3"),
        ("https://ü.example/b", "https://xn--tda.example/b"),
        ("//o.example/b", "https://o.example/b"),
    ],
)
def test_a_file_that_a_post_names_has_an_absolute_url(path, expected):
    assert resolve_file(path, make_post(2), CONFIG) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a b.png", "https://h.example/repo/a%20b.png"),
        ("/a%20b.png?v=2", "https://h.example/repo/a%20b.png?v=2"),
        ("a.png", "https://h.example/repo/a.png"),
        ("//o.example/a.png", "https://o.example/a.png"),
        ("https://o.example/ü.png", "https://o.example/%C3%BC.png"),
    ],
)
def test_a_file_that_a_setting_names_is_below_the_base_url(path, expected):
    assert resolve(path, CONFIG) == expected
    assert feed_image(structs.replace(CONFIG, theme=Theme(logo=path))) == expected
    assert feed_image(CONFIG) == ""


@pytest.mark.parametrize(
    ("url", "is_lead", "expected"),
    [
        ("https://h.example/repo/a.png", False, ("image/png", 1234, 640, 480)),
        ("https://h.example/repo/a.png", True, ("image/png", 1234, 640, 480)),
        ("https://h.example/repo/missing.png", True, None),
        ("https://h.example/repo/text.txt", True, None),
        ("https://o.example/b.JPG?c=d", True, ("image/jpeg", 0, 0, 0)),
        ("https://o.example/b.mp3x", True, ("", 0, 0, 0)),
        ("https://o.example/b.jpg", False, None),
        ("ftp://o.example/b.jpg", True, None),
        ("HTTPS://o.example/b.jpg", True, ("image/jpeg", 0, 0, 0)),
    ],
)
def test_images_of_the_site_and_the_own_image_wherever_it_is_are_listed(url, is_lead, expected):
    def facts(url: str) -> tuple[str, int, int, int] | None:
        return ("", 5, 0, 0) if url.endswith(".txt") else image_facts(url)

    shown = (ShownImage(url, "An image"),)
    found = find_images(shown, url if is_lead else "", "https://h.example/repo/", facts)
    assert found == (() if expected is None else (Image(url, *expected, "An image"),))
