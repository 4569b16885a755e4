"""The colours of a site: those of its preset, with its own accent colours, which must be readable."""

from collections.abc import Iterator

from msgspec.structs import replace

from sitegen.config.presets import PRESETS, Palette
from sitegen.config.setting_values import SettingProblem
from sitegen.config.theme_schema import Theme
from sitegen.formats.colours import TEXT_CONTRAST, lighten, lowest_contrast, nearest_readable, parse_hex

DARK_LIGHTNESS = 0.78
"""The lightness (Oklab) of an accent colour that is derived for dark mode: that of the theme's own."""


def check_accents(theme: Theme) -> Iterator[SettingProblem]:
    """Yield what is wrong with the accent colours: no colour, or not readable on the preset's backgrounds."""
    preset = PRESETS.get(theme.preset)
    if preset is None:
        return  # reported as an unknown preset
    for name, mode, palette in (("accent", "light", preset.light), ("accent_dark", "dark", preset.dark)):
        value = getattr(theme, name)
        if not value:
            continue
        try:
            colour = parse_hex(value)
        except ValueError as error:
            yield ("theme", name), str(error), "write # and six hexadecimal digits"
            continue
        ratio = lowest_contrast(colour, palette.backgrounds)
        if ratio < TEXT_CONTRAST:
            # Cut, not rounded: 4.496 would be shown as 4.5, which is enough.
            shown = f"{int(ratio * 10) / 10}:1, and text needs {TEXT_CONTRAST}:1"
            message = f'`{name} = "{value}"` is hard to read on the {mode} background: its contrast is {shown}'
            nearest = nearest_readable(colour, palette.backgrounds)
            yield ("theme", name), message, f'the nearest readable colour is "{nearest}"'


def find_palettes(theme: Theme) -> tuple[Palette, Palette]:
    """Return the colours of a site in light and in dark mode.

    The accent colour of dark mode is derived from the other unless it is set.
    """
    preset = PRESETS[theme.preset]
    light = parse_hex(theme.accent) if theme.accent else preset.light.accent
    dark = preset.dark.accent
    if theme.accent_dark:
        dark = parse_hex(theme.accent_dark)
    elif theme.accent:
        dark = nearest_readable(lighten(light, DARK_LIGHTNESS), preset.dark.backgrounds)
    return replace(preset.light, accent=light), replace(preset.dark, accent=dark)
