"""JSON Schemas of front matter and the config, for completion and validation in editors."""

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from msgspec import NODEFAULT
from msgspec.structs import fields as fields_of

from sitegen.config.schema import BROKEN_LINKS, ENGINES, Config, is_table, named_table
from sitegen.config.setting_names import NAME
from sitegen.content.front_matter.field import DOCUMENT_TYPES, Field, Fields
from sitegen.content.front_matter.fields import FIELDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_CHOICES = {("markdown", "engine"): ENGINES, ("broken_links",): BROKEN_LINKS}


def post_schema(fields: Fields = FIELDS, required: Sequence[str] = ()) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a post's front matter; other keys than the `required` ones are allowed."""
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": "Front matter of a post",
        "type": "object",
        "properties": {field.name: {"description": _description(field), **field.schema} for field in fields},
    }
    return {**schema, "required": list(required)} if required else schema


def _description(field: Field) -> str:
    hint = f"{field.hint[0].upper()}{field.hint[1:]}."
    return hint if field.types == DOCUMENT_TYPES else f"{hint} Only for {' and '.join(sorted(field.types))}s."


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of sitegen.toml, from the config's fields and defaults."""
    return {"$schema": DIALECT, "title": "Settings of a site", **_table_schema(Config, ())}


def _table_schema(table_type: Any, path: tuple[str, ...]) -> dict[str, Any]:
    properties = {}
    for field in fields_of(table_type):
        here = (*path, field.name)
        schema = _value_schema(field.type, here)
        if field.default is not NODEFAULT:
            schema["default"] = list(field.default) if isinstance(field.default, tuple) else field.default
        if here in _CHOICES:
            schema["enum"] = list(_CHOICES[here])
        properties[field.name] = schema
    description = (table_type.__doc__ or "").partition("\n")[0]
    return {"description": description, "type": "object", "properties": properties, "additionalProperties": False}


def _value_schema(hint: Any, path: tuple[str, ...]) -> dict[str, Any]:
    if is_table(hint):
        return _table_schema(hint, path)
    if named := named_table(hint):
        return {"type": "object", "additionalProperties": _table_schema(named, (*path, NAME))}
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _value_schema(get_args(hint)[0], path)}
    return {"type": "object"}
