"""Checks the settings of shortcodes."""

from collections.abc import Collection, Iterator

from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem
from sitegen.errors import did_you_mean

FOLDER, ENDING = "shortcodes", ".html"
"""The folder of the macros below the templates, and the ending of their files."""


def check_shortcodes(config: Config, templates: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each shortcode of the table `shortcodes` that is mapped to a file which is missing."""
    prefix = f"{FOLDER}/"
    names = [
        name[len(prefix) : -len(ENDING)] for name in templates if name.startswith(prefix) and name.endswith(ENDING)
    ]
    for name, target in config.shortcodes.items():
        if not isinstance(target, str):
            hint = 'write the name of a shortcode in quotes, or "" to show nothing'
            yield ("shortcodes", name), f"`{name} = {target}` does not name a shortcode", hint
        elif target and target not in names:
            hint = did_you_mean(target, names) or f"add {config.templates}/{prefix}{target}{ENDING}"
            yield ("shortcodes", name), f'`{name} = "{target}"` names a shortcode that is missing', hint
