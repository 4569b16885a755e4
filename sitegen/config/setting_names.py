"""Finds the setting most similar to an unknown one, in any table."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields

from sitegen.config.schema import Config, is_table, named_table
from sitegen.errors import did_you_mean, nearest

NAME = "NAME"
"""The placeholder for the name of a table that the site chooses: `taxonomies.NAME`."""


class Setting(Struct, frozen=True):
    """A setting, and the table that holds it ("" for the config itself).

    `in_list` says that the table is one of a list, `is_table` that the setting is itself a table or a list of them.
    """

    name: str
    table: str
    in_list: bool
    is_table: bool


def suggest_setting(name: str, table: str, prefix: str, known: Iterable[str], *, is_table: bool = False) -> str:
    """Return what to do about an unknown setting of a table ("" for the config itself) that has the settings `known`.

    `prefix` is what table names begin with in the file: "" or "tool.sitegen."; `is_table` says that the unknown setting
    is a table.
    """
    settings = [setting for setting in list_settings() if setting.is_table or not is_table]
    found = [setting for setting in settings if setting.name == name]
    question = "" if found else did_you_mean(name, known)
    if question:
        return question
    match = name if found else nearest(name, {setting.name for setting in settings})
    if match is None:
        return f"known are: {', '.join(known)}"
    here = next((_heading(setting, prefix) for setting in list_settings() if setting.table == table), "")
    where = f"you are inside {here}" if table else "this line is outside of all tables"
    question = f'did you mean "{match}"? ' if match != name else ""
    # One of the whole site is meant before others: settings are often added at the end of the file, below a table.
    found = sorted((setting for setting in settings if setting.name == match), key=lambda setting: setting.table != "")
    found = found[:1] if not found[0].table else found
    if found[0].is_table or not found[0].table:
        return f'{question}{where}, and "{match}" {_belongs(found[0], prefix)}'
    tables = " or ".join(dict.fromkeys(_heading(setting, prefix) for setting in found if not setting.is_table))
    return f'{question}{where}, and "{match}" belongs in {tables}'


@lru_cache(maxsize=1)
def list_settings() -> tuple[Setting, ...]:
    """Return all settings that a config can have."""
    return tuple(_walk(Config, "", in_list=False))


def table_of(keys: Sequence[str | int]) -> str:
    """Return the table of settings at a path of names in a config, as `Setting.table` names it."""
    names = [key for key in keys if isinstance(key, str)]
    if len(names) > 1 and any(named_table(item.type) for item in fields(Config) if item.name == names[0]):
        names[1] = NAME
    return ".".join(names)


def _walk(table_type: type[Any], table: str, *, in_list: bool) -> Iterator[Setting]:
    for field in fields(table_type):
        name, wanted = field.name, field.type
        items = [item for item in (wanted, *get_args(wanted)) if is_table(item)]
        named = named_table(wanted)
        yield Setting(name, table, in_list, bool(items or named))
        if named:
            yield from _walk(named, f"{table}.{name}.{NAME}".lstrip("."), in_list=False)
            continue
        for item in items:
            yield from _walk(item, f"{table}.{name}".lstrip("."), in_list=item is not wanted)


def _heading(setting: Setting, prefix: str) -> str:
    """Return the table of a setting as the file writes it."""
    whole = f"{prefix}{setting.table}".rstrip(".")
    return f"[[{whole}]]" if setting.in_list else f"[{whole}]"


def _belongs(setting: Setting, prefix: str) -> str:
    """Return where a table, or a setting of the whole site, belongs."""
    if setting.is_table:
        return f"is the table [{prefix}{setting.table}{'.' if setting.table else ''}{setting.name}]"
    return (
        f"belongs in [{prefix[:-1]}]" if prefix else "is a setting of the whole site: move it above the first [table]"
    )
