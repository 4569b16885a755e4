"""Whole feed documents, compared byte for byte with the files in `documents/`.

`SITEGEN_RECORD=1 pytest tests/feeds/test_documents.py` records them again; read the difference before you commit it.
"""

import os
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec import structs

from sitegen.config.schema import Config, Feeds, Podcast
from sitegen.config.theme_schema import Theme
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count, Post, Source, Term
from tests.support.feed_samples import CONFIG, SOURCE, make_post, render_all

DOCUMENTS = Path(__file__).with_name("documents")
EPISODE = {"url": "/talk.mp3", "length": 4321, "duration": "1:02:30", "season": 2, "episode": 14}
RICH = make_post(
    9,
    title="Wires & <i>wireless</i>",
    summary="How a < b & c",
    language="pt-BR",
    id="wix:5f3e",
    image="/repo/a.png",
    image_alt="A <door> & a key",
    updated=datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2))),
    authors=(Term("Ada & Co", "ada-co", "/repo/authors/ada-co/"), Term("Guest", "guest", ""), Term(" ", "-", "")),
    tags=(Term("Mail <x>", "mail", "/repo/tags/mail/"), Term("Mail <x>", "mail-2", ""), Term("R&D", "rd", "")),
    source=SOURCE,
    source_url='https://nypost.example/a?b=1&c="2"',
    comments=Count(7, "Wix", date(2023, 1, 2)),
    views=Count(0, "", None),
    params=FrozenDict(
        {
            "rights": "CC BY & co",
            "enclosure": (
                "notes.zip",
                FrozenDict(EPISODE | {"episode_type": "bonus", "explicit": True}),
                "ftp://h.example/b.ogg",
            ),
        }
    ),
)
POSTS = [
    RICH,
    make_post(0, comments=Count(1), image="https://o.example/cover.JPG", image_alt=""),
    make_post(1, source=Source("Wire & Co", "wire", "/repo/sources/wire/"), source_url="", summary="", views=None),
    make_post(10, source=None, source_url="https://nypost.example/10", comments=None, authors=(), tags=()),
    make_post(11, source=replace(SOURCE, policy="excerpt"), image="/repo/b.svg", language="en"),
]
FULL = structs.replace(
    CONFIG,
    title="The <Dispatch> Box & Co",
    theme=Theme(logo="/logo.png"),
    feeds=Feeds(
        posts=3,
        hubs=("https://hub.example/?a&b",),
        group_formats=("rss", "atom", "json"),
        archive_formats=("rss", "atom", "json"),
        podcast=Podcast(
            category="Society & Culture",
            subcategory="Documentary",
            image="/art work.jpg",
            email="podcast@h.example",
            explicit=True,
            type="serial",
        ),
    ),
)
SUMMARIES = Config(
    base_url="https://h.example/",
    title="",
    language="de",
    theme=Theme(logo="https://o.example/logo.svg"),
    feeds=Feeds(full=False, groups=False, archives=False),
)
PODCAST = Podcast(category="Arts", image="//o.example/a.png", email="podcast@h.example")
EMPTY = structs.replace(CONFIG, author="", rights="", feeds=Feeds(groups=False, podcast=PODCAST))


def body(post: Post) -> str:
    return f'<p>Text of <em>{post.slug}</em>: <a href="/repo/">home</a></p><img src="/repo/b.svg" alt="A &lt;b&gt;">'


@pytest.mark.parametrize(
    ("name", "config", "posts"),
    [("full", FULL, POSTS), ("summaries", SUMMARIES, POSTS[1:3]), ("empty", EMPTY, [])],
    ids=["full", "summaries", "empty"],
)
def test_feeds_are_written_byte_for_byte(name, config, posts):
    files = render_all(posts, config, html=body)
    if name == "full":
        # The feeds of other groups differ from these in titles and URLs only.
        compared = ("feed.xml", "atom.xml", "feed.json", "feeds/2021", "feeds/opml", "feeds/pt-br/", "sources/nypost/")
        files = {path: data for path, data in files.items() if path.startswith(compared)}
    folder = DOCUMENTS / name
    if os.environ.get("SITEGEN_RECORD"):
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    recorded = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files.keys() == recorded.keys()
    for path, data in files.items():
        assert data.decode() == recorded[path].decode(), path
