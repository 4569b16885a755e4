"""Literals that a text must contain before a regular expression can match any of it."""

import re
from collections.abc import Iterable
from re import _constants as code  # type: ignore[attr-defined]  # the parser of `re` has no public name or types
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

MOST = 8


def find_needs(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return literals of which each text that the pattern matches contains at least one.

    An empty set means that nothing is known: the pattern may then match any text. Whatever this
    does not understand counts as unknown, and so does all that ignores case.
    """
    if pattern.flags & (re.IGNORECASE | re.LOCALE):
        return frozenset()
    return _sequence(parser.parse(pattern.pattern, pattern.flags))


def _sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Return the needs of items that match one after the other: the strictest of theirs."""
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


def _strictness(needs: frozenset[str]) -> tuple[bool, int, int]:
    return (bool(needs), -len(needs), min(map(len, needs), default=0))


def _item(operation: Any, value: Any) -> frozenset[str]:
    match operation:
        case code.IN:
            needs = _characters(value)
        case code.BRANCH:
            needs = _either([_sequence(branch) for branch in value[1]])
        case code.SUBPATTERN:
            _, added, _, items = value
            needs = frozenset() if added & re.IGNORECASE else _sequence(items)
        case code.MAX_REPEAT | code.MIN_REPEAT | code.POSSESSIVE_REPEAT:
            least, _, items = value
            needs = _sequence(items) if least else frozenset()
            if _is_literal(items):
                needs = frozenset(need * least for need in needs)
        case code.ATOMIC_GROUP:
            needs = _sequence(value)
        case code.ASSERT:
            needs = _sequence(value[1])
        case _:
            needs = frozenset()
    return needs


def _is_literal(items: Any) -> bool:
    return len(items) == 1 and items[0][0] is code.LITERAL


def _characters(members: list[tuple[Any, Any]]) -> frozenset[str]:
    if any(operation is not code.LITERAL for operation, _ in members):
        return frozenset()  # a range, a class such as \w, or what must not be there
    return frozenset(chr(value) for _, value in members) if len(members) <= MOST else frozenset()


def _either(branches: list[frozenset[str]]) -> frozenset[str]:
    """Return the needs of a choice: any of its branches' needs, unless one of them needs nothing."""
    joined = frozenset[str]().union(*branches)
    return joined if all(branches) and len(joined) <= MOST else frozenset()
