"""Possessive groups of regular expressions match the same with each version of Python.

Before 3.11.5, Python continues behind the start of a repetition that has failed, if that had set the position of the
matcher: `(?:[^-]|-(?!->))*+-->` does not match `a-->`, and a shorter string matches where none should
(https://github.com/python/cpython/issues/106052). A last alternative that never matches sets the position back:
`(?:[^-]|-(?!->)|(?!))*+`. Debian 12 has Python 3.11.2.
"""

import re
from collections.abc import Iterator, Sequence
from re import _constants as code
from re import _parser as parser
from typing import Any

import pytest

from tests.test_linear_time import EXPRESSIONS

CHARACTERS = frozenset({code.LITERAL, code.NOT_LITERAL, code.IN, code.ANY})

Items = Sequence[tuple[Any, Any]]


def find_groups(items: Items) -> Iterator[Items]:
    """Yield the content of each group that is repeated possessively, at any depth."""
    for name, value in items:
        if name is code.POSSESSIVE_REPEAT and not is_character(value[2]):
            yield value[2]
        if name in {code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT}:
            yield from find_groups(value[2])
        elif name in {code.ASSERT, code.ASSERT_NOT}:
            yield from find_groups(value[1])
        elif name is code.ATOMIC_GROUP:
            yield from find_groups(value)
        elif name is code.SUBPATTERN:
            yield from find_groups(value[3])
        elif name is code.BRANCH:
            for alternative in value[1]:
                yield from find_groups(alternative)
        elif name is code.GROUPREF_EXISTS:
            yield from find_groups(value[1])
            yield from find_groups(value[2] or ())


def is_character(items: Items) -> bool:
    return len(items) == 1 and items[0][0] in CHARACTERS


def is_reset(items: Items) -> bool:
    """Return whether a repetition of a group that fails leaves the position where the repetition began."""
    if len(items) == 1 and items[0][0] is code.BRANCH:
        alternatives = items[0][1][1]
        return is_impossible(alternatives[-1]) or all(map(sets_no_position, alternatives))
    return sets_no_position(items)


def is_impossible(items: Items) -> bool:
    """Return whether items are `(?!)`, as the parsers of different versions have it."""
    name, value = items[0] if len(items) == 1 else (None, None)
    return name is code.FAILURE or (name is code.ASSERT_NOT and not len(value[1]))


def sets_no_position(items: Items) -> bool:
    """Return whether items are characters that fail before the position is set, and then what cannot fail."""
    rest = [item for item in items if item[0] not in CHARACTERS]
    return not rest or (rest == [items[-1]] and is_optional(rest[0]))


def is_optional(item: tuple[Any, Any]) -> bool:
    return item[0] is code.POSSESSIVE_REPEAT and item[1][0] == 0 and is_character(item[1][2])


def find_unsafe(pattern: re.Pattern[Any]) -> list[Items]:
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return [group for group in find_groups(parser.parse(pattern.pattern, flags)) if not is_reset(group)]


@pytest.mark.parametrize(
    "text",
    [r"(?:[^-]|-(?!->))*+-->", r"(?:ab?c)++", r"x(?:(?<! )#)*+y", r"""<(?:[^"]|"[^"]*")*+>""", r"(?:\.[\w-]+){1,8}+"],
)
def test_groups_that_set_the_position_are_found(text):
    assert find_unsafe(re.compile(text))


@pytest.mark.parametrize(
    ("text", "string", "end"),
    [
        (r"(?:[^-]|-(?!->)|(?!))*+-->", "a-b-->", 6),
        (r"(?:ab?c|(?!))++", "aca", 2),
        (r"x(?:(?<! )#|(?!))*+y", "x##y", 4),
        (r"(?:\\.|[^\"\\])*+\"", 'a\\"b"', 5),
        (r"x(?:[:#][^:#]*+)*+", "x:a#", 4),
    ],
)
def test_groups_that_set_the_position_back_match_with_each_version(text, string, end):
    assert not find_unsafe(re.compile(text))
    assert re.match(text, string).end() == end


def test_possessive_groups_of_the_package_match_the_same_with_each_version():
    unsafe = [one for one in EXPRESSIONS if find_unsafe(one.pattern)]
    assert [(one.locations, one.pattern.pattern) for one in unsafe] == []
