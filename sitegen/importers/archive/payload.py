"""Records of an export that track which keys were read, so that the report can list the unread ones."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sitegen.formats.characters import without_controls

EMPTY_VALUES: tuple[Any, ...] = (None, False, [], {}, 0)
"""Values without content: dropping them loses nothing."""

MAX_NAME_CHARACTERS = 60

_CONTENT = re.compile(r"\s*(?:[{\[]|https?://|\S+[ \t\n]+\S)")


class Payload(Mapping[str, Any]):
    """Tracks which keys of a record are read, so that the others can be reported as dropped.

    The report calls an unread key ``` `key` of record_type ```. Nested mappings, also those in lists, are payloads
    too; strings are returned without the characters that XML forbids. Keys in `ignored` have no content for readers.
    """

    __slots__ = ("_children", "_ignored", "_read", "_values", "record_type")

    def __init__(self, values: Mapping[str, Any], record_type: str, ignored: Collection[str] = ()) -> None:
        self.record_type, self._values, self._ignored = record_type, values, ignored
        self._read: set[str] = set()
        self._children: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        self._read.add(key)
        if key not in self._children:
            self._children[key] = self._wrap(self._values[key])
        return self._children[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def unread(self, prefix: str = "") -> Iterator[str]:
        """Yield the name of each unread key that has a value; `a.b` is the key `b` of the mapping `a`."""
        for key, value in self._values.items():
            if key not in self._read:
                if key not in self._ignored and not _is_empty(value):
                    yield f"{prefix}{key}"[:MAX_NAME_CHARACTERS]
                continue
            child = self._children.get(key)
            for part in child if isinstance(child, list) else (child,):
                if isinstance(part, Payload):
                    yield from part.unread(f"{prefix}{key}.")

    def _wrap(self, value: Any) -> Any:
        if isinstance(value, str):
            return without_controls(value)
        if isinstance(value, Mapping):
            return Payload(value, self.record_type, self._ignored)
        return [self._wrap(item) for item in value] if isinstance(value, list) else value


def _is_empty(value: Any) -> bool:
    return value in EMPTY_VALUES or (isinstance(value, str) and value.strip().casefold() in ("", "0", "false"))


def holds_content(value: str) -> bool:
    """Return whether an attribute's value may be content: JSON, a URL or several words."""
    return _CONTENT.match(value) is not None


def count_unread(payload: Payload, dropped: Counter[str]) -> None:
    """Count each unread key of a record as a category of its own."""
    for name in payload.unread():
        dropped[f"`{name}` of {payload.record_type}"] += 1
