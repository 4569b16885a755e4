"""Sets strings in the text of a TOML file, and changes nothing else in it."""

import re
import tomllib
from collections.abc import Mapping

from sitegen.formats.toml import write_key, write_string

_STRING = r'(?:"(?:[^"\\]|\\.)*+"|\'[^\']*+\')'
_ASSIGNMENT = re.compile(rf"""([ \t]*+["']?([\w-]++)["']?[ \t]*+=[ \t]*+)(?:{_STRING}([ \t]*+(?:#.*+)?))?""", re.ASCII)
_TABLE = re.compile(r"[ \t]*\[")
_BLANK = re.compile(r"\s*(?:#|\Z)")
_BYTE_ORDER_MARK = "\ufeff"


def set_strings(text: str, values: Mapping[str, str]) -> str:
    """Return the text of a TOML file with the strings in `values` above its tables.

    A key that the file has keeps its line, with its comment; a new one follows the last key above the tables. Comments,
    order, line ends and a byte order mark stay. Raises ValueError if a value is not a string on one line, or if the
    text is not valid TOML.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    old = text.removeprefix(mark)
    ending = "\r\n" if "\r\n" in old else "\n"
    lines = old.split(ending)
    for key, value in values.items():
        end = next((number for number, line in enumerate(lines) if _TABLE.match(line)), len(lines))
        for number, line in enumerate(lines[:end]):
            if (found := _ASSIGNMENT.match(line)) and found[2] == key:
                if found.end() < len(line) or found[3] is None:
                    raise ValueError(f"the value of {key} is not a string on one line")
                lines[number] = f"{found[1]}{write_string(value)}{found[3]}"
                break
        else:
            while end and _BLANK.match(lines[end - 1]):
                end -= 1
            lines.insert(end, f"{write_key(key)} = {write_string(value)}")
    changed = ending.join(lines)
    if tomllib.loads(changed) != {**tomllib.loads(old), **values}:
        raise ValueError("the strings cannot be set line by line")
    return mark + changed
