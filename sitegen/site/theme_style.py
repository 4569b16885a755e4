"""The style sheets that a site's own settings of the theme call for, such as that of its colours."""

from collections.abc import Iterable

from msgspec.structs import asdict

from sitegen.config.presets import NEWSPAPER, Palette
from sitegen.config.schema import Config
from sitegen.config.theme_schema import Theme
from sitegen.system import fingerprints

STYLE = "theme-settings.css"
"""The name of the style sheet among the theme's assets."""

OPTIONS = "theme-options.css"
"""The style sheet of the theme's optional parts: logo, header image and others that no page has without a setting."""

COMMENT_SCRIPT = "assets/comments.js"
"""The script that loads a comment system."""

PRESET_STYLES = "assets/presets/"
"""The folder of the presets' style sheets."""

_SERIF = 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif", "Liberation Serif", serif'
_SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif'
_FONT_RULES = {
    "book": (),
    "classic": (f":root{{--serif:var(--own-text,) {_SERIF};--sans:var(--own-labels,) var(--serif)}}",),
    "modern": (
        f":root{{--serif:var(--own-text,) {_SANS}}}",
        ':lang(ar),:lang(fa),:lang(ur){--face:"Vazirmatn","Noto Sans Arabic","Geeza Pro","Segoe UI",sans-serif}',
        ':lang(he){--face:"Heebo","Noto Sans Hebrew","Arial Hebrew","Segoe UI",sans-serif}',
        ':lang(ja){--face:"Hiragino Sans","Yu Gothic","Noto Sans CJK JP","Noto Sans JP",sans-serif}',
        ':lang(zh){--face:"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}',
    ),
}
"""The rules of each set of fonts; those of the default are in the theme's style sheet."""

_SERIES_RULES = (
    ".series{margin-block-end:var(--space);padding-block:.8rem;border-block:1px solid var(--line)"
    ";font:.9375rem/1.5 var(--sans)}",
    ".series p{margin:0}",
    ".series .label{margin-inline-start:.5rem}",
    ".series ol{margin:.5rem 0 0;padding-inline-start:1.75rem}",
    ".series [aria-current]{font-weight:700}",
)
"""The rules of what posts show of the taxonomies that a config defines."""

_FIELDS_RULES = (
    ".fields{margin-block:0 var(--space);padding-block:.8rem;border-block:1px solid var(--line)"
    ";font:.9375rem/1.5 var(--sans)}",
    ".fields dt{color:var(--muted)}",
    ".fields dd{margin:0}",
    ".fields dd:not(:last-child):has(+ dt){margin-block-end:.5rem}",
    ".issue-posts{margin-block-start:calc(var(--space)*1.5)}",
)
"""The rules of what posts show of the types that a config defines."""


def find_optional(theme: Theme) -> frozenset[str]:
    """Return which of the theme's optional files the settings need."""
    options = (
        theme.logo,
        theme.header_image,
        theme.announcement.text,
        theme.subscribe.action,
        theme.nav,
        theme.footer,
        theme.drop_cap,
        theme.comments.system,
        theme.home_blocks != NEWSPAPER.home,
        theme.list_style in ("images", "cards"),
    )
    needed = {f"assets/{OPTIONS}"} if any(options) else set()
    if theme.comments.needs_script:
        needed.add(COMMENT_SCRIPT)
    return frozenset({*needed, f"{PRESET_STYLES}{theme.preset}.css"})


def is_optional(name: str) -> bool:
    """Return whether a file of the theme is published only if a setting needs it."""
    return name in (f"assets/{OPTIONS}", COMMENT_SCRIPT) or name.startswith(PRESET_STYLES)


def write_theme_style(config: Config, font_rules: Iterable[str] = ()) -> str:
    """Return the style sheet of the settings in `[theme]` with the rules of the site's own fonts, "" without any rule.

    Pages load it after the theme's style sheets and before the site's own `custom.css`.
    """
    theme = config.theme
    rules = [
        *_FONT_RULES[theme.font_set],
        *(_SERIES_RULES if config.taxonomies else ()),
        *(_FIELDS_RULES if config.types or config.pages else ()),
        *font_rules,
    ]
    if theme.accent or theme.accent_dark or theme.preset != "newspaper":
        from sitegen.config.palettes import find_palettes  # noqa: PLC0415 - few sites have colours of their own

        light, dark = find_palettes(theme)
        rules += _write_colours(_differences(light, NEWSPAPER.light), _differences(dark, NEWSPAPER.dark))
    return "".join(f"{rule}\n" for rule in rules)


def find_style_path(text: str) -> str:
    """Return the path of a style sheet below the output folder: its name changes with its content."""
    stem, _, suffix = STYLE.rpartition(".")
    return f"assets/{stem}.{fingerprints.of_bytes(text.encode())[:8]}.{suffix}"


def _differences(palette: Palette, default: Palette) -> str:
    """Return the custom properties of a palette that are not those of the theme's style sheet."""
    changed = {name: value for name, value in asdict(palette).items() if value != getattr(default, name)}
    if "paper" in changed:
        changed["on-accent"] = palette.paper
    return ";".join(f"--{name}:{value}" for name, value in changed.items())


def _write_colours(light: str, dark: str) -> list[str]:
    """Return the rules for custom properties of light and dark mode; print has its own colours."""
    rules = []
    if light:
        rules.append(f"@media screen{{:root{{{light}}}}}")
    if dark:
        rules.append(f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}')
        rules.append(f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}')
    return rules
