"""A site with `[feeds.podcast]` says in its RSS feeds what podcast directories ask for."""

import re

import pytest

from sitegen.feeds.enclosure import Enclosure
from sitegen.feeds.podcast import Episode, find_episode
from tests.support.sites import CONFIG, build, make_site

PODCAST = """\
[feeds.podcast]
category = "Society & Culture"
subcategory = "Documentary"
image = "/artwork.jpg"
email = "podcast@letter.example"
"""
EPISODE = """\
---
title: Wires
date: 2024-02-01
image: /wires.png
enclosure:
  url: /talks/telegraph.mp3
  duration: 1:02:30
  season: 2
  episode: 14
  episode_type: bonus
  explicit: true
---

About the telegraph.
"""
FILES = {
    "content/posts/wires.md": EPISODE,
    "content/talks/telegraph.mp3": b"ID3",
    "content/artwork.jpg": b"\xff\xd8",
    "content/wires.png": b"\x89PNG\r\n\x1a\n",
}


def read_feed(root, config):
    build(make_site(root, FILES, config))
    return (root / "output/feed.xml").read_text("utf-8")


def test_the_channel_of_a_podcast_has_what_directories_ask_for(tmp_path):
    feed = read_feed(tmp_path, CONFIG + PODCAST)
    head = feed[: feed.index("<item>")]
    assert 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"' in head
    for element in (
        "<itunes:author>Ada</itunes:author>",
        "<itunes:type>episodic</itunes:type>",
        "<itunes:explicit>false</itunes:explicit>",
        '<itunes:image href="https://letter.example.org/artwork.jpg"/>',
        '<itunes:category text="Society &#x26; Culture"><itunes:category text="Documentary"/></itunes:category>',
        "<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>podcast@letter.example</itunes:email></itunes:owner>",
    ):
        assert element in head.replace("&amp;", "&#x26;").replace("\n", "")


def test_an_episode_has_its_file_and_what_its_enclosure_says(tmp_path):
    feed = read_feed(tmp_path, CONFIG + PODCAST)
    item = next(part for part in feed.split("<item>") if "<title>Wires</title>" in part)
    shown = dict(re.findall(r"<itunes:(\w+)>([^<]*)</itunes", item))
    assert shown == {
        "duration": "1:02:30",
        "season": "2",
        "episode": "14",
        "episodeType": "bonus",
        "explicit": "true",
    }
    assert '<itunes:image href="https://letter.example.org/wires.png"/>' in item
    assert '<enclosure url="https://letter.example.org/talks/telegraph.mp3" length="3" type="audio/mpeg"/>' in item
    assert feed.count("<itunes:duration>") == 1


def test_a_site_without_a_category_has_no_podcast_elements(tmp_path):
    assert "itunes" not in read_feed(tmp_path, CONFIG)


def enclosure(url, **episode):
    return Enclosure(url, 1, "audio/mpeg", episode)


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://a.example/b.mp3?c=d", True),
        ("https://a.example/b.m4a", True),
        ("https://a.example/b.ogg", False),
        ("ftp://a.example/b.mp3", False),
        ("https://a.example/mp3", False),
    ],
)
def test_an_episode_is_a_file_on_the_web_that_directories_accept(url, accepted):
    assert (find_episode([enclosure(url)], "") is not None) is accepted


def test_the_first_accepted_enclosure_is_the_episode():
    files = [enclosure(f"https://a.example/b.{suffix}") for suffix in ("ogg", "mp3", "m4a")]
    assert find_episode(files, "") == Episode(files[1])
    assert find_episode(files[:1], "") is None


@pytest.mark.parametrize(
    "episode",
    [
        {"duration": "an hour"},
        {"duration": "1:60"},
        {"episode": 0},
        {"episode": -1},
        {"episode": "four"},
        pytest.param({"season": "²"}, id="superscript"),  # pytest escapes ids of `str` each time it collects
        {"season": None},
        {"episode_type": "pilot"},
        {"explicit": "yes"},
    ],
    ids=str,
)
def test_a_value_that_directories_refuse_is_omitted(episode):
    file = enclosure("https://a.example/b.mp3", **episode)
    assert find_episode([file], "https://a.example/art.svg") == Episode(file)


def test_numbers_may_be_strings_and_artwork_is_a_jpeg_or_png():
    file = enclosure("https://a.example/b.mp3", episode=" 7 ", season="02", duration=90, explicit=False)
    image = "https://a.example/Art.JPEG"
    assert find_episode([file], image) == Episode(file, "90", "7", "02", "", "false", image)


def test_an_episode_without_details_says_nothing():
    file = enclosure("https://a.example/b.pdf")
    assert find_episode([file], "") == Episode(file, "", "", "", "", "", "")
    assert find_episode([enclosure("https://a.example/b.mp3", explicit=True)], "https://a.example/a.png?b") == Episode(
        enclosure("https://a.example/b.mp3", explicit=True), explicit="true", image="https://a.example/a.png?b"
    )
    assert find_episode([], "") is None
