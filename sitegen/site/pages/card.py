"""Share cards: the images of posts, pages, terms and the site that are shown where a URL is shared."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.formats.image_size import ImageSize, read_image
from sitegen.formats.site_urls import site_url
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, Rendering
from sitegen.system import fingerprints
from sitegen.system.libraries import installed_version

if TYPE_CHECKING:
    from sitegen.media.cards.card import Card

FOLDER = "cards"
"""The folder of cards below the output folder. Their URLs do not change, because networks keep what they fetched."""

_CODE = "sitegen.media.cards."
CARD_SIZE = ImageSize("image/png", 1200, 630)
"""The size of cards in pixels, which Open Graph, X, LinkedIn, Mastodon and messengers show uncut."""


class CardPage(Struct, frozen=True):
    """The share card of the page at `shared`, a path below the output folder."""

    path: str
    url: str
    shared: str
    card: "Card"


def card_path(page_path: str) -> str:
    """Return the path of the card of a page: it depends on nothing but the URL of the page.

    `posts/first/index.html` has the card `cards/posts/first.png`, `first.html` has `cards/first.html.png`, and the home
    page `cards.png`, so that no two pages share one.
    """
    return f"{FOLDER}.png" if page_path == "index.html" else f"{FOLDER}/{page_path.removesuffix('/index.html')}.png"


def plan_card_pages(inputs: PlanInputs) -> Iterator[CardPage]:
    """Yield the share cards, none if the site has none or there are no fonts."""
    fonts = inputs.card_fonts
    if fonts is None or fonts.is_empty:
        return
    from sitegen.site.card_planner import plan_cards  # noqa: PLC0415 - only for sites with cards

    for page, card in plan_cards(inputs, fonts):
        path = card_path(page.path)
        yield CardPage(path, site_url(f"/{path}", inputs.base), page.path, card)


@cache
def _recipe() -> str:
    """Return the fingerprint of what renders cards: our code and the version of Pillow."""
    code = {name: source for name, source in fingerprints.code_modules().items() if name.startswith(_CODE)}
    return fingerprints.of_value(("card", code, installed_version("pillow")))


def card_key(page: CardPage) -> str:
    """Return the key of a card in the folder of encoded images."""
    return fingerprints.of_value((_recipe(), page.card))


def render_card_page(page: CardPage, rendering: Rendering) -> bytes:
    """Return a card, from the folder of encoded images if it is there."""
    encoded, key = rendering.encoded_images, card_key(page)
    data = encoded.read(key)
    if data is None or read_image(data) != CARD_SIZE:
        from sitegen.media.cards.render_card import render_card  # noqa: PLC0415 - loads Pillow, which takes 70 ms

        assert rendering.card_fonts is not None
        data = render_card(page.card, rendering.card_fonts, rendering.read_file)
        encoded.write(key, data)
    return data


def _prepare(_: Sequence[CardPage], rendering: Rendering, __: Path, ___: int) -> None:
    # Other processes render the cards, so that this one cannot count the new files.
    rendering.encoded_images.has_new = True


CARD = PageType(
    page=CardPage,
    phase=Phase.ASSET,
    plan=plan_card_pages,
    replaceable=True,
    render=render_card_page,
    may_wait=True,
    by_language=True,
    prepare=_prepare,
    card_of=lambda page: page.shared,
    describe=lambda page: f"the share card of {page.shared}",
)
