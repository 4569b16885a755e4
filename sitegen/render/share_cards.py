"""The share card that a page names in its head: its own, the site's, or an image of the content folder."""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from sitegen.config.schema import Config, base_path
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.image_size import ImageSize
from sitegen.formats.site_urls import output_path, site_url
from sitegen.model import Site
from sitegen.site.pages.card import CARD_SIZE, card_path
from sitegen.site.pages.page_type import Page
from sitegen.site.pages.registry import find_shared_path


class ShareCards(Struct, frozen=True):
    """The share cards of a site.

    `titles` are the titles on them by the path of their page, `published` the files that are published as they are;
    `image_size` gives the size of the image at an absolute URL, and `read` is called with the name of each card that a
    page asks for.
    """

    titles: Mapping[str, str]
    published: Collection[str]
    image_size: Callable[[str], ImageSize | None]
    read: Callable[[str], None]

    def find(self, page: Page, image: str, config: Config, site: Site) -> FrozenDict | None:
        """Return URL, description, width and height of the share card of a page, None without one.

        A page without a card of its own has that of the home page, unless it has an `image`. `config` and `site` are
        those of the page's edition.
        """
        # A build without images reads the names of cards, too: pages show them as soon as there are some.
        if not config.cards.enabled:
            return None
        base = base_path(config)
        home = output_path(site.url, base)
        for path in (find_shared_path(page, base), *(() if image else (home,))):
            self.read(f"card.{path}")
            title, own = self.titles.get(path), card_path(path)
            url = site_url(f"/{own}", base)
            if title is not None:
                alt = title if title == site.title else f"{title} – {site.title}"
                return FrozenDict(url=url, alt=alt, width=CARD_SIZE.width, height=CARD_SIZE.height)
            if own in self.published:  # a file of the content folder instead
                size = self.image_size(config.base_url.removesuffix("/") + url.removeprefix(base))
                return FrozenDict(url=url, alt=site.title, width=size.width, height=size.height) if size else None
        return None
