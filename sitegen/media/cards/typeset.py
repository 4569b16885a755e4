"""Arrange text in a box: lines of balanced length, in the largest size that fits, each part in its font."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from sitegen.media.cards.bidi import find_base_level, find_levels, order_runs
from sitegen.media.cards.faces import Face
from sitegen.media.cards.font_book import BOLD, REGULAR, CardText, FontBook
from sitegen.media.cards.line_breaks import find_clusters, find_units, lacks_spaces
from sitegen.media.cards.shaping import shaping_options

MEASURED_SIZE = 64
"""The size at which text is measured, in pixels: widths at other sizes are proportional."""

TOLERANCE = 1.02
"""How much wider than measured a line may be, because fonts fit the widths of letters to the pixels of a size."""

LEADING = 1.18
"""The least distance of lines, in em."""

GAP = 0.08
"""The least distance between the lowest and the highest mark of two lines, in em."""

ELLIPSIS = "…"
COLOR_SIZES = (109, 160, 136, 128, 96, 64, 48, 32)
"""The sizes of bitmaps in fonts of emoji, in pixels, of which a font has one or some."""

MIN_LARGE_SIZE = 58
"""The least size at which a string whose words may be divided stays undivided, in pixels."""

_BALANCE_STEPS = 6


class Piece(Struct, frozen=True):
    """Rendered glyphs of a line: their mask, or an image with colors and transparency.

    `x` and `y` are its upper left corner from the left end of the line and from the baseline, in pixels.
    """

    image: Image.Image
    x: int
    y: int


class Line(Struct, frozen=True):
    """A rendered line, and its width in pixels."""

    pieces: tuple[Piece, ...]
    width: float


class Block(Struct, frozen=True):
    """Text in lines.

    `size` is that of the font, `pitch` the distance of lines, `ascent` and `descent` how far the text reaches above the
    first and below the last baseline, in pixels.
    """

    lines: tuple[Line, ...]
    size: int
    pitch: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        """The height of all lines, in pixels."""
        return self.ascent + self.pitch * (len(self.lines) - 1) + self.descent


class Style(Struct, frozen=True):
    """How a string is arranged: weight, language, width and height of its box in pixels, sizes, and number of lines.

    `color` is what glyphs have that are part of a font with colors.
    """

    is_bold: bool
    language: str
    width: float
    height: float
    sizes: tuple[int, ...]
    max_lines: int
    color: tuple[int, int, int] = (0, 0, 0)


class _Part(Struct, frozen=True):
    """A cluster with its font and its width in em."""

    text: str
    face: Face
    width: float


@lru_cache(maxsize=128)
def load_font(face: Face, size: int, weight: int) -> tuple[ImageFont.FreeTypeFont, float]:
    """Return a font in a size, and the scale of its glyphs: one of bitmaps has only some sizes."""
    sizes = COLOR_SIZES if face.colors == "bitmap" else (size,)
    for number, wanted in enumerate(sizes):
        try:
            font = ImageFont.truetype(face.file.path, wanted, face.index)
        except OSError:
            if number + 1 == len(sizes):
                raise
            continue
        break
    if face.is_variable:
        font.set_variation_by_axes([_choose_value(axis, weight) for axis in font.get_variation_axes()])
    return font, size / wanted


def _choose_value(axis: Mapping[str, Any], weight: int) -> float:
    """Return the value of an axis of a variable font: the weight as far as the font has it, others by default."""
    is_weight = axis["name"] in (b"Weight", "Weight")
    return float(min(max(weight, axis["minimum"]), axis["maximum"]) if is_weight else axis["default"])


def arrange(text: CardText, book: FontBook, style: Style) -> Block:
    """Return a string in the largest size at which it fits into its box, cut with an ellipsis if it fits in none."""
    parts = list(_split(text, book, style))
    units = find_units([part.text for part in parts])
    smallest = style.sizes[-1]
    may_divide = _is_divided(_break(parts, units, style.width / smallest), units) or lacks_spaces(text.text)
    large = [size for size in style.sizes if size >= MIN_LARGE_SIZE] if may_divide else style.sizes
    for sizes, divides in ((large, False), (style.sizes if may_divide else (), True)):
        for size in sizes:
            lines = _break(parts, units, style.width / size)
            if len(lines) <= style.max_lines and (divides or not _is_divided(lines, units)):
                block = _set(_balance(parts, units, lines, style.width / size), parts, size, style)
                if _fits(block, style):
                    return block
    for width in (style.width / smallest, style.width / smallest / TOLERANCE):
        for max_lines in range(style.max_lines, 0, -1):
            shown, lines = parts, _break(parts, units, width)
            if len(lines) > max_lines:
                shown, lines = _cut(parts, lines[:max_lines], width, _ellipsis(parts, book, style))
            block = _set(lines, shown, smallest, style)
            if _fits(block, style):
                return block
    return block


def _fits(block: Block, style: Style) -> bool:
    return max(line.width for line in block.lines) <= style.width * TOLERANCE and block.height <= style.height


def _split(text: CardText, book: FontBook, style: Style) -> Iterator[_Part]:
    """Yield the clusters of a string with their widths."""
    start = 0
    for run in text.runs:
        face = book.face(run.font)
        clusters = find_clusters(text.text[start : start + run.length])
        start += run.length
        for cluster in clusters:
            yield _Part(cluster, face, _measure(face, cluster, style.is_bold, style.language))


@lru_cache(maxsize=16384)
def _measure(face: Face, text: str, is_bold: bool, language: str) -> float:
    """Return the width of a string in em."""
    font, scale = load_font(face, MEASURED_SIZE, BOLD if is_bold else REGULAR)
    return font.getlength(text, **shaping_options(language)) * scale / MEASURED_SIZE


Lines = list[tuple[int, int]]


def _break(parts: Sequence[_Part], units: Lines, width: float) -> Lines:
    """Return first and last part, exclusive, of lines that are at most `width` wide, in em."""
    lines: Lines = []
    start, used = 0, 0.0
    for first, end in units:
        inked = sum(part.width for part in parts[first:end] if not part.text.isspace())
        whole = sum(part.width for part in parts[first:end])
        if used and used + inked > width:
            lines.append((start, first))
            start, used = first, 0.0
        if inked <= width:
            used += whole
            continue
        for index in range(first, end):  # a word that is longer than a line
            if used and used + parts[index].width > width:
                lines.append((start, index))
                start, used = index, 0.0
            used += parts[index].width
    if start < len(parts):
        lines.append((start, len(parts)))
    return lines


def _is_divided(lines: Lines, units: Lines) -> bool:
    """Return whether a line ends within a word."""
    ends = {end for _, end in units}
    return any(end not in ends for _, end in lines)


def _balance(parts: Sequence[_Part], units: Lines, lines: Lines, width: float) -> Lines:
    """Return the same number of lines of nearly equal length."""
    low, high = 0.0, width
    best = lines
    for _ in range(_BALANCE_STEPS if len(lines) > 1 else 0):
        middle = (low + high) / 2
        found = _break(parts, units, middle)
        if len(found) == len(lines) and not _is_divided(found, units):
            best, high = found, middle
        else:
            low = middle
    return best


def _ellipsis(parts: Sequence[_Part], book: FontBook, style: Style) -> _Part:
    """Return an ellipsis in a font of the text that contains it."""
    face = next((part.face for part in parts if not part.face.colors and book.has(part.face, ELLIPSIS)), None)
    text = ELLIPSIS if face else "..."
    face = face or next((part.face for part in parts if not part.face.colors), parts[0].face)
    return _Part(text, face, _measure(face, text, style.is_bold, style.language))


def _cut(parts: Sequence[_Part], lines: Lines, width: float, ellipsis: _Part) -> tuple[list[_Part], Lines]:
    """Return the parts of some lines, the last of which ends with an ellipsis in place of what does not fit."""
    first, end = lines[-1]
    used = sum(part.width for part in parts[first:end])
    while end > first and (used + ellipsis.width > width or parts[end - 1].text[0] in " ,;:.–—-、。،"):
        end -= 1
        used -= parts[end].width
    return [*parts[:end], ellipsis], [*lines[:-1], (first, end + 1)]


def _set(lines: Lines, parts: Sequence[_Part], size: int, style: Style) -> Block:
    """Return rendered lines."""
    text = "".join(part.text for part in parts)
    levels = find_levels(text, find_base_level(text))
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part.text))
    rows = []
    for first, end in lines:
        while end > first and parts[end - 1].text.isspace():
            end -= 1  # noqa: PLW2901 - the space at which a line was broken is not part of it
        rows.append(_set_line(parts[first:end], [levels[start] for start in starts[first:end]], size, style))
    pieces = [piece for row in rows for piece in row.pieces]
    above = max((-piece.y for piece in pieces), default=0)
    below = max((piece.y + piece.image.height for piece in pieces), default=0)
    return Block(tuple(rows), size, max(LEADING * size, above + below + GAP * size), above, below)


def _set_line(parts: Sequence[_Part], levels: Sequence[int], size: int, style: Style) -> Line:
    """Return a line with its runs from left to right."""
    groups: list[tuple[str, Face, int]] = []
    for part, level in zip(parts, levels, strict=True):
        if groups and groups[-1][1:] == (part.face, level):
            groups[-1] = (groups[-1][0] + part.text, part.face, level)
        else:
            groups.append((part.text, part.face, level))
    pieces: list[Piece] = []
    placed = []
    x = 0.0
    for number in order_runs([level for *_, level in groups]):
        run, face, level = groups[number]
        font, scale = load_font(face, size, BOLD if style.is_bold else REGULAR)
        direction = "rtl" if level % 2 else "ltr"
        width = font.getlength(run, **shaping_options(style.language, direction)) * scale
        if face.colors:
            pieces += _render_colors(run, font, scale, direction, round(x), style)
        else:
            placed.append((x, run, font, direction))
        x += width
    pieces += _render_mask(placed, x, size, style)
    return Line(tuple(pieces), x)


def _render_mask(
    runs: Sequence[tuple[float, str, ImageFont.FreeTypeFont, str]], width: float, size: int, style: Style
) -> Iterator[Piece]:
    """Yield the mask of the runs of a line that have no colors, cut to its glyphs."""
    pad = size
    mask = Image.new("L", (math.ceil(width) + 2 * pad, 4 * size))
    canvas = ImageDraw.Draw(mask)
    for x, run, font, direction in runs:
        canvas.text((pad + x, 2 * size), run, 255, font, "ls", **shaping_options(style.language, direction))
    if bounds := mask.getbbox():
        yield Piece(mask.crop(bounds), bounds[0] - pad, bounds[1] - 2 * size)


def _render_colors(
    run: str, font: ImageFont.FreeTypeFont, scale: float, direction: str, x: int, style: Style
) -> Iterator[Piece]:
    """Yield the image of a run with colors: bitmaps, which have only some sizes, or layers in any size."""
    options = shaping_options("", direction)
    left, top, right, bottom = font.getbbox(run, anchor="ls", **options)
    if right <= left or bottom <= top:
        return
    image = Image.new("RGBA", (math.ceil(right - left), math.ceil(bottom - top)), (*style.color, 0))
    ImageDraw.Draw(image).text((-left, -top), run, style.color, font, "ls", embedded_color=True, **options)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    yield Piece(image, x + round(left * scale), round(top * scale))
