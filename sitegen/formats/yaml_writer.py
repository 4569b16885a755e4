"""Writes values as YAML that loaders of YAML 1.2.2 and 1.1 read back unchanged."""

import json
import re
from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from sitegen.formats import lazy_regex
from sitegen.formats.characters import INVISIBLE

# A plain scalar that is a string in all versions of YAML: it begins with a letter, a slash or a character beyond
# ASCII, or is a day and a month name.
_PLAIN_SCALAR = lazy_regex.compile(r"(?:[A-Za-z/]|[^\x00-\x7f]|\d{1,4}\s+[^\W\d_]{2})[^\n\r\t]*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_DATE = lazy_regex.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?")
# Colons are safe only in `https://`: older loaders read any other colon as the end of a key, and `?` as its beginning.
_FLOW_INDICATOR = re.compile(r"[,\[\]{}?]|:(?!//)")
_RESERVED_WORDS = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
_LINE_BREAK = lazy_regex.compile("[\x85\u2028\u2029\ufeff]")


def write_value(key: str, value: Any, indent: str = "") -> str:
    """Return the lines `key: value` of a mapping, each with a newline.

    Lists of scalars are written in brackets, or as blocks if they are long; mappings as blocks.
    """
    name = indent + write_key(key)
    if isinstance(value, Mapping) and value:
        lines = "".join(write_value(str(inner), item, indent + "  ") for inner, item in value.items())
        return f"{name}:\n{lines}"
    if isinstance(value, list | tuple) and value:
        flow = write_flow(value)
        if len(name) + len(flow) < 100 or any(isinstance(item, Mapping | list | tuple) for item in value):
            return f"{name}: {flow}\n"
        return f"{name}:\n" + "".join(f"{indent}  - {write_scalar(item)}\n" for item in value)
    return f"{name}: {write_flow(value) if isinstance(value, Mapping | list | tuple) else write_scalar(value)}\n"


def write_blocks(values: Mapping[str, Any], indent: str = "") -> str:
    """Return a mapping as lines, for people who read the file: lists of mappings are blocks, flat mappings one line."""
    rows = []
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            rows.append(f"{indent}{write_key(key)}:\n{write_blocks(value, indent + '  ')}")
        elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            items = "".join(_write_item(item, indent + "  ") for item in value)
            rows.append(f"{indent}{write_key(key)}:\n{items}")
        else:
            rows.append(write_value(key, value, indent))
    return "".join(rows)


def _write_item(item: Any, indent: str) -> str:
    """Return an item of a block sequence; a mapping that contains only scalars and lists of them takes one line."""
    nested = isinstance(item, Mapping) and any(
        isinstance(value, Mapping)
        or (isinstance(value, list | tuple) and any(isinstance(inner, Mapping) for inner in value))
        for value in item.values()
    )
    if nested:
        return f"{indent}- {write_blocks(item, indent + '  ').removeprefix(indent + '  ')}"
    return f"{indent}- {write_flow(item)}\n"


def write_key(key: str) -> str:
    """Return a key of a mapping; in YAML 1.2, words like `on` do not need quotes."""
    plain = _PLAIN_KEY.fullmatch(key) and key.casefold() not in ("true", "false", "null")
    return key if plain else _quote(key)


def write_flow(value: Any) -> str:
    """Return a value on one line, for a flow collection (YAML 1.2.2, section 7.4)."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{write_key(str(key))}: {write_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_flow, value)) + "]"
    return write_scalar(value, flow=True)


def write_quoted(value: Any) -> str:
    """Return a value on one line, with quotes around every string and key."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quote(str(key))}: {write_quoted(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_quoted, value)) + "]"
    return write_scalar(value) if value is None or isinstance(value, bool | int | float) else _quote(str(value))


def write_scalar(value: Any, *, flow: bool = False) -> str:
    """Return a string, number, boolean, date or None; strings are quoted only if necessary."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return json.dumps(str(value)) if isinstance(value, float) and not isfinite(value) else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    text = visible(str(value))
    if _DATE.fullmatch(text) or (_PLAIN_SCALAR.fullmatch(text) and _is_safe(text, flow)):
        return text
    return _quote(text)


def visible(text: str) -> str:
    """Return a string without the characters that front matter cannot contain."""
    return text if text.isprintable() else INVISIBLE.sub("", text)


def _quote(text: str) -> str:
    quoted = json.dumps(visible(text), ensure_ascii=False)
    return _LINE_BREAK.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _is_safe(text: str, flow: bool) -> bool:
    return not (
        text.casefold() in _RESERVED_WORDS
        or text != text.strip()
        or ": " in text
        or " #" in text
        or text.endswith(":")
        or _LINE_BREAK.search(text)
        or (flow and _FLOW_INDICATOR.search(text))
    )
