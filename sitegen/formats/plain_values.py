"""Plain values of front matter and data files, and the error for invalid ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.formats.characters import INVISIBLE

MAX_DEPTH = 64
"""Maximum depth of nested values; parsers in C crash on some ten thousand levels."""

MAX_FRONT_MATTER_BYTES = 64 * 1024
"""Maximum size of front matter, which is usually a hundred times shorter."""

MAX_NUMBER = 10**300


class InvalidValueError(ValueError):
    """Invalid front matter or data; `line` counts from 0 in the parsed string. It becomes a Problem."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.hint = hint


def check_plain(value: Any, depth: int = 0) -> Any:
    """Return a parsed value without invisible characters. Raises InvalidValueError if it is too deep or not plain."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidValueError(
                0, "half of a surrogate pair is not a character", 'write the character itself, not "\\ud…"'
            ) from None
        return INVISIBLE.sub("", value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_NUMBER:
        raise InvalidValueError(0, "a number has more than 300 digits", "put it in quotes if it is text")
    if isinstance(value, dict | list) and depth > MAX_DEPTH:
        raise InvalidValueError(0, f"the values are nested more than {MAX_DEPTH} deep", "flatten them")
    if isinstance(value, dict):
        return {check_plain(key): check_plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [check_plain(item, depth + 1) for item in value]
    return value


def find_strings(value: object) -> Iterator[str]:
    """Yield the strings of a plain value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from find_strings(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from find_strings(item)
