"""YAML at its plainest, a key with a scalar or a list of words on each line, read without a parser."""

import re
from collections.abc import Container
from typing import Any

# Rows are printable (str.isprintable), so that classes need not say what YAML allows: wide ones take long to compile.
_ROW = re.compile(
    r"""([A-Za-z_][A-Za-z0-9_-]{0,60}):(?:[ ]+(?:
        "([^"\\]*)"                                                  # in double quotes
        |'([^'\\]*)'                                                 # in single quotes
        |\[[ ]*([^\W_][\w ./&’'-]*(?:,[ ]*[^\W_][\w ./&’'-]*)*)\]    # a list of words
        |([^\W_](?:[^:\#\\]|(?<![ ])\#|:(?![ ]|\Z))*)                # a plain scalar
    ))?[ ]*""",
    re.VERBOSE,
)
_NUMERIC = frozenset("0123456789")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_TEXT = re.compile(r"[0-9]{1,4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:]+Z?)?")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset(["", "~", "null", "Null", "NULL"])


class _Unclear(Exception):  # noqa: N818 - not an error: the full parser decides
    """A row has a form that is left to the parser."""


def read_rows(text: str, texts: Container[str]) -> dict[str, Any] | None:
    """Return the values of YAML that is as plain as nearly all front matter, or None for any other.

    The result is that of `yaml.load_yaml`. Below the keys named in `texts`
    numbers and booleans stay as they were written.
    """
    values: dict[str, Any] = {}
    try:
        for row in text.removesuffix("\n").split("\n"):
            match = _ROW.fullmatch(row) if row.isprintable() else None
            if match is None:
                return None
            name, double, single, words, plain = match.groups()
            if name in values or name in WORDS or name in NULLS:
                return None
            as_text = name in texts
            if plain is not None:
                values[name] = _resolve(plain.rstrip(" "), as_text)
            elif double is not None:
                values[name] = double
            elif words is not None:
                values[name] = [_resolve(word.strip(" "), as_text) for word in words.split(",")]
            else:
                values[name] = single
    except _Unclear:
        return None
    return values


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
