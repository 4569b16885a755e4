"""The backgrounds of the theme's palettes, and accent colours that are readable on them."""

from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.config.schema import Theme
from sitegen.config.setting_values import SettingProblem
from sitegen.formats.colours import TEXT_CONTRAST, lighten, lowest_contrast, nearest_readable, parse_hex

DARK_LIGHTNESS = 0.78
"""The lightness (Oklab) of an accent colour that is derived for dark mode: that of the theme's own."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The backgrounds on which a preset shows its accent colour, in light and in dark mode: `--paper`, `--tint`."""

    light: tuple[str, ...]
    dark: tuple[str, ...]


PALETTE = Palette(light=("#fffdf9", "#f7f3ea"), dark=("#161513", "#211f1b"))


def check_accents(theme: Theme) -> Iterator[SettingProblem]:
    """Yield what is wrong with the accent colours: no colour, or not readable on the theme's backgrounds."""
    palette = PALETTE
    for name, mode, backgrounds in (("accent", "light", palette.light), ("accent_dark", "dark", palette.dark)):
        value = getattr(theme, name)
        if not value:
            continue
        try:
            colour = parse_hex(value)
        except ValueError as error:
            yield ("theme", name), str(error), "Write # and six hexadecimal digits."
            continue
        ratio = lowest_contrast(colour, backgrounds)
        if ratio < TEXT_CONTRAST:
            # Cut, not rounded: 4.496 would be shown as 4.5, which is enough.
            shown = f"{int(ratio * 10) / 10}:1, and text needs {TEXT_CONTRAST}:1"
            message = f'`{name} = "{value}"` is hard to read on the {mode} background: its contrast is {shown}'
            yield ("theme", name), message, f'The nearest readable colour is "{nearest_readable(colour, backgrounds)}".'


def find_accents(theme: Theme) -> tuple[str, str]:
    """Return the accent colours of light and dark mode as `#rrggbb`, "" where the preset's own stays.

    The dark one is derived from the other unless it is set.
    """
    light = parse_hex(theme.accent) if theme.accent else ""
    if theme.accent_dark:
        return light, parse_hex(theme.accent_dark)
    return light, nearest_readable(lighten(light, DARK_LIGHTNESS), PALETTE.dark) if light else ""
