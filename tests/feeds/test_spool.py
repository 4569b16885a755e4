import mmap
import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec import structs

from sitegen.config.schema import Feeds
from sitegen.feeds.plan import plan_feeds
from sitegen.feeds.rendered_item import RenderedItem, render_item, unpack
from sitegen.feeds.spool import BUFFER_BYTES, Spool, wanted_by
from sitegen.feeds.types import FeedItem, ItemParts
from tests.support.feed_samples import CONFIG, FORMATS, image_facts, make_post, make_site

ITEM = RenderedItem(
    datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2))),
    "pt-BR",
    (("https://h.example/a.png", ("image/png", 1, 2, 3)), ("https://h.example/b.png", None)),
    "é".encode(),
    ItemParts(b"1", b"2", b"3"),
    ItemParts(b"4", b"5"),
    None,
)


def in_another_process(work):
    """Do some work in a forked process, and wait for its end."""
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    assert os.waitpid(process, 0)[1] == 0


def test_an_item_is_unpacked_as_it_was_packed():
    assert unpack(ITEM.pack()) == ITEM
    post = make_post(3, image="/repo/a.png")
    rendered = render_item(FeedItem(post, "<p>x</p>", "urn:x:1"), CONFIG, image_facts, FORMATS)
    assert unpack(rendered.pack()) == rendered
    assert rendered.updated == datetime(2020, 6, 17, 4, 5, 6, tzinfo=UTC)


def test_a_stored_item_is_found_after_a_scan(tmp_path):
    spool = Spool(tmp_path, {"a": ("rss",), "b": ("rss",)})
    spool.put("a", ITEM)
    assert spool.get("a") is None
    spool.find()
    assert spool.get("a") == ITEM
    assert spool.get("b") is None
    assert spool.get("never wanted") is None
    spool.close()


def test_what_other_processes_have_written_is_found_and_what_they_could_not_end_is_not(tmp_path):
    spool = Spool(tmp_path, dict.fromkeys("abc", ("rss",)))

    def work():
        spool.put("a", ITEM)
        spool.put("b", ITEM)
        spool.write()
        (file,) = tmp_path.iterdir()
        file.write_bytes(file.read_bytes()[:-1])

    in_another_process(work)
    spool.put("c", ITEM)
    spool.find()
    assert [spool.get(name) for name in "abc"] == [ITEM, None, ITEM]
    spool.close()


def test_a_process_writes_when_its_buffer_is_full(tmp_path):
    spool = Spool(tmp_path, {"a": ("rss",)})
    spool.put("a", ITEM)
    assert list(tmp_path.iterdir()) == []
    big = RenderedItem(ITEM.updated, "", (), b"x" * BUFFER_BYTES, ItemParts(b"1", b"2", b"3"), None, None)
    spool.put("a", big)
    assert len(list(tmp_path.iterdir())) == 1
    spool.find()
    assert spool.get("a") == big, "what was put last counts"
    spool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_pages_of_the_files_are_given_back(tmp_path, monkeypatch):
    monkeypatch.setattr("sitegen.feeds.spool.MAX_MAPPED_BYTES", 4 * BUFFER_BYTES)
    names = [f"{number}" for number in range(32)]
    spool = Spool(tmp_path, dict.fromkeys(names, ("rss",)))
    big = RenderedItem(ITEM.updated, "", (), b"x" * BUFFER_BYTES, ItemParts(b"1", b"2", b"3"), None, None)
    for name in names:
        spool.put(name, big)
    assert shared_bytes(spool.find) < 8 * BUFFER_BYTES
    assert shared_bytes(lambda: [spool.get(name) for name in names]) < 8 * BUFFER_BYTES
    assert [spool.get(name) == big for name in names] == [True] * 32
    spool.close()


def shared_bytes(work):
    """Do some work, and return how many bytes of mapped files have come into memory."""

    def count():
        return int(Path("/proc/self/statm").read_text().split()[2]) * mmap.PAGESIZE

    before = count()
    work()
    return count() - before


def test_a_spool_in_which_nothing_was_put_writes_nothing(tmp_path):
    spool = Spool(tmp_path, {})
    spool.find()
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_items_are_wanted_in_the_formats_of_the_feeds_that_show_them():
    posts = [make_post(number) for number in range(30)]
    wanted = wanted_by(plan_feeds(CONFIG, make_site(posts)))
    assert wanted[posts[29].path] == {"rss", "atom", "json"}
    assert wanted[posts[0].path] == {"rss"}, "the oldest is in the archive alone"
    config = structs.replace(CONFIG, feeds=Feeds(archives=False, posts=16, group_posts=16))
    wanted = wanted_by(plan_feeds(config, make_site(posts, config)))
    assert wanted[posts[1].path] == {"rss"}, "it is in the feeds of groups alone"
