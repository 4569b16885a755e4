"""Parse simple YAML, with a key and a scalar or a list of words on each line, by a regular expression."""

import re
from collections.abc import Container
from typing import Any

# Rows are printable (str.isprintable), so that classes need not list what YAML allows: large ones compile slowly.
_ROW = re.compile(
    r"""([A-Za-z_][A-Za-z0-9_-]{0,60}):(?:[ ]+(?:
        "([^"\\]*)"                                                  # in double quotes
        |'([^'\\]*)'                                                 # in single quotes
        |\[[ ]*([^\W_][\w ./&’'-]*(?:,[ ]*[^\W_][\w ./&’'-]*)*)\]    # a list of words
        |((?:[^\W_]|/)(?:[^:\#\\]|(?<![ ])\#|:(?![ ]|\Z))*)                # a plain scalar
    ))?[ ]*""",
    re.VERBOSE,
)
_NUMERIC = frozenset("0123456789")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_TEXT = re.compile(r"[0-9]{1,4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:]+Z?)?")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset(["", "~", "null", "Null", "NULL"])


class _Unclear(Exception):  # noqa: N818 - not an error: the full parser decides
    """A row needs the full parser."""


def read_rows(text: str, string_keys: Container[str]) -> dict[str, Any] | None:
    """Return the values of YAML as simple as most front matter, or None for any other.

    The result is that of `yaml.load_yaml`. Below the `string_keys`, numbers and booleans stay strings as written.
    """
    values: dict[str, Any] = {}
    parent, margin = "", -1  # the key whose value is on the rows below it, and their indent
    try:
        for row in text.removesuffix("\n").split("\n"):
            if not row.startswith((" ", "-")):
                name, value = _read_row(row, values, string_keys)
                values[name] = value
                is_empty = value is None and row.rstrip(" ").endswith(":")  # unlike `null`
                parent, margin = name if is_empty else "", -1
                continue
            content = row.lstrip(" ")
            indent = len(row) - len(content)
            if not parent or margin not in (-1, indent):
                return None
            margin = indent
            values[parent] = _read_below(content, values[parent], as_text=parent in string_keys)
    except _Unclear:
        return None
    return values


def _read_row(
    row: str, taken: Container[str], string_keys: Container[str], *, as_text: bool = False
) -> tuple[str, Any]:
    """Return the key and the value of a row; raise _Unclear for a key that is taken."""
    match = _ROW.fullmatch(row) if row.isprintable() else None
    if match is None:
        raise _Unclear
    name, double, single, words, plain = match.groups()
    if name in taken or name in WORDS or name in NULLS:
        raise _Unclear
    as_text = as_text or name in string_keys
    if plain is not None:
        return name, _resolve(plain.rstrip(" "), as_text)
    if double is not None:
        return name, double
    if words is not None:
        return name, [_resolve(word.strip(" "), as_text) for word in words.split(",")]
    return name, single


def _read_below(row: str, value: Any, *, as_text: bool) -> Any:
    """Return a list or a mapping with what a row adds to it, without its indent; None is one that begins."""
    if row.startswith("- "):
        items = [] if value is None else value
        if not isinstance(items, list):
            raise _Unclear
        items.append(_read_row(f"x: {row[2:]}", (), (), as_text=as_text)[1])
        return items
    inner = {} if value is None else value
    if not isinstance(inner, dict):
        raise _Unclear
    name, item = _read_row(row, inner, (), as_text=as_text)
    inner[name] = item
    return inner


def _resolve(scalar: str, as_text: bool) -> Any:
    """Return the value of a plain scalar by the core schema (YAML 1.2.2, chapter 10.3)."""
    if scalar[0] in _NUMERIC:
        if as_text or _TEXT.fullmatch(scalar):
            return scalar
        if _NUMBER.fullmatch(scalar):
            return int(scalar)
        raise _Unclear
    if scalar in NULLS:
        return None
    return scalar if as_text else WORDS.get(scalar, scalar)
