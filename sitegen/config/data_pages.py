"""Checks the settings of the pages of data files."""

import re
from collections.abc import Collection, Iterator

from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem, check_pattern
from sitegen.config.taxonomies import RESERVED_NAMES
from sitegen.errors import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_data_pages(config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the tables `[pages.NAME]` of a config."""
    for name, item in config.pages.items():
        here = ("pages", name)
        if name in RESERVED_NAMES or name in config.types or name in config.taxonomies:
            yield here, f'"{name}" has a meaning already', "Choose another name, and set `data`."
        elif not _NAME.fullmatch(name):
            hint = 'Write lower-case letters and digits, for example "team".'
            yield here, f'"{name}" is not the name of a table of pages', hint
        else:
            yield from check_pattern((*here, "url"), item.url, "/{name}/{slug}/", {"slug"}, {"slug", "name"})


def check_data_of_pages(config: Config, data: Collection[str], templates: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each data file and each template that a table names and that is missing."""
    for name, item in config.pages.items():
        file = item.data or name
        if file not in data:
            hint = did_you_mean(file, data) or f"Add the file, such as {config.content}/data/{file}.csv."
            yield ("pages", name, "data"), f'there is no data file "{file}"', hint
        if item.template not in templates:
            hint = did_you_mean(item.template, templates) or f"Add {config.templates}/{item.template}."
            yield ("pages", name, "template"), f'the template "{item.template}" is missing', hint
