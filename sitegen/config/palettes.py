"""Accent colours: whether they are readable on the backgrounds of the preset, and the one of dark mode."""

from collections.abc import Iterator

from sitegen.config.presets import PRESETS
from sitegen.config.schema import Theme
from sitegen.config.setting_values import SettingProblem
from sitegen.formats.colours import TEXT_CONTRAST, lighten, lowest_contrast, nearest_readable, parse_hex

DARK_LIGHTNESS = 0.78
"""The lightness (Oklab) of an accent colour that is derived for dark mode: that of the theme's own."""


def check_accents(theme: Theme) -> Iterator[SettingProblem]:
    """Yield what is wrong with the accent colours: no colour, or not readable on the theme's backgrounds."""
    preset = PRESETS.get(theme.preset)
    if preset is None:
        return  # reported as an unknown preset
    for name, mode, backgrounds in (("accent", "light", preset.light), ("accent_dark", "dark", preset.dark)):
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
    return light, nearest_readable(lighten(light, DARK_LIGHTNESS), PRESETS[theme.preset].dark) if light else ""
