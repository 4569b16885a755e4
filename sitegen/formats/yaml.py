"""Parse YAML by the core schema of YAML 1.2, without aliases, duplicate keys and other tags."""

from collections.abc import Container
from typing import Any

from sitegen.errors import Problem, SiteError
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.plain_values import InvalidValueError
from sitegen.formats.yaml_fast import read_rows


def load_yaml(text: str, string_keys: Container[str] = (), repeated: list[str] | None = None) -> Any:
    """Return the value of a YAML document (YAML 1.2.2, chapter 10.3); None if it is empty.

    Dates stay strings. Below the top-level `string_keys`, numbers and booleans stay strings as written. With a list
    `repeated`, the last of several values for a key is used, and the key is added to the list. Raises
    InvalidValueError for invalid YAML, values nested over 64 deep, aliases, duplicate keys, keys that are not strings,
    and tags other than those of the core schema.
    """
    rows = read_rows(text, string_keys)
    if rows is not None:
        return rows
    from sitegen.formats.yaml_nodes import load_document  # noqa: PLC0415 - loads PyYAML, and is rarely needed

    return load_document(text, string_keys, repeated)


def read_yaml(text: str, path: str) -> Any:
    """Return the value of a YAML file, as `load_yaml` does. Raises SiteError with the line of an error."""
    try:
        return load_yaml(INVISIBLE.sub("", text))
    except InvalidValueError as error:
        rows = text.splitlines()
        excerpt = rows[error.line][:200] if error.line < len(rows) else ""
        raise SiteError([Problem(path, error.line + 1, error.message, error.hint, excerpt)]) from None
