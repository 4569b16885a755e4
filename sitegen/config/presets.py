"""The presets of the theme, each with its colours, fonts, style of lists and blocks of the home page."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

LISTS = ("summaries", "compact", "images", "cards")
"""The ways in which lists show posts."""

BLOCKS = ("lead", "latest", "most_read", "sources", "years", "tags", "subscribe")
"""The blocks of the home page, in the order of the default preset."""

FONTS = ("book", "classic", "modern")
"""The sets of fonts that devices have: serif with sans-serif labels, serif alone, sans-serif alone."""


class Palette(Struct, frozen=True):
    """The colours of a preset in light or in dark mode, as #rrggbb, by the custom properties of the style sheet.

    Text on the accent colour has the colour of `paper`.
    """

    paper: str
    ink: str
    muted: str
    line: str
    tint: str
    accent: str
    mark: str
    code: str

    @property
    def backgrounds(self) -> tuple[str, str]:
        """The backgrounds on which the accent colour is shown."""
        return self.paper, self.tint


class Preset(Struct, frozen=True):
    """A preset of the theme: the defaults of its settings.

    `fonts` is one of FONTS, `lists` one of LISTS, `home` are the blocks of the home page.
    `measure` is the width of a post's column on wide screens, in pixels, for the `sizes` of its images.
    """

    light: Palette
    dark: Palette
    fonts: str
    lists: str
    home: tuple[str, ...]
    measure: int = 660


NEWSPAPER = Preset(
    Palette("#fffdf9", "#1c1a17", "#625b51", "#ddd6c9", "#f7f3ea", "#a2281b", "#ffe7a3", "#f9f7f2"),
    Palette("#161513", "#e9e4da", "#aca498", "#3a362f", "#211f1b", "#ff9d88", "#5c4700", "#12110f"),
    fonts="book",
    lists="summaries",
    home=BLOCKS,
)
"""The default, whose colours and layout are those of the theme's style sheet."""

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "newspaper": NEWSPAPER,
        "letter": Preset(
            Palette("#ffffff", "#1d1d1f", "#5c5c61", "#e2e2e5", "#f5f5f7", "#0b57a4", "#fff0b3", "#f5f5f7"),
            Palette("#141416", "#e8e8ea", "#a3a3aa", "#343438", "#1e1e21", "#8ab8ff", "#5c4700", "#1b1b1e"),
            fonts="classic",
            lists="summaries",
            home=("subscribe", "latest", "tags"),
            measure=608,
        ),
        "magazine": Preset(
            Palette("#ffffff", "#111111", "#595959", "#dedede", "#f4f4f1", "#b3134f", "#ffe7a3", "#f6f6f4"),
            Palette("#121212", "#f0f0f0", "#a8a8a8", "#383838", "#1e1e1e", "#ff8fb3", "#5c4700", "#1a1a1a"),
            fonts="modern",
            lists="cards",
            home=("lead", "latest", "most_read", "tags", "subscribe"),
        ),
        "plain": Preset(
            Palette("#ffffff", "#222222", "#5f5f5f", "#e0e0e0", "#f6f6f6", "#1a5fb4", "#fff0b3", "#f6f6f6"),
            Palette("#181818", "#e6e6e6", "#a6a6a6", "#3a3a3a", "#222222", "#8fbcff", "#5c4700", "#1f1f1f"),
            fonts="modern",
            lists="compact",
            home=("latest", "subscribe"),
            measure=608,
        ),
    }
)
"""The presets by their names, the default first."""
