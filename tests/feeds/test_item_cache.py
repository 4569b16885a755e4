"""Items are rendered once, and again when their inputs have changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sitegen.feeds import item_cache
from sitegen.feeds.item_cache import Items
from sitegen.feeds.rendered_item import RenderedItem
from sitegen.feeds.spool import Spool
from sitegen.formats import image_size
from sitegen.formats.image_size import ImageSize
from sitegen.media.image_sets import ImageSets
from sitegen.model import Post
from tests.support.feed_samples import CONFIG, FORMATS, make_post

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4)


class Site:
    """A folder of published files, with the items of posts; it records what is read and which HTML is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: list[str] = []
        self.rendered: list[str] = []
        self.items = self.make_items()

    def make_items(self) -> Items:
        guids = {make_post(number).path: f"urn:x:{number}" for number in range(20)}
        return Items(CONFIG, guids, self.find, self.read.append, ImageSets())

    def find(self, path: str) -> Path | None:
        file = self.folder / path
        return file if file.is_file() else None

    def html(self, post: Post, more: str = "") -> Callable[[], str]:
        def render() -> str:
            self.rendered.append(post.path)
            return f"<p>Text of {post.slug}</p>{more}"

        return render

    def get(self, post: Post, fingerprint: str = "a", format_name: str = "rss", more: str = "") -> RenderedItem:
        return self.items.get(post, fingerprint, self.html(post, more), format_name, FORMATS)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "a b.png").write_bytes(PNG)
    (tmp_path / "notes.txt").write_bytes(b"notes")
    return Site(tmp_path)


def test_an_item_is_rendered_once_for_all_formats(site):
    post = make_post(2)
    item = site.get(post)
    assert all(item.has(format_name) for format_name in FORMATS)
    assert b"urn:x:2" in item.rss.after
    assert b"Text of post-2" in item.content
    assert site.get(post, format_name="atom") is item
    assert site.get(post, format_name="json") is item
    assert site.rendered == [post.path]


def test_an_item_is_rendered_again_if_its_fingerprint_or_an_image_changed(site):
    post = make_post(2)
    image = '<img src="/repo/a%20b.png" alt="">'
    item = site.get(post, more=image)
    assert site.get(post, more=image) is item
    assert b"Other" in site.get(post, "b", more="<p>Other</p>").content
    assert len(site.rendered) == 2
    item = site.get(post, more=image)
    assert item.images == (("https://h.example/repo/a%20b.png", ("image/png", len(PNG), 640, 480)),)
    (site.folder / "a b.png").write_bytes(PNG + b"more")
    cached = site.items._cached
    site.items = site.make_items()  # in the next build, images are read again
    site.items._cached = cached
    changed = site.get(post, more=image)
    assert changed.images == (("https://h.example/repo/a%20b.png", ("image/png", len(PNG) + 4, 640, 480)),)
    assert len(site.rendered) == 4


def test_each_use_of_an_item_records_its_images_as_read(site):
    images = "".join(f'<img src="{url}" alt="">' for url in ("/repo/a%20b.png", "/repo/gone.png", "//o.example/c.png"))
    post = make_post(2)
    site.get(post, more=images)
    assert set(site.read) == {"file.a b.png", "file.gone.png"}
    site.read.clear()
    site.get(post, more=images)
    assert sorted(site.read) == ["file.a b.png", "file.gone.png"]


def test_an_item_in_another_format_is_rendered(site):
    post = make_post(2)
    item = site.items.get(post, "a", site.html(post), "rss", ("rss",))
    assert [item.has(format_name) for format_name in FORMATS] == [True, False, False]
    assert site.items.get(post, "a", site.html(post), "atom", ("atom",)).has("atom")
    assert len(site.rendered) == 2


def test_a_limited_number_of_items_is_cached_the_oldest_is_dropped(site, monkeypatch):
    monkeypatch.setattr(item_cache, "MAX_CACHED_ITEMS", 3)
    posts = [make_post(number) for number in range(4)]
    for post in (*posts[:3], *posts[:3], posts[3], posts[1], posts[2], posts[3], posts[0]):
        site.get(post)
    assert site.rendered == [posts[number].path for number in (0, 1, 2, 3, 0)]


def test_long_items_are_not_cached(site, monkeypatch):
    monkeypatch.setattr(item_cache, "MAX_CACHED_ITEM_BYTES", 100)
    post = make_post(2)
    for more in ("x" * 50, "x" * 200):
        site.rendered.clear()
        for _ in range(2):
            site.get(post, more, more=more)
        assert len(site.rendered) == (1 if len(more) == 50 else 2)
    length = len(site.get(post).content)
    monkeypatch.setattr(item_cache, "MAX_CACHED_ITEM_BYTES", length)
    site.rendered.clear()
    for _ in range(2):
        site.get(post, "exact")
    assert len(site.rendered) == 2


def test_items_of_the_spool_are_not_rendered_again(site, tmp_path):
    posts = [make_post(number) for number in range(3)]
    folder = tmp_path / "spool"
    folder.mkdir()
    site.items.spool = Spool(folder, {posts[0].path: {"rss"}, posts[1].path: {"rss", "atom"}})
    for post in posts:
        site.items.keep(post, f"<p>Kept {post.slug}</p>")
    site.items.spool.find()
    assert b"Kept post-0" in site.get(posts[0]).content
    assert site.rendered == []
    assert b"Text of post-0" in site.get(posts[0], format_name="atom").content, "the spool has another format"
    assert b"Kept post-1" in site.get(posts[1], format_name="atom").content
    assert b"Text of post-2" in site.get(posts[2]).content, "no feed wanted it"
    assert site.rendered == [posts[0].path, posts[2].path]
    site.items.close_spool()
    assert site.items.spool is None
    site.items.close_spool()
    site.items.keep(posts[0], "<p>x</p>")
    assert b"Kept post-1" in site.get(posts[1]).content, "it is cached"


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://h.example/repo/a%20b.png", ImageSize("image/png", 640, 480)),
        ("https://h.example/repo/notes.txt", None),
        ("https://h.example/repo/gone.png", None),
        ("https://h.example/a%20b.png", None),
        ("https://o.example/repo/a%20b.png", None),
    ],
)
def test_only_images_of_the_site_have_a_size(site, url, size):
    assert site.items.image_size(url) == size


def test_an_image_without_a_size_has_none(site):
    (site.folder / "flat.png").write_bytes(PNG[:16] + (640).to_bytes(4) + bytes(4))
    (site.folder / "thin.png").write_bytes(PNG[:16] + bytes(4) + (480).to_bytes(4))
    for name in ("flat.png", "thin.png"):
        assert site.items.image_size(f"https://h.example/repo/{name}") is None


def test_files_that_are_not_images_have_a_length(site):
    post = replace(make_post(2), params=make_post(2).params | {"enclosure": "/notes.txt"})
    item = site.get(post)
    assert item.images == (("https://h.example/repo/notes.txt", ("", 5, 0, 0)),)
    assert b'length="5"' in item.rss.after


def test_only_the_head_of_an_image_is_read(site, monkeypatch):
    monkeypatch.setattr(image_size, "HEAD_BYTES", 8)
    monkeypatch.setattr(image_size, "MAX_HEAD_BYTES", 8)
    assert site.items.image_size("https://h.example/repo/a%20b.png") is None
