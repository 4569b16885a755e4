"""The account of an import: what of an export's records and elements was not carried over, by type."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sitegen.importers.tree import Element, is_empty, without_controls

EMPTY: tuple[Any, ...] = (None, "", False, [], {}, 0)
"""Values that hold nothing: leaving them out loses nothing."""

CARRIERS = frozenset(("a", "audio", "embed", "iframe", "img", "object", "picture", "source", "video"))
"""Elements that name what they show in an attribute of their own; `data-` attributes only repeat it."""

CONTENT = re.compile(r"\s*(?:[{\[]|https?://|\S+[ \t\n]+\S)")
LONGEST_NAME = 60


class Payload(Mapping[str, Any]):
    """Tracks which keys of a record are read, so that the others can be reported.

    Mappings in it, also those in lists, are payloads themselves; strings come without the characters that XML
    forbids. Keys in `ignored` hold nothing that a reader sees.
    """

    __slots__ = ("_children", "_ignored", "_read", "_values")

    def __init__(self, values: Mapping[str, Any], ignored: Collection[str] = ()) -> None:
        self._values, self._ignored = values, ignored
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
        """Yield the name of each key that holds something and was not read; `a.b` is the key `b` of the mapping `a`."""
        for key, value in self._values.items():
            if key not in self._read:
                if key not in self._ignored and value not in EMPTY:
                    yield f"{prefix}{key}"[:LONGEST_NAME]
                continue
            child = self._children.get(key)
            for part in child if isinstance(child, list) else (child,):
                if isinstance(part, Payload):
                    yield from part.unread(f"{prefix}{key}.")

    def _wrap(self, value: Any) -> Any:
        if isinstance(value, str):
            return without_controls(value)
        if isinstance(value, Mapping):
            return Payload(value, self._ignored)
        return [self._wrap(item) for item in value] if isinstance(value, list) else value


def count_unread(payload: Payload, kind: str, dropped: Counter[str]) -> None:
    """Count the keys of a record that were not read, each as one type: ``` `key` of kind ```."""
    for name in payload.unread():
        dropped[f"`{name}` of {kind}"] += 1


def count_attributes(tree: Element, dropped: Counter[str]) -> None:
    """Count the `data-` attributes of a cleaned tree that could hold content: no writer writes them.

    A cleaner that has read such an attribute deletes it.
    """
    for element in tree.iter():
        for name in map(str, element.keys()):
            if not name.startswith("data-") or name == "data-note" or element.tag in CARRIERS:
                continue
            if CONTENT.match(element.get(name) or "") or is_empty(element):
                dropped[f"`{name}` of {describe(element)}"] += 1


def describe(element: Element) -> str:
    """Return an element as a report names it: its tag with its first class."""
    names = (element.get("class") or "").split()
    return f"<{element.tag} class={names[0][:LONGEST_NAME]}>" if names else f"<{element.tag}>"
