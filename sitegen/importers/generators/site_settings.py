"""Reads the settings of an old site in YAML, TOML, JSON, or literals of Python, without executing code."""

import ast
import json
import tomllib
from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from sitegen.errors import SiteError
from sitegen.formats.dates import zone_named
from sitegen.formats.yaml import read_yaml
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Location, Note

MAX_STRING_CHARACTERS = 10_000
"""Maximum length of concatenated strings."""


def read_settings(archive: Archive, name: str) -> tuple[Mapping[str, Any], tuple[Note, ...]]:
    """Return the settings in a file of the archive, and a note if it cannot be read."""
    if not name:
        return {}, ()
    try:
        text = read_text(archive, name, MEBIBYTE)
    except UnreadableError as error:
        return {}, (_note(name, str(error)),)
    return _parse(text, name)


@lru_cache(maxsize=4)
def _parse(text: str, name: str) -> tuple[Mapping[str, Any], tuple[Note, ...]]:
    """Return the settings in the text of a file, and a note if it is not valid.

    Results are cached, since the recognisers of several formats read the same file before its importer does.
    """
    try:
        if name.endswith(".toml"):
            value = tomllib.loads(text)
        elif name.endswith(".json"):
            value = json.loads(text)
        elif name.endswith(".py"):
            value = _literals(text)
        else:
            value = read_yaml(text, name)
    except SiteError as error:
        problem = error.problems[0]
        return {}, (_note(name, problem.message, problem.line),)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        return {}, (_note(name, str(error)),)
    return (value if isinstance(value, dict) else {}), ()


def _note(name: str, reason: str, line: int = 0) -> Note:
    first = reason.partition("\n")[0]
    return Note(Location(name, line), f"the settings were not read: {first[:200]}")


def _literals(text: str) -> dict[str, Any]:
    """Return the constants of a Python module with literal values, without executing it."""
    values: dict[str, Any] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = _value(node.value, values)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    return values


def _value(node: ast.expr, values: Mapping[str, Any]) -> object:
    """Return the value of a literal, a known name, or a concatenation of strings."""
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, values), _value(node.right, values)
        if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) <= MAX_STRING_CHARACTERS:
            return left + right
    return ast.literal_eval(node)


def read_zone(name: object) -> tzinfo | None:
    """Return the time zone of a setting, or None if it is not a time zone."""
    try:
        return zone_named(name) if isinstance(name, str) and name else None
    except ValueError:
        return None
