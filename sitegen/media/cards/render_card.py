"""Render a share card as a PNG file."""

import math
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from PIL import Image

from sitegen.errors import Problem, SiteError
from sitegen.media.cards.bidi import find_base_level
from sitegen.media.cards.canvas import Canvas
from sitegen.media.cards.card import HEIGHT, WIDTH, Card
from sitegen.media.cards.font_book import CardText, FontBook
from sitegen.media.cards.typeset import Block, Style, arrange

MARGIN = 80
INNER = WIDTH - 2 * MARGIN
TITLE_SIZES = (92, 84, 76, 70, 64, 58, 52, 46, 40)
MAX_TITLE_LINES = 3
MASTHEAD_SIZES = (36, 32, 28)
LABEL_SIZES = (30, 27, 24)
ABOUT_SIZES = (36, 32)
MAX_ABOUT_LINES, MAX_ABOUT_HEIGHT = 2, 130
TITLE_GAP = 28
"""The distance of the title from the lines above and below it, in pixels."""

MAX_LOGO_WIDTH, MAX_LOGO_HEIGHT = 360, 72
MAX_LOGO_PIXELS = 40_000_000
LOGO_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")

ReadFile = Callable[[str], bytes]


class _Colors:
    """The colours of strings by their use, and the background below them."""

    def __init__(self, title: str, label: str, accent: str, background: str) -> None:
        self.title, self.label, self.accent, self.background = title, label, accent, background


def render_card(card: Card, book: FontBook, read: ReadFile) -> bytes:
    """Return a card as a PNG file; `read` returns the bytes of its logo by name.

    The bytes depend only on the card, its fonts and the version of Pillow. Raises SiteError if the logo or a font is
    damaged.
    """
    design = card.design
    painter = _Painter(card, book, read, Canvas(design.tint if design.preset == "letter" else design.paper))
    try:
        _LAYOUTS[design.preset](painter)
    except OSError as error:  # what Pillow raises for a font that FreeType cannot load or render
        message = f'a font of the share card of "{card.title.text}" cannot be rendered: {error}'
        hint = "name other fonts in `cards.fonts`, or set `cards.system_fonts = false`"
        raise SiteError([Problem("", 0, message, hint)]) from None
    return painter.canvas.encode()


arrange_again = lru_cache(maxsize=8)(arrange)
"""`arrange` for the name of the site, which is on all cards."""


class _Painter:
    """Paints the parts of one card; a card whose title begins with a right-to-left letter begins on the right."""

    def __init__(self, card: Card, book: FontBook, read: ReadFile, canvas: Canvas) -> None:
        self.card, self.book, self.read, self.canvas = card, book, read, canvas
        self.is_right_to_left = bool(find_base_level(card.title.text))
        self.has_masthead = bool(card.masthead.text or card.logo)

    def paint_masthead(self, middle: float, colors: _Colors) -> None:
        """Paint the logo and the name of the site, with their middle at a height."""
        x, width = MARGIN, INNER
        if self.card.logo:
            logo = load_logo(self.card.logo.digest, self.card.logo.name, colors.background, self.read)
            left = WIDTH - MARGIN - logo.width if self.is_right_to_left else MARGIN
            self.canvas.add_image(logo, left, round(middle - logo.height / 2))
            taken = logo.width + TITLE_GAP
            x, width = (x if self.is_right_to_left else x + taken), width - taken
        style = Style(True, self.card.language, width, math.inf, MASTHEAD_SIZES, 1)
        block = arrange_again(self.card.masthead, self.book, style) if self.card.masthead.text else None
        if block:
            # The middle of most letters is above the baseline by a third of their size.
            self._paint(block, x, middle + block.size / 3 - block.ascent, width, colors.title, colors.background)

    def paint_footer(self, baseline: float, colors: _Colors) -> None:
        """Paint the line at the bottom."""
        block = self._label(self.card.footer, LABEL_SIZES, INNER)
        if block:
            self._paint(block, MARGIN, baseline - block.ascent, INNER, colors.label, colors.background)

    def paint_text(self, top: float, bottom: float, colors: _Colors) -> None:
        """Paint kicker, title and paragraph in the middle between two heights."""
        above = self._label(self.card.kicker, LABEL_SIZES, INNER, is_bold=True)
        style = Style(False, self.card.language, INNER, MAX_ABOUT_HEIGHT, ABOUT_SIZES, MAX_ABOUT_LINES)
        below = arrange(self.card.about, self.book, style) if self.card.about.text else None
        room = bottom - top - sum(block.height + TITLE_GAP for block in (above, below) if block)
        style = Style(True, self.card.language, INNER, room, TITLE_SIZES, MAX_TITLE_LINES)
        title = arrange(self.card.title, self.book, style)
        y = top + max(0.0, (room - title.height) / 2)
        for block, color in ((above, colors.accent), (title, colors.title), (below, colors.label)):
            if block:
                self._paint(block, MARGIN, y, INNER, color, colors.background)
                y += block.height + TITLE_GAP

    def _label(self, text: CardText, sizes: tuple[int, ...], width: float, *, is_bold: bool = False) -> Block | None:
        """Return a block of one line, None for an empty string."""
        style = Style(is_bold, self.card.language, width, math.inf, sizes, 1)
        return arrange(text, self.book, style) if text.text else None

    def _paint(self, block: Block, x: float, y: float, width: float, color: str, background: str) -> None:
        """Paint a block with its top at a height, on the side of a column on which the card begins."""
        for number, line in enumerate(block.lines):
            left = round(x + width - line.width if self.is_right_to_left else x)
            baseline = round(y + block.ascent + number * block.pitch)
            for piece in line.pieces:
                at = left + piece.x, baseline + piece.y
                if piece.image.mode == "L":
                    self.canvas.paint(piece.image, *at, color, background)
                else:
                    below = Image.new("RGBA", piece.image.size, background)
                    self.canvas.add_image(Image.alpha_composite(below, piece.image).convert("RGB"), *at)


@lru_cache(maxsize=8)
def _decode_logo(data: bytes, background: str) -> Image.Image:
    with Image.open(BytesIO(data), formats=LOGO_FORMATS) as image:
        if image.width * image.height > MAX_LOGO_PIXELS:
            raise Image.DecompressionBombError(f"it has {image.width} × {image.height} pixels")
        scale = min(1.0, MAX_LOGO_WIDTH / image.width, MAX_LOGO_HEIGHT / image.height)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        shown = image.convert("RGBA").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    below = Image.new("RGBA", size, background)
    return Image.alpha_composite(below, shown).convert("RGB")


_logos: dict[tuple[str, str], Image.Image] = {}


def load_logo(digest: str, name: str, background: str, read: ReadFile) -> Image.Image:
    """Return a logo in the size of the masthead, over a background. Raises SiteError for a damaged file."""
    key = digest, background
    if key not in _logos:
        try:
            _logos[key] = _decode_logo(read(name), background)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # what Pillow raises
            message = f"the logo cannot be shown on share cards: {error}"
            raise SiteError([Problem(name, 0, message, "save it again as a PNG file, or set `cards.logo`")]) from None
    return _logos[key]


def _paint_newspaper(painter: _Painter) -> None:
    """A double rule above the masthead, and a thin one above the footer."""
    design, canvas = painter.card.design, painter.canvas
    colors = _Colors(design.ink, design.muted, design.accent, design.paper)
    right = WIDTH - MARGIN - 1
    canvas.fill((MARGIN, 52, right, 57), design.ink)
    canvas.fill((MARGIN, 62, right, 63), design.ink)
    painter.paint_masthead(112, colors)
    if painter.has_masthead:
        canvas.fill((MARGIN, 160, right, 160), design.line)
    if painter.card.footer.text:
        canvas.fill((MARGIN, 540, right, 540), design.line)
    painter.paint_text(182, 520, colors)
    painter.paint_footer(586, colors)


def _paint_letter(painter: _Painter) -> None:
    """A sheet of paper on a desk, with the footer, which has the date, at its top."""
    design, canvas = painter.card.design, painter.canvas
    colors = _Colors(design.ink, design.muted, design.accent, design.paper)
    canvas.fill((39, 39, WIDTH - 40, HEIGHT), design.line)
    canvas.fill((40, 40, WIDTH - 41, HEIGHT), design.paper)
    painter.paint_footer(112, colors)
    painter.paint_text(140, 500, colors)
    if painter.has_masthead:
        canvas.fill((MARGIN, 520, WIDTH - MARGIN - 1, 521), design.accent)
    painter.paint_masthead(572, colors)


def _paint_magazine(painter: _Painter) -> None:
    """The masthead on paper, and the title on the accent colour."""
    design, canvas = painter.card.design, painter.canvas
    painter.paint_masthead(66, _Colors(design.ink, design.muted, design.accent, design.paper))
    canvas.fill((0, 132, WIDTH, HEIGHT), design.accent)
    on_accent = _Colors(design.paper, design.paper, design.paper, design.accent)
    painter.paint_text(164, 536, on_accent)
    painter.paint_footer(586, on_accent)


def _paint_plain(painter: _Painter) -> None:
    """Text alone, with a band of the accent colour at the bottom."""
    design, canvas = painter.card.design, painter.canvas
    colors = _Colors(design.ink, design.muted, design.accent, design.paper)
    painter.paint_masthead(84, colors)
    painter.paint_text(136, 520, colors)
    painter.paint_footer(576, colors)
    canvas.fill((0, HEIGHT - 14, WIDTH, HEIGHT), design.accent)


_LAYOUTS: dict[str, Callable[[_Painter], None]] = {
    "newspaper": _paint_newspaper,
    "letter": _paint_letter,
    "magazine": _paint_magazine,
    "plain": _paint_plain,
}
