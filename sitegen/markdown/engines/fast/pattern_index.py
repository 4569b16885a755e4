"""Python-Markdown's inline patterns as rules: which of them can match a text at all."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
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

from sitegen.markdown.engines.fast.required_literals import find_needs

_REFERENCES = (
    ReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    ImageReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, its regular expression, and the literals one of which a text must have for it to match.

    `usual` tells a pattern that always matches by that expression, `new` one of the new style.
    """

    pattern: Any
    expression: re.Pattern[str]
    needs: tuple[str, ...]
    place: int
    usual: bool
    new: bool


Suffixes = tuple[tuple[Rule, ...], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a Python-Markdown in their order, from each place on; `unreferenced` for texts that define no links.

    `is_marked` says whether a text has anything that any pattern needs.
    """

    every: tuple[Rule, ...]
    all: Suffixes
    unreferenced: Suffixes
    is_marked: Callable[[str], object]

    def hold(self, patterns: Sequence[Any]) -> bool:
        """Say whether these are still the rules for some patterns: none was added, taken out or changed."""
        return [rule.pattern for rule in self.every] == patterns and [rule.expression for rule in self.every] == [
            pattern.getCompiledRegExp() for pattern in patterns
        ]


def make_rules(patterns: Iterable[Any]) -> Rules:
    """Return the rules for some patterns.

    What a pattern needs comes from its regular expression, so that it holds for those of any extension.
    The patterns for references, which read all brackets, rest while a text defines none.
    """
    rules = tuple(_make_rule(pattern, place) for place, pattern in enumerate(patterns))
    literals = _shortest({STX}.union(*(rule.needs for rule in rules)))
    return Rules(
        rules,
        _suffixes(rules),
        _suffixes(rules, without=_REFERENCES),
        _find_any(literals) if all(rule.needs for rule in rules) else bool,
    )


def _make_rule(pattern: Any, place: int) -> Rule:
    expression = pattern.getCompiledRegExp()
    usual = type(pattern).getCompiledRegExp is Pattern.getCompiledRegExp
    needs = find_needs(expression) if usual else ()
    return Rule(pattern, expression, tuple(sorted(needs)), place, usual, isinstance(pattern, InlineProcessor))


def _suffixes(rules: tuple[Rule, ...], without: tuple[type, ...] = ()) -> Suffixes:
    """Return for each place the rules from there on, without those for patterns of exactly some classes."""
    return tuple(
        tuple(rule for rule in rules[place:] if type(rule.pattern) not in without) for place in range(len(rules) + 1)
    )


def _shortest(literals: Collection[str]) -> list[str]:
    """Return the literals without those that contain another one."""
    kept: list[str] = []
    for literal in sorted(literals, key=lambda literal: (len(literal), literal)):
        if not any(short in literal for short in kept):
            kept.append(literal)
    return kept


def _find_any(literals: list[str]) -> Callable[[str], object]:
    """Return a function that says whether a text has one of some literals.

    Longer ones are looked for by themselves: in one expression with the others they make it try each space.
    """
    find = re.compile("[" + "".join(re.escape(literal) for literal in literals if len(literal) == 1) + "]").search
    longer = [literal for literal in literals if len(literal) > 1]

    def has_any(text: str) -> object:
        return find(text) or any(map(text.__contains__, longer))

    return has_any
