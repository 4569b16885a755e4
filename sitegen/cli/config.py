"""`sitegen config`."""

from collections.abc import Mapping
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import fields, replace

from sitegen.cli.output import Terminal, output_options
from sitegen.config.load import read_config
from sitegen.formats.urls import hide_credentials


@click.command()
@output_options
def command(terminal: Terminal) -> None:
    """Show all settings, including defaults, and where each is set.

    \b
    Example:
        sitegen config
    """  # noqa: D301 - \b is click's mark, not a backslash
    with terminal.reporting_problems():
        settings = read_config(terminal.root)
    rows = [(name, _public(value)) for name, value in flatten(settings.config)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        terminal.say(f"{name:{width}}  {value!r}  ({settings.origins.get(name, 'default')})")
    terminal.print_json(
        {name: {"value": value, "origin": settings.origins.get(name, "default")} for name, value in rows},
    )


def flatten(value: Struct, prefix: str = "") -> list[tuple[str, Any]]:
    """Return the settings of a table, and of those inside it, by their dotted names."""
    rows: list[tuple[str, Any]] = []
    for item in fields(value):
        name, inner = f"{prefix}{item.name}", getattr(value, item.name)
        if isinstance(inner, Struct):
            rows += flatten(inner, f"{name}.")
        elif isinstance(inner, Mapping) and any(isinstance(table, Struct) for table in inner.values()):
            for key, table in inner.items():
                rows += flatten(table, f"{name}.{key}.")
        else:
            rows.append((name, inner))
    return rows


def _public(value: Any) -> Any:
    """Return a value without the credentials of URLs in it."""
    if isinstance(value, str):
        return hide_credentials(value)
    if isinstance(value, tuple):
        return tuple(map(_public, value))
    if isinstance(value, Mapping):
        return {name: _public(inner) for name, inner in value.items()}
    if isinstance(value, Struct):
        return replace(value, **{item.name: _public(getattr(value, item.name)) for item in fields(value)})
    return value
