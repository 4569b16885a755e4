"""Colours of sRGB in hexadecimal notation: contrast, and the nearest colour with enough of it."""

import re
from collections.abc import Iterable

TEXT_CONTRAST = 4.5
"""The contrast that text needs on its background (WCAG 2.2, success criterion 1.4.3)."""

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 256
"""The number of lightnesses that a search tries."""

Triple = tuple[float, float, float]


def parse_hex(text: str) -> str:
    """Return a colour as `#rrggbb` in lower case; raise ValueError unless it is `#rgb` or `#rrggbb`."""
    if not _HEX.fullmatch(text):
        raise ValueError(f'"{text}" is not a colour such as #a2281b')
    digits = text[1:].lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, definition "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lowest_contrast(colour: str, backgrounds: Iterable[str]) -> float:
    """Return the contrast of a colour with the background that is most similar to it."""
    return min(contrast(colour, background) for background in backgrounds)


def nearest_readable(colour: str, backgrounds: tuple[str, ...], ratio: float = TEXT_CONTRAST) -> str:
    """Return the colour of the same hue and the nearest lightness that has the contrast `ratio` on all backgrounds.

    Lightness and hue are those of Oklab (Ottosson, 2020). Where the hue has no such colour, the result is black or
    white, the one with more contrast.
    """
    if lowest_contrast(colour, backgrounds) >= ratio:
        return colour
    lightness, green_red, blue_yellow = _to_oklab(colour)
    for step in range(1, _STEPS + 1):
        for moved in (lightness - step / _STEPS, lightness + step / _STEPS):
            if 0 <= moved <= 1:
                found = _from_oklab((moved, green_red, blue_yellow))
                if lowest_contrast(found, backgrounds) >= ratio:
                    return found
    return max(("#000000", "#ffffff"), key=lambda extreme: lowest_contrast(extreme, backgrounds))


def lighten(colour: str, lightness: float) -> str:
    """Return the colour of the same hue with at least this lightness of Oklab, from 0 to 1."""
    own, green_red, blue_yellow = _to_oklab(colour)
    return colour if own >= lightness else _from_oklab((lightness, green_red, blue_yellow))


def _channels(colour: str) -> Triple:
    """Return red, green and blue as linear light from 0 to 1 (IEC 61966-2-1)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklab(colour: str) -> Triple:
    red, green, blue = _channels(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(colour: Triple) -> str:
    """Return a colour of Oklab as `#rrggbb`, with as much of its chroma as sRGB has at this lightness."""
    lightness, green_red, blue_yellow = colour
    for part in range(32, -1, -1):
        channels = _unclipped(lightness, green_red * part / 32, blue_yellow * part / 32)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):
            break
    return "#" + "".join(f"{round(255 * _gamma(min(max(channel, 0.0), 1.0))):02x}" for channel in channels)


def _unclipped(lightness: float, green_red: float, blue_yellow: float) -> Triple:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
