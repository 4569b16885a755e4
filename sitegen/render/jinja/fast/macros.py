"""Macros that depend only on their arguments: each is rendered once for the same ones, not once a page."""

from collections.abc import Collection, Hashable
from functools import partial
from typing import Any

from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro

from sitegen.render.jinja.macro_cache import BY_IDENTITY, BY_REPRESENTATION, BY_VALUE, key_of, listen

MAX_RESULTS = 20_000
"""The most results of one macro that are cached. A list's entry has some 600 bytes, so they take 12 MB."""

Memory = dict[tuple[Hashable, ...], tuple[str, tuple[str, ...], tuple[Any, ...]]]


class PlainMacro(Macro):
    """A macro that is rendered once for the same arguments, on this page or another one."""

    _memory: Memory
    _reads: set[str]

    def recall(self, eval_context: EvalContext, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
        """Return what the macro shows for its arguments, as they are written in the call."""
        key: list[Any] = [eval_context.autoescape, *named]
        for value in (*arguments, *named.values()) if named else arguments:
            value_type = type(value)
            if value_type in BY_IDENTITY:
                key.append(id(value))
            elif value_type in BY_VALUE:
                key += (value_type, value)
            elif value_type in BY_REPRESENTATION:
                key.append(key_of(value))
            else:
                shown: str = self(eval_context, *arguments, **named)
                return shown
        call = tuple(key)
        known = self._memory.get(call)
        if known is None:
            if len(self._memory) >= MAX_RESULTS:
                self._memory.clear()
            text, reads = listen(self._reads, partial(self, eval_context, *arguments, **named))
            # The arguments must live as long as the key, which contains their identities.
            known = self._memory[call] = text, reads, (*arguments, *named.values())
        if known[1]:
            self._reads.update(known[1])
        return known[0]


def remember(module: TemplateModule, names: Collection[str], memories: dict[str, Memory], reads: set[str]) -> None:
    """Exchange macros of an imported module for ones that are rendered once for the same arguments.

    `memories` are the cached results of each macro by its name, `reads` the names of what the page has read so far.
    """
    for name in names:
        macro = PlainMacro.__new__(PlainMacro)
        macro.__dict__ |= module.__dict__[name].__dict__
        macro._memory, macro._reads = memories.setdefault(name, {}), reads
        module.__dict__[name] = macro
