"""The items of a site's feeds, each rendered once: cached in memory, in the spool, or rendered from the HTML."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError, naming
from sitegen.feeds.address import absolute
from sitegen.feeds.rendered_item import RenderedItem, render_item
from sitegen.feeds.spool import Spool
from sitegen.feeds.types import FeedItem, ImageFact
from sitegen.formats.image_size import ImageSize, read_image_file
from sitegen.formats.urls import home_of
from sitegen.media.html import ImageWriter, KnownImage
from sitegen.media.image_facts import MEDIA_TYPES
from sitegen.media.image_sets import ImageSets
from sitegen.media.metadata.formats import HEAD_BYTES
from sitegen.media.publish_image import convert_image, needs_conversion
from sitegen.model import Post
from sitegen.system.limits import TimeUpError, limit

MAX_CACHED_ITEMS, MAX_CACHED_ITEM_BYTES = 4096, 32_000
"""Number of items that are cached in memory, and the size of the largest one; larger ones are rare."""

DECORATION = re.compile(r"[?#].*", re.DOTALL)

MAX_DEPTH = 1000
"""How deep calls may nest while an item is rendered; none of them follow the nesting of the HTML."""


class Items:
    """The rendered items of a site's feeds, and the facts of the images in them.

    `guids` are those of the posts by path; `find` gives the file that is published at a path below the base
    URL, or None; `read` is called with the name of each image whose size was read; `images` are those that the site
    shows in several formats and widths; `comment_feeds` has the URLs of the feeds of posts' comments, by the post's
    path. While pages are rendered whose feeds come later, items wait in `spool`.
    """

    def __init__(
        self,
        config: Config,
        guids: Mapping[str, str],
        find: Callable[[str], Path | None],
        read: Callable[[str], None],
        images: ImageSets,
        comment_feeds: Mapping[str, str] | None = None,
    ) -> None:
        self.spool: Spool | None = None
        self._config, self._guids, self._find, self._read = config, guids, find, read
        self._cached: dict[str, tuple[str, RenderedItem]] = {}
        self._image_sets = images
        self.comment_feeds = comment_feeds or {}
        self._known: dict[str, KnownImage | None] = {}
        self._bytes: dict[str, int | None] = {}
        self._writer = ImageWriter(config.images, 0, self.find_image)

    def get(
        self, post: Post, fingerprint: str, html: Callable[[], str], kind: str, formats: Collection[str]
    ) -> RenderedItem:
        """Return a post as an item for a feed format, rendered in some formats if it is not cached.

        `fingerprint` is that of its inputs except for the post and its images, `html` returns the post's HTML.
        """
        before, item = self._cached.get(post.path, ("", None))
        if before != fingerprint or item is None or not self._is_right(item, kind):
            item = self.spool.get(post.path) if self.spool else None
            if item is None or not self._is_right(item, kind):
                item = self._render(post, html(), formats)
            if len(self._cached) >= MAX_CACHED_ITEMS:
                del self._cached[next(iter(self._cached))]
            if len(item.content) < MAX_CACHED_ITEM_BYTES:
                self._cached[post.path] = (fingerprint, item)
        return item

    def keep(self, post: Post, html: str) -> None:
        """Render a post as an item for the feeds that are rendered after it, while its HTML is in memory."""
        if self.spool and post.path in self.spool.wanted:
            self.spool.put(post.path, self._render(post, html, self.spool.wanted[post.path]))

    def close_spool(self) -> None:
        """Close the spool, if there is one; items are no longer stored for feeds that are rendered later."""
        if self.spool is not None:
            self.spool.close()
            self.spool = None

    def image_size(self, url: str) -> ImageSize | None:
        """Return the media type, width and height of an image of this site, None if they are not known."""
        known = self.find_image(url)
        return ImageSize(known.type, known.width, known.height) if known and known.width and known.height else None

    def find_image(self, url: str) -> KnownImage | None:
        """Return what is known of the image of this site at a URL, None if it is not one."""
        path = self._path_of(absolute(url, self._config.base_url))
        if path is None:
            return None
        source = self._image_sets.paths.get(path, path)
        self._read(f"file.{source}")
        if path not in self._known:
            self._known[path] = self._find_known(path, source)
        return self._known[path]

    def _find_known(self, path: str, source: str) -> KnownImage | None:
        image_set = self._image_sets.sets.get(source)
        if image_set is not None and path != source:
            encoding = next(variant.encoding for variant in image_set.variants if variant.path == path)
            return KnownImage(MEDIA_TYPES[encoding.format], encoding.width, encoding.height)
        if image_set is not None and image_set.facts.width:
            facts = image_set.facts
            return KnownImage(facts.type, facts.width, facts.height, image_set)
        file = self._find(path)
        size = read_image_file(file) if file is not None else None
        return KnownImage(size.type, size.width, size.height) if size else None

    def _path_of(self, url: str) -> str | None:
        """Return the path below the base URL of an absolute URL, None if it is elsewhere."""
        home = home_of(self._config.base_url)
        return unquote(DECORATION.sub("", url.removeprefix(home))) if url.startswith(home) else None

    def _render(self, post: Post, html: str, formats: Collection[str]) -> RenderedItem:
        if self._image_sets.sets:
            html = self._writer.show_in_feed(html)
            # The artwork of a podcast's episode is larger than other images of feeds (Apple: 1400 to 3000 pixels).
            if post.image and not self._config.feeds.podcast.category:
                post = replace(post, image=self._writer.share_url(post.image))
        whole = FeedItem(post, html, self._guids[post.path], self.comment_feeds.get(post.path, ""))
        seconds = self._config.markdown.seconds
        try:
            with limit(seconds, MAX_DEPTH):
                return render_item(whole, self._config, self._image_facts, formats)
        except TimeUpError:
            message = f"the post takes longer than {seconds:g} seconds to turn into items of feeds"
            hint = "split the post, or raise `seconds` in [markdown]"
            raise SiteError([Problem(post.path, 1, message, hint)]) from None

    def _is_right(self, item: RenderedItem, kind: str) -> bool:
        """Return whether an item has a format and its images are unchanged; record that each was read."""
        known = tuple((url, self._image_facts(url)) for url, _ in item.images)
        return item.has(kind) and known == item.images

    def _image_facts(self, url: str) -> ImageFact | None:
        """Return media type, bytes, width and height of a file of this site; those of an image only if it is one."""
        known = self.find_image(url)
        path = self._path_of(url)
        if path is None:
            return None
        if path not in self._bytes:
            self._bytes[path] = self._find_bytes(path)
        length = self._bytes[path]
        if length is None:
            return None
        return (known.type, length, known.width, known.height) if known else ("", length, 0, 0)

    def _find_bytes(self, path: str) -> int | None:
        """Return the size in bytes of a file of this site as it is published, None if there is none."""
        source = self._image_sets.sets.get(self._image_sets.paths.get(path, ""))
        if source is not None:
            return next(variant.encoding.bytes for variant in source.variants if variant.path == path)
        file = self._find(path)
        if file is None:
            return None
        with naming(file), file.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
            if not needs_conversion(path, head):
                return file.stat().st_size
            data = head + opened.read()
        return len(convert_image(path, data, self._config.images.metadata, is_trusted=False))
