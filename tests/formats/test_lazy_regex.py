"""Lazy expressions behave as compiled ones, and are compiled only when they are used."""

import re

import pytest

from sitegen.formats import lazy_regex


def calls(pattern):
    return {
        "search": pattern.search("1 b2"),
        "match": pattern.match("b2"),
        "fullmatch": pattern.fullmatch("B2"),
        "sub": pattern.sub(r"<\g<letter>>", "a1 b2 3"),
        "subn": pattern.subn("x", "a1 b2", count=1),
        "split": pattern.split("a1-b2"),
        "findall": pattern.findall("a1 b2"),
        "finditer": [found.span() for found in pattern.finditer("a1 b2")],
        "groups": pattern.groups,
        "groupindex": dict(pattern.groupindex),
        "flags": pattern.flags,
        "pattern": pattern.pattern,
    }


def comparable(results):
    return {name: (value[0], value.span()) if isinstance(value, re.Match) else value for name, value in results.items()}


def test_a_lazy_expression_has_the_methods_and_attributes_of_a_compiled_one():
    arguments = (r"(?P<letter>[a-z])\d", re.IGNORECASE)
    lazy, compiled = lazy_regex.compile(*arguments), re.compile(*arguments)
    assert comparable(calls(lazy)) == comparable(calls(compiled)) == comparable(calls(lazy))


def test_a_lazy_expression_is_compiled_once_and_not_for_its_pattern(monkeypatch):
    compiled = []
    compile_now = re.compile
    monkeypatch.setattr(re, "compile", lambda *arguments: compiled.append(arguments) or compile_now(*arguments))
    lazy = lazy_regex.compile(rb"\d+", re.ASCII)
    assert (lazy.pattern, repr(lazy), compiled) == (rb"\d+", "lazy_regex.compile(b'\\\\d+', re.ASCII)", [])
    assert [lazy.sub(b"", b"a1"), lazy.findall(b"1 2"), lazy.search(b"a")] == [b"a", [b"1", b"2"], None]
    assert len(compiled) == 1


def test_a_wrong_lazy_expression_fails_at_its_first_use():
    lazy = lazy_regex.compile("(")
    with pytest.raises(re.error):
        lazy.search("")
    with pytest.raises(AttributeError):
        lazy.__wrapped__
