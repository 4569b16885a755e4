"""An index of Python-Markdown's inline patterns by the literals that they require."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from markdown.inlinepatterns import (
    ImageReferenceInlineProcessor,
    InlineProcessor,
    Pattern,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.util import STX
from msgspec import Struct

from sitegen.markdown.engines.fast.required_literals import find_required_literals

_REFERENCES = (
    ReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    ImageReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
)


class Rule(Struct, frozen=True):
    """A pattern, its expression, and the literals of which a string must contain one for a match."""

    pattern: Any
    expression: re.Pattern[str]
    literals: tuple[str, ...]
    index: int
    has_stock_expression: bool
    is_inline_processor: bool


Suffixes = tuple[tuple[Rule, ...], ...]


class Rules(Struct, frozen=True):
    """The rules of a Python-Markdown in order, as a suffix for each index; `unreferenced` if no links are defined.

    `is_marked` returns whether a string contains a literal that any pattern requires.
    """

    every: tuple[Rule, ...]
    all: Suffixes
    unreferenced: Suffixes
    is_marked: Callable[[str], object]

    def matches(self, patterns: Sequence[Any]) -> bool:
        """Return whether these are still the rules for some patterns: none was added, removed or changed."""
        return [rule.pattern for rule in self.every] == patterns and [rule.expression for rule in self.every] == [
            pattern.getCompiledRegExp() for pattern in patterns
        ]


def make_rules(patterns: Iterable[Any]) -> Rules:
    """Return the rules for some patterns.

    The required literals come from the regular expressions, which works for patterns of any extension.
    The patterns for references, which read all brackets, are skipped if a post defines none.
    """
    rules = tuple(_make_rule(pattern, index) for index, pattern in enumerate(patterns))
    literals = _shortest({STX}.union(*(rule.literals for rule in rules)))
    return Rules(
        rules,
        _suffixes(rules),
        _suffixes(rules, without=_REFERENCES),
        _find_any(literals) if all(rule.literals for rule in rules) else bool,
    )


def _make_rule(pattern: Any, index: int) -> Rule:
    expression = pattern.getCompiledRegExp()
    has_stock_expression = type(pattern).getCompiledRegExp is Pattern.getCompiledRegExp
    literals = find_required_literals(expression) if has_stock_expression else ()
    return Rule(
        pattern, expression, tuple(sorted(literals)), index, has_stock_expression, isinstance(pattern, InlineProcessor)
    )


def _suffixes(rules: tuple[Rule, ...], without: tuple[type, ...] = ()) -> Suffixes:
    """Return for each index the rules from there on, without those for patterns of exactly some classes."""
    return tuple(
        tuple(rule for rule in rules[index:] if type(rule.pattern) not in without) for index in range(len(rules) + 1)
    )


def _shortest(literals: Collection[str]) -> list[str]:
    """Return the literals without those that contain another one."""
    shortest: list[str] = []
    for literal in sorted(literals, key=lambda literal: (len(literal), literal)):
        if not any(short in literal for short in shortest):
            shortest.append(literal)
    return shortest


def _find_any(literals: list[str]) -> Callable[[str], object]:
    """Return a function that returns whether a string contains one of some literals.

    Longer ones are searched for separately: in one expression with the others, they would make it try each space.
    """
    find = re.compile("[" + "".join(re.escape(literal) for literal in literals if len(literal) == 1) + "]").search
    longer = [literal for literal in literals if len(literal) > 1]

    def has_any(text: str) -> object:
        return find(text) or any(map(text.__contains__, longer))

    return has_any
