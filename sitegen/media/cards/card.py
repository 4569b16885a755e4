"""What a share card shows: its strings with their fonts, its logo, and the design of the site's preset."""

from msgspec import Struct

from sitegen.config.palettes import find_palettes
from sitegen.config.presets import PRESETS
from sitegen.config.theme_schema import Theme
from sitegen.media.cards.font_book import CardText

WIDTH, HEIGHT = 1200, 630
"""The size of a card in pixels."""


class Design(Struct, frozen=True):
    """The colours of a card as #rrggbb, whether its labels have serifs, and the preset, which arranges it."""

    preset: str
    paper: str
    ink: str
    muted: str
    line: str
    tint: str
    accent: str
    has_serifs: bool
    has_serif_labels: bool


class Logo(Struct, frozen=True):
    """The file of a logo, by its name below the site's root, and its fingerprint."""

    name: str
    digest: str


class Card(Struct, frozen=True):
    """A share card.

    `title` is the largest text, `kicker` a line above it, `about` a paragraph below it, `masthead` the name of the
    site, `footer` the line at the bottom; each may be empty, except for the title. `language` is that of the title.
    """

    title: CardText
    language: str
    design: Design
    masthead: CardText = CardText("")
    kicker: CardText = CardText("")
    about: CardText = CardText("")
    footer: CardText = CardText("")
    logo: Logo | None = None


def find_design(theme: Theme) -> Design:
    """Return the design of a theme in light mode."""
    palette, _ = find_palettes(theme)
    return Design(
        theme.preset if theme.preset in PRESETS else "newspaper",
        palette.paper,
        palette.ink,
        palette.muted,
        palette.line,
        palette.tint,
        palette.accent,
        has_serifs=theme.font_set != "modern",
        has_serif_labels=theme.font_set == "classic",
    )
