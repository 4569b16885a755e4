"""The presets of the theme, each with its backgrounds, its style of lists and the blocks of its home page."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

LISTS = ("summaries", "compact", "images", "cards")
"""The ways in which lists show posts."""

BLOCKS = ("lead", "latest", "most_read", "sources", "years", "tags", "subscribe")
"""The blocks of the home page, in the order of the default preset."""


class Preset(Struct, frozen=True):
    """A preset of the theme: the defaults of its settings.

    `light` and `dark` are the backgrounds `--paper` and `--tint` on which it shows the accent colour, `lists` is one of
    LISTS, `home` the blocks of the home page.
    """

    light: tuple[str, str]
    dark: tuple[str, str]
    lists: str = "summaries"
    home: tuple[str, ...] = BLOCKS


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {"newspaper": Preset(light=("#fffdf9", "#f7f3ea"), dark=("#161513", "#211f1b"))}
)
