"""Handlers for python-frontmatter: parse front matter in YAML, TOML, JSON and header lines."""

import json
import tomllib
from collections.abc import Mapping
from functools import partial
from typing import Any

from frontmatter.default_handlers import BaseHandler

from sitegen.content.front_matter.boundaries import HEADER, JSON_OPEN, TOML_OPEN, YAML_OPEN
from sitegen.content.front_matter.fields import TEXT_KEYS
from sitegen.formats import lazy_regex
from sitegen.formats.plain_values import MAX_DEPTH, InvalidValueError, check_plain
from sitegen.formats.toml import explain_error
from sitegen.formats.yaml_nodes import load_document

_HEADER_NAMES = {"modified": "updated", "lang": "language"}
# tomllib takes quadratic time for such a key.
_TOML_DEEP = lazy_regex.compile(rf"""(?<![\w"'-])(?:["'\w-]++[ \t]*+\.[ \t]*+){{{MAX_DEPTH + 1}}}""")


class Yaml(BaseHandler):
    """Reads a block between lines of three hyphens by the rules of YAML 1.2, also one that `yaml_fast` cannot read."""

    FM_BOUNDARY = YAML_OPEN
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, repeated: list[str] | None = None) -> None:
        """If there is a list `repeated`, use the last of several values for a key, and add the key to the list."""
        self.repeated = repeated

    def split(self, text: str) -> tuple[str, str]:
        """Return the lines between the two fences."""
        return text[text.index("\n") + 1 : text.rindex("\n") + 1], ""

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values. Raises InvalidValueError with the line of an invalid one."""
        values = load_document(fm, TEXT_KEYS, self.repeated)
        if values is None:
            return {}
        if not isinstance(values, dict):
            found = "a list" if isinstance(values, list) else "a single value"
            raise InvalidValueError(
                _first_row(fm), f"the front matter is {found}, not keys and values", "write `key: value` lines"
            )
        return values


class Toml(Yaml):
    """Reads a block between lines of three plus signs."""

    FM_BOUNDARY = TOML_OPEN
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values. Raises InvalidValueError with the line of an invalid one."""
        if deep := _TOML_DEEP.search(fm):
            raise InvalidValueError(
                fm.count("\n", 0, deep.start()), f"the values are nested more than {MAX_DEPTH} deep", "flatten them"
            )
        try:
            values = tomllib.loads(fm)
        except RecursionError:
            raise InvalidValueError(0, f"the values are nested more than {MAX_DEPTH} deep", "flatten them") from None
        except ValueError as error:
            line, message, hint = explain_error(error, fm.rstrip())
            raise InvalidValueError(line - 1, message, hint) from None
        checked: dict[str, Any] = check_plain(values)
        return checked


class _Unfenced(BaseHandler):
    """Reads front matter without fences."""

    START_DELIMITER = END_DELIMITER = ""

    def __init__(self, repeated: list[str] | None = None) -> None:
        """If there is a list `repeated`, use the last of several values for a key, and add the key to the list."""
        self.repeated = repeated

    def split(self, text: str) -> tuple[str, str]:
        """Return the whole string, because it has no fence."""
        return text, ""


class Json(_Unfenced):
    """Reads an object in braces."""

    FM_BOUNDARY = JSON_OPEN

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values. Raises InvalidValueError with the line of an invalid one."""
        values: dict[str, Any] = check_plain(
            json.loads(fm, object_pairs_hook=partial(_unique, self.repeated), parse_constant=_refuse_constant)
        )
        return values


class Headers(_Unfenced):
    """Reads the `Key: value` lines that Pelican writes, without a fence."""

    FM_BOUNDARY = HEADER

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values. Raises InvalidValueError with the line of an invalid one."""
        values: dict[str, Any] = {}
        name = ""
        for number, row in enumerate(fm.split("\n")):
            match = HEADER.match(row)
            if match is None:
                values[name] = f"{values[name]}\n{row.strip()}".strip()
                continue
            name = match[1].lower()
            name = _HEADER_NAMES.get(name, name)
            if name in values:
                if self.repeated is None:
                    raise InvalidValueError(number, f'the key "{name}" is given twice', "keep one of the two")
                self.repeated.append(name)
            values[name] = (match[2] or "").strip()
        if str(values.get("status", "")).lower() == "draft":
            values["draft"] = True
        return values


HANDLERS: Mapping[str, type[Yaml | Json | Headers]] = {"---": Yaml, "+++": Toml, "{": Json, "": Headers}
"""The classes of handlers by what front matter begins with, "" for header lines."""


def _first_row(block: str) -> int:
    return len(block[: len(block) - len(block.lstrip())].split("\n")) - 1


def _unique(repeated: list[str] | None, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        if repeated is not None:
            repeated.append(twice)
            return values
        raise InvalidValueError(0, f'the key "{twice}" is given twice', "keep one of the two")
    return values


def _refuse_constant(name: str) -> float:
    raise InvalidValueError(0, f"{name} is not a number that JSON has", "write a number, or text in quotes")
