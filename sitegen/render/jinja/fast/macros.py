"""Macros that depend only on their arguments: each is rendered once for the same ones, not once for each page."""

from collections.abc import Collection, Hashable
from functools import partial
from typing import Any

from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro

from sitegen.render.jinja.macro_cache import BY_IDENTITY, BY_REPRESENTATION, BY_VALUE, key_of, listen

MAX_RESULTS = 8_000
"""The most results in each of the two generations. With its keys, a list's entry has some 1,300 bytes: 20 MB in all."""

Result = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""What a macro shows, the names of what it read, and its arguments, which must live as long as a key with their ids."""


class Results:
    """Results of macros by key: those of the latest calls, since all of a large site take more memory than its posts.

    When the new generation is full, it becomes the old one, whose results are dropped unless they are used again.
    """

    def __init__(self) -> None:
        self.new: dict[Hashable, Result] = {}
        self._old: dict[Hashable, Result] = {}

    def find(self, key: Hashable) -> Result | None:
        """Return a result of the old generation, and move it to the new one; None if it has none."""
        known = self._old.get(key)
        if known is not None:
            self.put(key, known)
        return known

    def put(self, key: Hashable, result: Result) -> None:
        """Cache a result."""
        if len(self.new) >= 2 * MAX_RESULTS:  # most have two keys
            self.new, self._old = {}, self.new
        self.new[key] = result


class PlainMacro(Macro):
    """A macro that is rendered once for the same arguments, on this page or another one."""

    _results: Results
    _reads: set[str]

    def recall(self, eval_context: EvalContext, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
        """Return what the macro shows for its arguments, as they are written in the call."""
        values = (*arguments, *named.values()) if named else arguments
        # Most calls pass the same objects as an earlier one; their identities take a fifth of the time of their values.
        key = (self.name, eval_context.autoescape, *named, *map(id, values))
        known = self._results.new.get(key) or self._results.find(key)
        if known is None:
            known = self._find(eval_context, arguments, named, values)
            if known is None:
                shown: str = self(eval_context, *arguments, **named)
                return shown
            self._results.put(key, known if known[2] is values else (known[0], known[1], values))
        if known[1]:
            self._reads.update(known[1])
        return known[0]

    def _find(
        self, eval_context: EvalContext, arguments: tuple[Any, ...], named: dict[str, Any], values: tuple[Any, ...]
    ) -> Result | None:
        """Return the result of equal arguments, whose `values` are given too; None if it cannot be cached."""
        key: list[Any] = [self.name, eval_context.autoescape, *named]
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
        known = self._results.new.get(call) or self._results.find(call)
        if known is None:
            text, reads = listen(self._reads, partial(self, eval_context, *arguments, **named))
            known = text, reads, values
            self._results.put(call, known)
        return known


def remember(module: TemplateModule, names: Collection[str], results: Results, reads: set[str]) -> None:
    """Exchange macros of an imported module for ones that are rendered once for the same arguments.

    `results` are those of its macros, `reads` the names of what the page has read so far.
    """
    for name in names:
        macro = PlainMacro.__new__(PlainMacro)
        macro.__dict__ |= module.__dict__[name].__dict__
        macro._results, macro._reads = results, reads
        module.__dict__[name] = macro
