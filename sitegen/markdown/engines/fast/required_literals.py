"""Find literals that a string must contain for a regular expression to match."""

import re
from collections.abc import Iterable
from re import _constants as code  # type: ignore[attr-defined]  # the parser of `re` has no public name or types
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

MAX_ALTERNATIVES = 8


def find_required_literals(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return literals of which each matching string contains at least one.

    An empty set means unknown: the pattern may match any string. Unsupported syntax and patterns that
    ignore case are unknown.
    """
    if pattern.flags & (re.IGNORECASE | re.LOCALE):
        return frozenset()
    return _sequence(parser.parse(pattern.pattern, pattern.flags))


def _sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Return the literals of items that match one after the other: the strictest of their sets."""
    found: list[frozenset[str]] = []
    run = ""
    for operation, value in items:
        if operation is code.LITERAL:
            run += chr(value)
            continue
        if run:
            found.append(frozenset([run]))
            run = ""
        found.append(_item(operation, value))
    if run:
        found.append(frozenset([run]))
    return max(found, key=_strictness, default=frozenset())


def _strictness(literals: frozenset[str]) -> tuple[bool, int, int]:
    return (bool(literals), -len(literals), min(map(len, literals), default=0))


def _item(operation: Any, value: Any) -> frozenset[str]:
    match operation:
        case code.IN:
            literals = _characters(value)
        case code.BRANCH:
            literals = _union([_sequence(branch) for branch in value[1]])
        case code.SUBPATTERN:
            _, added, _, items = value
            literals = frozenset() if added & re.IGNORECASE else _sequence(items)
        case code.MAX_REPEAT | code.MIN_REPEAT | code.POSSESSIVE_REPEAT:
            least, _, items = value
            literals = _sequence(items) if least else frozenset()
            if _is_literal(items):
                literals = frozenset(literal * least for literal in literals)
        case code.ATOMIC_GROUP:
            literals = _sequence(value)
        case code.ASSERT:
            literals = _sequence(value[1])
        case _:
            literals = frozenset()
    return literals


def _is_literal(items: Any) -> bool:
    return len(items) == 1 and items[0][0] is code.LITERAL


def _characters(members: list[tuple[Any, Any]]) -> frozenset[str]:
    if any(operation is not code.LITERAL for operation, _ in members):
        return frozenset()  # a range, a class such as \w, or a negation
    return frozenset(chr(value) for _, value in members) if len(members) <= MAX_ALTERNATIVES else frozenset()


def _union(branches: list[frozenset[str]]) -> frozenset[str]:
    """Return the literals of alternatives: those of all branches, unless one of them requires none."""
    joined = frozenset[str]().union(*branches)
    return joined if all(branches) and len(joined) <= MAX_ALTERNATIVES else frozenset()
