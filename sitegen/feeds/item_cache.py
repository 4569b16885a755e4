"""The items of a site's feeds, each drawn once: kept in memory, waiting in the spool, or drawn from its text."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import unquote

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError, naming
from sitegen.feeds.rendered_item import DrawnItem, draw_item
from sitegen.feeds.spool import Spool
from sitegen.feeds.types import FeedItem, ImageFact
from sitegen.formats.image_size import ImageSize, read_image
from sitegen.formats.urls import home_of
from sitegen.model import Post
from sitegen.system.limits import TimeUpError, limit

KEPT_ITEMS, KEPT_SIZE = 4096, 32_000
"""How many items are kept in memory, and the size from which one is not: such are rare."""

IMAGE_HEAD = 1 << 20
"""How many bytes of a picture are read for its size: the header is at the front, after metadata."""

MAX_DEPTH = 1000
"""How deep calls may nest while an item is rendered; none of them follow the nesting of the HTML."""

NO_FACTS: ImageFact = ("", 0, 0, 0)


class Items:
    """Holds the items that were drawn for one site's feeds, and what is known of the images in them.

    `guids` are those of the posts by path; `find` gives the file that is published at a path below the base
    URL, None where there is none; `read` is told the name of each image that was looked at. While pages are
    drawn whose feeds come later, `spool` is where items wait.
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
        self._kept: dict[str, tuple[str, DrawnItem]] = {}
        self._images: dict[str, tuple[str, ImageFact | None]] = {}

    def get(self, post: Post, made_of: str, html: Callable[[], str], kind: str, formats: Collection[str]) -> DrawnItem:
        """Return a post as an item for a kind of feed, drawn in some formats if it is drawn now.

        `made_of` is the fingerprint of what it is made from but for the post and its images, `html` gives its text.
        """
        before, item = self._kept.get(post.path, ("", None))
        if before != made_of or item is None or not self._is_right(item, kind):
            item = self.spool.get(post.path) if self.spool else None
            if item is None or not self._is_right(item, kind):
                item = self._draw(post, html(), formats)
            if len(self._kept) >= KEPT_ITEMS:
                del self._kept[next(iter(self._kept))]
            if len(item.content) < KEPT_SIZE:
                self._kept[post.path] = (made_of, item)
        return item

    def keep(self, post: Post, html: str) -> None:
        """Draw a post as an item for the feeds that are to be drawn after it, while its text is at hand."""
        if self.spool and post.path in self.spool.wanted:
            self.spool.put(post.path, self._draw(post, html, self.spool.wanted[post.path]))

    def close_spool(self) -> None:
        """Close the spool, if there is one; items are no longer kept for feeds that are rendered later."""
        if self.spool is not None:
            self.spool.close()
            self.spool = None

    def image_size(self, url: str) -> ImageSize | None:
        """Return the media type, width and height of an image of this site, None where they are not known."""
        kind, _, width, height = self._image_facts(url) or NO_FACTS
        return ImageSize(kind, width, height) if width and height else None

    def _draw(self, post: Post, html: str, formats: Collection[str]) -> DrawnItem:
        whole = FeedItem(post, html, self._guids[post.path])
        seconds = self._config.markdown.seconds
        try:
            with limit(seconds, MAX_DEPTH):
                return draw_item(whole, self._config, self._image_facts, formats)
        except TimeUpError:
            message = f"the post takes longer than {seconds:g} seconds to turn into items of feeds"
            hint = "split the post, or raise `seconds` in [markdown]"
            raise SiteError([Problem(post.path, 1, message, hint)]) from None

    def _is_right(self, item: DrawnItem, kind: str) -> bool:
        """Tell whether an item has a format and its images are as they were, having read what is known of each."""
        known = tuple((url, self._image_facts(url)) for url, _ in item.images)
        return item.has(kind) and known == item.images

    def _image_facts(self, url: str) -> ImageFact | None:
        """Return media type, bytes, width and height of a file of this site; those of an image only if it is one."""
        if url not in self._images:
            self._images[url] = self._look_at_image(url)
        name, fact = self._images[url]
        if name:
            self._read(name)
        return fact

    def _look_at_image(self, url: str) -> tuple[str, ImageFact | None]:
        """Return the name under which a file is read, and what is known of it."""
        home = home_of(self._config.base_url)
        if not url.startswith(home):
            return "", None
        path = unquote(url.removeprefix(home))
        place = self._find(path)
        if place is None:
            return f"file.{path}", None
        with naming(place), place.open("rb") as file:
            size = read_image(file.read(IMAGE_HEAD))
        length = place.stat().st_size
        return f"file.{path}", (size.type, length, size.width, size.height) if size else ("", length, 0, 0)
