"""TOML files read with the line of each key, for problems; and values written as TOML."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from sitegen.errors import Problem, SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.urls import hide_credentials

NAME = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
NAMES = rf"{NAME}(?:\s*\.\s*{NAME})*"

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_POSITION = lazy_regex.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_QUOTES = "close the quotes"
_KEY = "write `key = value`, with quotes around a key that contains spaces"
_KEEP_ONE = "the file has a key or table of this name already: keep one, and move the keys of the other table below it"
_HINTS = (
    ("Invalid value", 'put text in quotes: "..."; `true` and `false` have no capitals'),
    ("Expected ']", 'put a name with spaces or special characters in quotes, as in ["New York Post"]'),
    ("Expected '='", _KEY),
    ("Invalid statement", _KEY),
    ("Invalid initial character for a key part", _KEY),
    ("Expected newline", "write each key on a line of its own, and text in one pair of quotes"),
    ("Illegal character '\\n'", _QUOTES),
    ("Unterminated string", _QUOTES),
    ("Unescaped '\\'", "write each backslash twice, or put the value in single quotes"),
    ("Unclosed", "close the bracket, and put commas between the values"),
)
"""What to do about errors of tomllib, by the beginnings of their messages."""

Keys = tuple[str | int, ...]


class TomlFile(Struct, frozen=True, dict=True):
    """The values of a TOML file, its text, and its path for messages."""

    path: str
    text: str
    values: dict[str, Any]

    def line_of(self, keys: Sequence[str | int]) -> int:
        """Return the line of the key with that path of names, or of the last part of it that is found.

        A number behind a name is that of a table in a list of tables, from 0; without numbers the first
        one that has the key is meant.
        """
        numbered = any(isinstance(key, int) for key in keys)
        best = (0, 0)
        for path, number in self._rows.get(keys[0], ()) if keys else ():
            found = path if numbered else tuple(name for name in path if isinstance(name, str))
            shared = 0
            while shared < min(len(found), len(keys)) and found[shared] == keys[shared]:
                shared += 1
            if shared > best[0] and (shared == len(found) or shared == len(keys)):
                best = (shared, number)
        return best[1]

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the text, without their ends."""
        return self.text.splitlines()

    @cached_property
    def _rows(self) -> Mapping[str | int, Sequence[tuple[Keys, int]]]:
        """The path of each key and each table with its line, by the first name: a file can have thousands of tables."""
        counts: dict[Keys, int] = {}
        table: Keys = ()
        rows: dict[str | int, list[tuple[Keys, int]]] = {}
        for number, row in enumerate(self.lines, 1):
            if header := re.match(rf"\s*(\[\[?)\s*({NAMES})\s*\]\]?\s*(?:#.*)?$", row):
                found = table = _number(_names(header[2]), counts, listed=header[1] == "[[")
            elif key := re.match(rf"\s*({NAMES})\s*=", row):
                found = table + _names(key[1])
            else:
                continue
            rows.setdefault(found[0], []).append((found, number))
        return rows

    def problem(self, keys: Sequence[str | int], message: str, hint: str = "") -> Problem:
        """Return a problem at the line of a key, with that line."""
        line = self.line_of(keys)
        excerpt = self.lines[line - 1] if line else ""
        return Problem(self.path, line, message, hint, hide_credentials(excerpt))


def _number(names: Sequence[str], counts: dict[Keys, int], listed: bool) -> Keys:
    """Return the path of a table with the number of each table of a list that contains it, from `counts`.

    One that is `listed` itself begins the next table of its list.
    """
    path: Keys = ()
    for name in names:
        path = (*path, name)
        if listed and len(names) == sum(isinstance(part, str) for part in path):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(
        next(iter(tomllib.loads(f"{part} = 0"))) if "\\" in part else part[1:-1] if part[0] in "\"'" else part
        for part in re.findall(NAME, dotted)
    )


def explain_error(error: ValueError, text: str) -> tuple[int, str, str]:
    """Return the line of an error in TOML, what is wrong there, and what to do."""
    position = _POSITION.search(str(error))
    line = int(position[1]) if position and position[1] else text.count("\n") + 1
    what = _POSITION.sub("", str(error))
    hint = next((hint for start, hint in _HINTS if what.startswith(start)), "see https://toml.io for the format")
    if what.endswith((" twice", "overwrite a value")):
        hint = _KEEP_ONE
    return line, f"not valid TOML: {what[:1].lower()}{what[1:]}", hint


def read_toml(data: bytes, path: str) -> TomlFile:
    """Return a TOML file's values (TOML 1.0). Raises SiteError with the line of an error."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError([Problem(path, line, "the file is not UTF-8", "save it in UTF-8")]) from None
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, message, hint = explain_error(error, text)
        rows = text.splitlines()
        excerpt = rows[line - 1] if 0 < line <= len(rows) else ""
        raise SiteError([Problem(path, line, message, hint, hide_credentials(excerpt))]) from None
    except RecursionError:
        raise SiteError([Problem(path, 0, "not valid TOML: nested too deep", "flatten the values")]) from None


def write_string(text: str) -> str:
    """Return a string as a basic string of TOML: strings of JSON are also strings of TOML, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_value(value: Any) -> str:
    """Return a string, a boolean, a number, or lists and mappings of these, on one line."""
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{write_key(key)} = {write_value(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_key(key: str) -> str:
    """Return a key, in quotes unless it consists of ASCII letters, digits, hyphens and underscores."""
    return key if _BARE_KEY.fullmatch(key) else write_string(key)
