"""Reads feeds as readers do: over HTTP on loopback, through feedparser and newsboat, back to the first post."""

import os
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote
from urllib.request import build_opener

import feedparser
import pyromark
import pytest
from lxml import etree
from msgspec import structs

from sitegen.check.feeds.run import validate_feed
from sitegen.config.schema import Feeds
from tests.support.feed_checks import check_feeds
from tests.support.feed_samples import CONFIG, make_post, render_all
from tests.support.programs import require_program
from tests.support.waiting import TIMEOUT_SECONDS

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
ATOM = "{http://www.w3.org/2005/Atom}"


@contextmanager
def served() -> Iterator[tuple[dict[str, bytes], str]]:
    """Serve files from memory on a free port of this machine; yield them, to be filled, and the base URL."""
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = files.get(unquote(self.path.removeprefix("/repo/")))
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield files, f"http://127.0.0.1:{server.server_port}/repo/"
        finally:
            server.shutdown()
            thread.join()


def walk(url: str) -> list[tuple[str, list[str]]]:
    """Follow a feed back through its archives (RFC 5005); return each document's URL and guids."""
    opener = build_opener()
    documents: list[tuple[str, list[str]]] = []
    while url:
        assert url not in dict(documents), "the archive does not go in a circle"
        with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
            root = etree.fromstring(answer.read())
        items = [item.findtext("guid") for item in root.iter("item")]
        items += [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
        documents.append((url, items))
        top = root.find("channel") if root.tag == "rss" else root
        links = {link.get("rel"): link.get("href") for link in top.findall(f"{ATOM}link")}
        url = links.get("prev-archive", "")
    return documents


@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml", "tags/mail/feed.xml"])
@pytest.mark.parametrize("count", [24, 1_000])
def test_a_reader_walks_back_to_the_first_post_and_meets_each_once(feed, count):
    days = 3_650 / count
    start = make_post(0).date
    with served() as (files, base):
        formats = ("rss", "atom")
        feeds = Feeds(formats=formats, archive_formats=formats, group_archives=True)
        config = structs.replace(CONFIG, base_url=base, feeds=feeds)
        posts = [make_post(n, date=start + timedelta(days=days * n)) for n in range(count)]
        files.update(render_all(posts, config))
        documents = walk(base + feed)
        archives = Counter(guid for _, guids in documents[1:] for guid in guids)
        wanted = [post for post in posts if feed != "tags/mail/feed.xml" or post.tags]
        assert set(archives.values()) == {1}, "no post stands in two archive documents"
        assert set(archives) == {f"https://h.example{post.url}" for post in wanted}
        assert documents[0][1] == [guid for _, guids in documents[1:] for guid in guids][: len(documents[0][1])]
        assert len(documents) == 1 + len({post.date.year for post in wanted})


def real_posts(count: int) -> list[tuple[str, str]]:
    """Return titles and bodies of real posts, in seven languages, as often as it takes."""
    if not CORPORA.is_dir():
        pytest.skip("the real archives are not beside the checkout")
    texts = [path.read_text("utf-8", "replace").split("---", 2)[-1] for path in sorted(CORPORA.rglob("*.md"))]
    bodies = [pyromark.html(text.replace("](/", "](/repo/")) for text in texts if len(text) < 20_000]
    return [(bodies[n % len(bodies)][3:60], bodies[n % len(bodies)]) for n in range(count)]


def test_feedparser_reads_a_thousand_real_posts_in_every_feed():
    real = real_posts(1_000)
    start = make_post(0).date
    posts = [make_post(n, title=title, date=start + timedelta(days=3 * n)) for n, (title, _) in enumerate(real)]
    config = structs.replace(CONFIG, feeds=Feeds(posts=1_000, formats=("rss", "atom"), archives=False, groups=False))
    files = render_all(posts, config, html=lambda post: real[int(post.slug[5:])][1])
    for path in ("feed.xml", "atom.xml"):
        read = feedparser.parse(files[path], sanitize_html=False, resolve_relative_uris=False)
        assert not read.bozo, read.bozo_exception
        ids = [entry.id for entry in read.entries]
        assert ids == [f"https://h.example{post.url}" for post in reversed(posts)]
        problems = list(validate_feed(files[path]))
        # The titles are cut out of the posts' HTML.
        assert {problem.message for problem in problems if "may take for HTML" not in problem.message} == set()
        assert {problem.severity for problem in problems} <= {"warning"}


@pytest.mark.slow
def test_feeds_of_ten_thousand_posts_are_complete_and_valid():
    posts = [make_post(0) for _ in range(10_000)]
    start = make_post(0).date
    posts = [make_post(n, date=start + timedelta(hours=9 * n)) for n in range(10_000)]
    with served() as (files, base):
        formats = ("rss", "atom")
        feeds = Feeds(formats=formats, archive_formats=formats, groups=False)
        config = structs.replace(CONFIG, base_url=base, feeds=feeds)
        files.update(render_all(posts, config))
        for feed in ("feed.xml", "atom.xml"):
            found = Counter(guid for _, guids in walk(base + feed)[1:] for guid in guids)
            assert set(found.values()) == {1}
            assert set(found) == {f"https://h.example{post.url}" for post in posts}
        assert check_feeds(files, base) == []


def test_newsboat_subscribes_and_shows_all_items(tmp_path):
    newsboat = require_program("newsboat")
    with served() as (files, base):
        config = structs.replace(CONFIG, base_url=base, feeds=Feeds(posts=24))
        files.update(render_all([make_post(number) for number in range(24)], config))
        environment = os.environ | {"HOME": str(tmp_path), "TERM": "dumb"}
        (tmp_path / "config").write_text("")
        (tmp_path / "feeds.opml").write_bytes(files["feeds/opml.xml"])

        def run(name: str, *arguments: str) -> None:
            options = ["-u", f"{name}.urls", "-c", f"{name}.db", "-C", "config"]
            command = [newsboat, *options, *arguments]
            subprocess.run(
                command, check=True, env=environment, cwd=tmp_path, capture_output=True, timeout=TIMEOUT_SECONDS
            )

        (tmp_path / "all.urls").write_text("")
        run("all", "-i", "feeds.opml")
        listed = {line.split()[0].removeprefix(base) for line in (tmp_path / "all.urls").read_text().splitlines()}
        assert listed >= {"feed.xml", "tags/mail/feed.xml", "sources/nypost/feed.xml", "authors/ada-co/feed.xml"}
        found = {}
        # A separate cache for each: newsboat treats items of all feeds with one guid as one item.
        for number, path in enumerate(("feed.xml", "atom.xml", "feeds/2021.xml")):
            (tmp_path / f"{number}.urls").write_text(f"{base}{path}\n")
            run(str(number), "-x", "reload")
            connection = sqlite3.connect(tmp_path / f"{number}.db")
            found[path] = connection.execute("SELECT guid, title, content FROM rss_item").fetchall()
            connection.close()
    assert [len(found[path]) for path in found] == [24, 24, 8]
    for rows in (found["feed.xml"], found["atom.xml"]):
        assert {title for _, title, _ in rows} == {f"Post {number}" for number in range(24)}
        assert {guid for guid, _, _ in rows} == {f"https://h.example/repo/posts/post-{n}/" for n in range(24)}
        assert all("Text of <em>" in content for _, _, content in rows)
