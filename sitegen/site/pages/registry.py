"""The types of pages that sitegen plans and renders."""

from collections.abc import Iterable
from typing import Any

from sitegen.formats.site_urls import output_path
from sitegen.site.pages.asset import ASSET
from sitegen.site.pages.card import CARD, CardPage
from sitegen.site.pages.comments import COMMENTS
from sitegen.site.pages.data import DATA_PAGE
from sitegen.site.pages.feed import FEED
from sitegen.site.pages.icon import ICON, WEB_MANIFEST
from sitegen.site.pages.image import VARIANT
from sitegen.site.pages.index import FIGURES, INDEX
from sitegen.site.pages.listing import LISTING
from sitegen.site.pages.page_type import Page, PageType
from sitegen.site.pages.post import POST
from sitegen.site.pages.redirect import REDIRECT, REDIRECTS_FILE
from sitegen.site.pages.search import DESCRIPTIONS, MANIFEST_FILE, TERMS
from sitegen.site.pages.sitemap import SITEMAP
from sitegen.site.pages.stylesheet import STYLESHEET
from sitegen.site.pages.template import TEMPLATE, TOMBSTONE
from sitegen.site.pages.text_file import TEXT_FILE

# In the order in which they are planned: sitemaps need the pages that they list, and redirects yield to all others.
_ORDERED: tuple[PageType[Any], ...] = (
    ASSET,
    VARIANT,
    STYLESHEET,
    ICON,
    WEB_MANIFEST,
    POST,
    COMMENTS,
    LISTING,
    CARD,
    INDEX,
    FIGURES,
    DATA_PAGE,
    TEMPLATE,
    TOMBSTONE,
    TERMS,
    DESCRIPTIONS,
    MANIFEST_FILE,
    FEED,
    SITEMAP,
    TEXT_FILE,
    REDIRECT,
    REDIRECTS_FILE,
)

PAGE_TYPES = {page_type.page: page_type for page_type in _ORDERED}
"""The types of pages by the class of their data, in the order in which they are planned."""


def find_cards(pages: Iterable[Page]) -> dict[str, CardPage]:
    """Return the share cards among some pages, by the paths of the pages that they are of."""
    return {of: page for page in pages if (of := type_of(page).card_of(page)) is not None}  # type: ignore[misc]  # mypy takes `of` for None


def find_shared_path(page: Page, base: str) -> str:
    """Return the path of the page whose card a page shows: that of the first page of a list, or of comments."""
    url = type_of(page).shared_url(page)
    return page.path if url is None else output_path(url, base)


def type_of(page: Page) -> PageType[Any]:
    """Return the type of a page; a class that a hook derives from one in PAGE_TYPES has its type."""
    try:
        return PAGE_TYPES[type(page)]
    except KeyError:
        return next(PAGE_TYPES[base] for base in type(page).__mro__ if base in PAGE_TYPES)
