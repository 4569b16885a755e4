"""Macros that depend only on their arguments: each is rendered once for the same ones, not once a page."""

from collections.abc import Collection, Hashable
from functools import partial
from typing import Any

from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro

from sitegen.render.jinja.macro_cache import BY_IDENTITY, BY_REPRESENTATION, BY_VALUE, key_of, listen

MAX_RESULTS = 40_000
"""The most results of one macro that are cached. A list's entry has some 600 bytes, so they take 12 MB."""

Result = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""What a macro shows, the names of what it read, and its arguments, which must live as long as a key with their ids."""

Memory = dict[tuple[Hashable, ...], Result]


class PlainMacro(Macro):
    """A macro that is rendered once for the same arguments, on this page or another one."""

    _memory: Memory
    _reads: set[str]

    def recall(self, eval_context: EvalContext, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
        """Return what the macro shows for its arguments, as they are written in the call."""
        values = (*arguments, *named.values()) if named else arguments
        # Most calls pass the same objects as an earlier one; their identities take a fifth of the time of their values.
        key = (eval_context.autoescape, *named, *map(id, values))
        known = self._memory.get(key)
        if known is None:
            known = self._find(eval_context, arguments, named)
            if known is None:
                shown: str = self(eval_context, *arguments, **named)
                return shown
            self._memory[key] = known[0], known[1], values
        if known[1]:
            self._reads.update(known[1])
        return known[0]

    def _find(self, eval_context: EvalContext, arguments: tuple[Any, ...], named: dict[str, Any]) -> Result | None:
        """Return the result of equal arguments, None if it cannot be cached."""
        values = (*arguments, *named.values())
        key: list[Any] = [eval_context.autoescape, *named]
        for value in values:
            value_type = type(value)
            if value_type in BY_IDENTITY:
                key.append(id(value))
            elif value_type in BY_VALUE:
                key += (value_type, value)
            elif value_type in BY_REPRESENTATION:
                key.append(key_of(value))
            else:
                return None
        call = tuple(key)
        known = self._memory.get(call)
        if known is None:
            if len(self._memory) >= MAX_RESULTS:
                self._memory.clear()
            text, reads = listen(self._reads, partial(self, eval_context, *arguments, **named))
            known = self._memory[call] = text, reads, values
        return known


def remember(module: TemplateModule, names: Collection[str], memories: dict[str, Memory], reads: set[str]) -> None:
    """Exchange macros of an imported module for ones that are rendered once for the same arguments.

    `memories` are the cached results of each macro by its name, `reads` the names of what the page has read so far.
    """
    for name in names:
        macro = PlainMacro.__new__(PlainMacro)
        macro.__dict__ |= module.__dict__[name].__dict__
        macro._memory, macro._reads = memories.setdefault(name, {}), reads
        module.__dict__[name] = macro
