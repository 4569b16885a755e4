"""Writes the settings of an old site that the config of the new one does not have, as TOML to paste into it."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import freeze
from sitegen.formats.toml import write_key, write_value
from sitegen.importers.base import SuggestedTable


def format_suggestions(tables: Iterable[SuggestedTable], config: Config) -> str:
    """Return the tables as TOML, without those and without the settings that the config has already, or "".

    Of a table that several files of an export suggest, each setting is that of the first file that has it.
    """
    merged: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for table in tables:
        merged[table.keys] = {**table.values, **merged.get(table.keys, {})}
    blocks = []
    # Settings outside of tables come first.
    for table in sorted((SuggestedTable(keys, freeze(values)) for keys, values in merged.items()), key=_is_named):
        values = _missing_settings(table, config)
        if values is None:
            continue
        lines = [f"[{'.'.join(map(write_key, table.keys))}]"] if table.keys else []
        lines += [f"{write_key(key)} = {write_value(value)}" for key, value in values.items()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _is_named(table: SuggestedTable) -> bool:
    return bool(table.keys)


def _missing_settings(table: SuggestedTable, config: Config) -> Mapping[str, Any] | None:
    """Return the settings of a table that the config leaves to their defaults, or None if it needs nothing.

    A table with a name of the site's own, such as `[types.recipes]`, is suggested as a whole or not at all.
    """
    current: Any = config
    for key in table.keys:
        if isinstance(current, Mapping):
            return None if key in current else table.values
        current = getattr(current, key)
    if not isinstance(current, Struct):
        return None
    defaults = type(current)()
    missing = {
        key: value
        for key, value in table.values.items()
        if getattr(current, key) == getattr(defaults, key) and value != getattr(current, key)
    }
    return missing or None
