"""The style sheets that a site's own settings of the theme call for, such as that of its accent colour."""

from sitegen.config.schema import Config, Theme
from sitegen.system import fingerprints

STYLE = "theme-settings.css"
"""The name of the style sheet among the theme's assets."""

OPTIONS = "theme-options.css"
"""The style sheet of the theme's optional parts: logo, header image and others that no page has without a setting."""

OPTIONAL = frozenset({f"assets/{OPTIONS}"})
"""The files of the theme that are published only if a setting needs them."""


def find_optional(theme: Theme) -> frozenset[str]:
    """Return which of the theme's optional files the settings need."""
    options = (
        theme.logo,
        theme.header_image,
        theme.announcement.text,
        theme.subscribe.action,
        theme.nav,
        theme.footer,
        theme.home,
        theme.list_style in ("images", "cards"),
    )
    return frozenset({f"assets/{OPTIONS}"}) if any(options) else frozenset()


def write_theme_style(config: Config) -> str:
    """Return the style sheet of the settings in `[theme]`, "" if none of them has one.

    Pages load it after the theme's style sheet and before the site's own `custom.css`.
    """
    rules: list[str] = []
    if config.theme.accent or config.theme.accent_dark:
        from sitegen.config.palettes import find_accents  # noqa: PLC0415 - few sites have a colour of their own

        rules += _write_accents(*find_accents(config.theme))
    return "".join(f"{rule}\n" for rule in rules)


def find_style_path(text: str) -> str:
    """Return the path of a style sheet below the output folder: its name changes with its content."""
    stem, _, suffix = STYLE.rpartition(".")
    return f"assets/{stem}.{fingerprints.of_bytes(text.encode())[:8]}.{suffix}"


def _write_accents(light: str, dark: str) -> list[str]:
    """Return the rules for the accent colours; print has its own."""
    rules = []
    if light:
        rules.append(f"@media screen{{:root{{--accent:{light}}}}}")
    if dark:
        rules.append(
            f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{--accent:{dark}}}}}'
        )
        rules.append(f'@media screen{{:root[data-theme="dark"]{{--accent:{dark}}}}}')
    return rules
