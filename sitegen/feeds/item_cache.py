"""The items of a site's feeds, each rendered once: cached in memory, in the spool, or rendered from the HTML."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import unquote

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError, naming
from sitegen.feeds.rendered_item import RenderedItem, render_item
from sitegen.feeds.spool import Spool
from sitegen.feeds.types import FeedItem, ImageFact
from sitegen.formats.image_size import ImageSize, read_image
from sitegen.formats.urls import home_of
from sitegen.model import Post
from sitegen.system.limits import TimeUpError, limit

MAX_CACHED_ITEMS, MAX_CACHED_ITEM_BYTES = 4096, 32_000
"""Number of items that are cached in memory, and the size of the largest one; larger ones are rare."""

IMAGE_HEAD = 1 << 20
"""Number of bytes of an image that are read for its size: the header is at the front, after metadata."""

MAX_DEPTH = 1000
"""How deep calls may nest while an item is rendered; none of them follow the nesting of the HTML."""

NO_FACTS: ImageFact = ("", 0, 0, 0)


class Items:
    """The rendered items of a site's feeds, and the facts of the images in them.

    `guids` are those of the posts by path; `find` gives the file that is published at a path below the base
    URL, or None; `read` is called with the name of each image whose size was read. While pages are
    rendered whose feeds come later, items wait in `spool`.
    """

    def __init__(
        self,
        config: Config,
        guids: Mapping[str, str],
        find: Callable[[str], Path | None],
        read: Callable[[str], None],
    ) -> None:
        self.spool: Spool | None = None
        self._config, self._guids, self._find, self._read = config, guids, find, read
        self._cached: dict[str, tuple[str, RenderedItem]] = {}
        self._images: dict[str, tuple[str, ImageFact | None]] = {}

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
        """Return the media type, width and height of an image of this site, None where they are not known."""
        kind, _, width, height = self._image_facts(url) or NO_FACTS
        return ImageSize(kind, width, height) if width and height else None

    def _render(self, post: Post, html: str, formats: Collection[str]) -> RenderedItem:
        whole = FeedItem(post, html, self._guids[post.path])
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
        if url not in self._images:
            self._images[url] = self._read_image(url)
        name, fact = self._images[url]
        if name:
            self._read(name)
        return fact

    def _read_image(self, url: str) -> tuple[str, ImageFact | None]:
        """Return the name by which a file is recorded as read, and its facts."""
        home = home_of(self._config.base_url)
        if not url.startswith(home):
            return "", None
        path = unquote(url.removeprefix(home))
        file_path = self._find(path)
        if file_path is None:
            return f"file.{path}", None
        with naming(file_path), file_path.open("rb") as file:
            size = read_image(file.read(IMAGE_HEAD))
        length = file_path.stat().st_size
        return f"file.{path}", (size.type, length, size.width, size.height) if size else ("", length, 0, 0)
