"""Arranges messages in threads by their `In-Reply-To` and `References` fields (RFC 5322, section 3.6.4)."""

import re
from collections.abc import Sequence

from msgspec import Struct

_ID = re.compile(r"<([^<>\s]{1,500})>")


class MessageIds(Struct, frozen=True):
    """The id of a message, "" if it has none, and the ids in its fields `In-Reply-To` and `References`."""

    id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class ThreadPosition(Struct, frozen=True):
    """The position of a message in a thread: that of its first message, and that of the message that it answers.

    Both count the messages from 0. `parent` is -1 if the message that it answers is missing.
    """

    first: int
    parent: int


def find_ids(text: str) -> tuple[str, ...]:
    """Return the message ids in a field, without angle brackets."""
    return tuple(_ID.findall(text))


def arrange_threads(messages: Sequence[MessageIds]) -> list[ThreadPosition]:
    """Return the position of each message.

    A message that is missing still joins the messages that refer to it: the earliest of them is then the first one of
    the thread. Of messages that answer each other in a circle, the earliest is the first one.
    """
    forest = _Forest()
    known: dict[str, int] = {}
    keys = [message.id or f" {number}" for number, message in enumerate(messages)]
    for number, key in enumerate(keys):
        if key in known:
            keys[number] = f"{key} {number}"  # a message that is there twice
        known.setdefault(keys[number], number)
    for key, message in zip(keys, messages, strict=True):
        candidates = (*message.in_reply_to, *reversed(message.references))
        above = next((one for one in candidates if one in known), next(iter(candidates), ""))
        if above:
            forest.link(key, above)
    for message in messages:
        for above, below in zip(message.references, message.references[1:], strict=False):
            forest.link(below, above)
    firsts: dict[str, int] = {}
    for number, key in enumerate(keys):
        root = forest.root(key)
        firsts.setdefault(root, known.get(root, number))
    positions = []
    for key in keys:
        first, parent = firsts[forest.root(key)], forest.parents.get(key, "")
        while parent and parent not in known:
            parent = forest.parents.get(parent, "")
        positions.append(ThreadPosition(first, known[parent] if parent else -1))
    return positions


class _Forest:
    """Trees of message ids without circles; `root` takes nearly constant time (union-find, Tarjan 1975)."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self._shortcuts: dict[str, str] = {}

    def link(self, child: str, parent: str) -> None:
        """Put `child` below `parent`, unless it has a parent already, or `parent` is below it."""
        if child not in self.parents and self.root(parent) != child:
            self.parents[child] = parent
            self._shortcuts[child] = parent

    def root(self, key: str) -> str:
        """Return the topmost id above one."""
        path = []
        while key in self._shortcuts:
            path.append(key)
            key = self._shortcuts[key]
        for one in path:
            self._shortcuts[one] = key
        return key
