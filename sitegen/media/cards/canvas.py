"""An image with a palette, on which a share card is painted with Pillow."""

from io import BytesIO

from PIL import Image, ImageDraw

from sitegen.media.cards.card import HEIGHT, WIDTH

Color = tuple[int, int, int]

SHADES = 15
"""The number of shades between a background and letters on it, for smooth edges."""

MAX_IMAGE_COLORS = 96
"""Maximum number of colours of a logo or an emoji."""


class Canvas:
    """An image with a palette of at most 256 colours: a card needs few, and its file is small for that."""

    def __init__(self, background: str) -> None:
        self.image = Image.new("P", (WIDTH, HEIGHT), 0)
        self._palette: list[Color] = [parse_color(background)]
        self._shades: dict[tuple[str, str], list[int]] = {}
        self._solid = {background: 0}
        self._images: list[tuple[Image.Image, int, int]] = []

    def fill(self, box: tuple[float, float, float, float], color: str) -> None:
        """Fill a rectangle, given by left, top, right and bottom, both ends included."""
        ImageDraw.Draw(self.image).rectangle(box, fill=self._find(color))

    def paint(self, mask: Image.Image, x: int, y: int, color: str, background: str) -> None:
        """Paint with a color through a mask over a background."""
        self.image.paste(mask.point(self._find_shades(color, background)), (x, y))

    def add_image(self, image: Image.Image, x: int, y: int) -> None:
        """Add an image in full color, whose transparent parts have the background already."""
        self._images.append((image, x, y))

    def encode(self) -> bytes:
        """Return the PNG file."""
        for image, x, y in self._images:
            room = 256 - len(self._palette)
            reduced = image.quantize(max(2, min(room // 2, MAX_IMAGE_COLORS)), Image.Quantize.FASTOCTREE)
            values = reduced.getpalette() or []
            count = (max(reduced.tobytes()) + 1) if reduced.size != (0, 0) else 0
            start = len(self._palette)
            self._palette += [(values[3 * n], values[3 * n + 1], values[3 * n + 2]) for n in range(count)]
            self.image.paste(reduced.point([min(start + n, 255) for n in range(256)]), (x, y))
        self.image.putpalette([part for color in self._palette for part in color])
        written = BytesIO()
        self.image.save(written, "PNG", bits=8, compress_level=3)
        return written.getvalue()

    def _find(self, color: str) -> int:
        if color not in self._solid:
            self._solid[color] = len(self._palette)
            self._palette.append(parse_color(color))
        return self._solid[color]

    def _find_shades(self, color: str, background: str) -> list[int]:
        """Return the number in the palette of each of 256 opacities of a color over a background."""
        key = color, background
        if key not in self._shades:
            one, other = parse_color(background), parse_color(color)
            numbers = [self._find(background)]
            for step in range(1, SHADES + 1):
                numbers.append(len(self._palette))
                mixed = [round(low + (high - low) * step / SHADES) for low, high in zip(one, other, strict=True)]
                self._palette.append((mixed[0], mixed[1], mixed[2]))
            self._shades[key] = [numbers[round(opacity * SHADES / 255)] for opacity in range(256)]
        return self._shades[key]


def parse_color(color: str) -> Color:
    """Return red, green and blue, from 0 to 255, of a colour #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
