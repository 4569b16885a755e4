"""Fonts for tests of share cards: small ones that the tests make, and those of the machine."""

from pathlib import Path

from sitegen.cli.font_folders import find_font_folders
from sitegen.media.cards.faces import StampedFont
from sitegen.media.cards.font_book import FontBook, FontFiles, list_fonts
from sitegen.system.files import stamp_of
from tests.support.fonts import make_font

LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?-–·…“”’"


def make_ttf(letters: str = LATIN, **settings: object) -> bytes:
    """Return a TrueType file with some letters."""
    return make_font(letters=letters, is_packed=False, **settings)  # type: ignore[arg-type]


def stamped(path: Path) -> StampedFont:
    """Return a font file with its stamp."""
    return StampedFont(str(path), stamp_of(path.stat()))


def make_book(folder: Path, own: dict[str, bytes] | None = None, system: dict[str, bytes] | None = None) -> FontBook:
    """Return the fonts of a site and of a machine, written into a folder, by their file names."""
    files = {}
    for folder_name, fonts in (("own", own or {}), ("system", system or {})):
        (folder / folder_name).mkdir(parents=True, exist_ok=True)
        for name, data in fonts.items():
            (folder / folder_name / name).write_bytes(data)
        files[folder_name] = tuple(stamped(folder / folder_name / name) for name in fonts)
    return FontBook(FontFiles(files["own"], files["system"]))


def installed_fonts() -> tuple[StampedFont, ...]:
    """Return the font files of this machine."""
    return list_fonts(find_font_folders())
