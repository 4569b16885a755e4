"""Checks the settings of the pages of data files."""

from collections.abc import Collection, Iterator

from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem, check_own_name, check_pattern, check_template
from sitegen.config.taxonomies import RESERVED_NAMES
from sitegen.errors import did_you_mean


def check_data_pages(config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the tables `[pages.NAME]` of a config."""
    for name, item in config.pages.items():
        here = ("pages", name)
        taken = RESERVED_NAMES | config.types.keys() | config.taxonomies.keys()
        if problems := check_own_name(here, name, taken, "a table of pages"):
            yield from problems
        else:
            yield from check_pattern((*here, "url"), item.url, "/{name}/{slug}/", {"slug"}, {"slug", "name"})


def check_data_of_pages(config: Config, data: Collection[str], templates: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each data file and each template that a table names and that is missing."""
    for name, item in config.pages.items():
        file = item.data or name
        if file not in data:
            stem = file.rpartition(".")[0]
            question = f'write its name without the ending: "{stem}"' if stem in data else did_you_mean(file, data)
            hint = question or f"add the file, such as {config.content}/data/{stem or file}.csv"
            yield ("pages", name, "data"), f'there is no data file "{file}"', hint
        yield from check_template(("pages", name, "template"), item.template, templates, config)
