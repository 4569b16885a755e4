"""Explain once why there are no share cards, or why they have no logo."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.config.schema import Config
from sitegen.media.cards.font_book import find_font_files
from sitegen.media.encoded_images import can_encode
from sitegen.system.installation import install_hint


def describe_cards(config: Config, root: Path, folders: Iterable[str]) -> Iterator[str]:
    """Yield a line for each reason why share cards are not rendered, or differ from the config.

    `folders` are those of the machine's fonts.
    """
    if not config.cards.enabled:
        return
    if not can_encode():
        yield f"Share cards are not rendered: to get them, {install_hint('images')}"
        return
    fonts = find_font_files(root, config.cards, folders)
    if not (fonts.own or fonts.system or config.theme.font_files):
        yield "Share cards are not rendered: install fonts, such as fonts-noto-core, or add font files to `cards.fonts`"
    elif is_svg(config.theme.logo) and not config.cards.logo and config.theme.masthead != "title":
        yield "Share cards have no logo, because it is an SVG: set `cards.logo` to a PNG file"


def is_svg(path: str) -> bool:
    """Return whether a file is an SVG by its name."""
    return path.partition("?")[0].lower().endswith(".svg")
