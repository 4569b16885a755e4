"""Reads literal values in a JavaScript or TypeScript config, without executing it."""

import re
from collections.abc import Collection, Sequence
from typing import Any

MAX_DEPTH = 40
MAX_TRIES = 50

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/)|(?!))*+(?:\*/|\Z))
    |(?P<string>"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+')
    |(?P<template>`(?:\\.|[^`\\])*+`)
    |(?P<number>-?\d[\w.]*)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<mark>\.\.\.|=>|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_ENDS = frozenset((",", ";", ")", "]", "}", ""))
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_BEFORE_VALUE = frozenset(("=", "default", "return", "(", "=>"))


class Unread(str):
    """The source of a value that is not a literal, such as a call."""

    __slots__ = ()


class _NotLiteralError(Exception):
    """Raised for an expression that is not a literal."""


def find_object(source: str, keys: Collection[str]) -> dict[str, Any]:
    """Return the literal values of the first object with one of the keys, or {} if there is none.

    Constants of the same file are substituted. A value that is not a literal is `Unread`; spread elements are skipped.
    """
    reader = _LiteralReader(source)
    reader.read_constants()
    tries = 0
    for index, token in enumerate(reader.tokens):
        if token[1] != "{" or not index or reader.tokens[index - 1][1] not in _BEFORE_VALUE:
            continue
        tries += 1
        if tries > MAX_TRIES:
            break
        value, _ = reader.value(index, 0)
        if isinstance(value, dict) and any(key in value for key in keys):
            return value
    return {}


class _LiteralReader:
    def __init__(self, source: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.constants: dict[str, Any] = {}
        self._starts: set[int] = set()
        for match in _TOKEN.finditer(source):
            if match.lastgroup != "blank":
                self.tokens.append((str(match.lastgroup), match[0]))
            elif "\n" in match[0]:
                self._starts.add(len(self.tokens))
        self._ends = _find_ends([text for _, text in self.tokens])

    def text(self, index: int) -> str:
        return self.tokens[index][1] if index < len(self.tokens) else ""

    def read_constants(self) -> None:
        """Collect the constants with literal values."""
        for index, (lexeme_type, text) in enumerate(self.tokens):
            if lexeme_type != "name" or text not in ("const", "let", "var"):
                continue
            at = index + 2
            while self.text(at) not in ("=", ";", ""):  # a type annotation of TypeScript
                at += 1
                if at > index + 30:
                    break
            if self.text(at) == "=":
                value, _ = self.value(at + 1, 0)
                if not isinstance(value, Unread):
                    self.constants[self.text(index + 1)] = value

    def value(self, index: int, depth: int) -> tuple[Any, int]:
        """Return the value that begins at a token, and the index after it."""
        try:
            found, end = self._literal(index, depth)
        except _NotLiteralError:
            return self._skip(index)
        if self.text(end) in ("as", "satisfies"):
            return found, self._skip(end)[1]
        return (found, end) if self.text(end) in _ENDS or self._begins_statement(end) else self._skip(index)

    def _begins_statement(self, index: int) -> bool:
        """Return whether a token begins a statement: a word on a new line after a line without a semicolon."""
        return index in self._starts and self.tokens[index][0] == "name"

    def _literal(self, index: int, depth: int) -> tuple[Any, int]:
        lexeme_type, text = self.tokens[index] if index < len(self.tokens) else ("", "")
        if depth > MAX_DEPTH:
            raise _NotLiteralError
        if lexeme_type == "string" or (lexeme_type == "template" and "${" not in text):
            return _ESCAPE.sub(r"\1", text[1:-1]), index + 1
        if lexeme_type == "number" and re.fullmatch(r"-?\d{1,15}", text):
            return int(text), index + 1
        if lexeme_type == "name" and (text in _CONSTANTS or text in self.constants):
            return _CONSTANTS[text] if text in _CONSTANTS else self.constants[text], index + 1
        if text == "(":
            found, end = self.value(index + 1, depth + 1)
            if self.text(end) != ")" or isinstance(found, Unread):
                raise _NotLiteralError
            return found, end + 1
        if text == "[":
            return self._list(index + 1, depth)
        if text == "{":
            return self._object(index + 1, depth)
        raise _NotLiteralError

    def _list(self, index: int, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while (text := self.text(index)) != "]":
            if text == "":
                raise _NotLiteralError
            if text == ",":
                index += 1
                continue
            item, end = self.value(index, depth + 1)
            if end == index:
                raise _NotLiteralError
            items.append(item)
            index = end
        return items, index + 1

    def _object(self, index: int, depth: int) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        while (text := self.text(index)) != "}":
            if text == ",":
                index += 1
                continue
            lexeme_type = self.tokens[index][0] if index < len(self.tokens) else ""
            key = _ESCAPE.sub(r"\1", text[1:-1]) if lexeme_type == "string" else text
            following = self.text(index + 1)
            if lexeme_type in ("string", "name", "number") and following == ":":
                values[key], end = self.value(index + 2, depth + 1)
            elif lexeme_type == "name" and following in (",", "}"):
                values[key], end = self.constants.get(key, Unread(key)), index + 1
            else:  # a method, a computed key, or a spread element
                _, end = self._skip(index)
            if end == index:
                raise _NotLiteralError
            index = end
        return values, index + 1

    def _skip(self, index: int) -> tuple[Unread, int]:
        """Return the source of an expression, and the index of the comma or bracket after it."""
        end = self._ends[index] if index < len(self.tokens) else index
        return Unread(" ".join(text for _, text in self.tokens[index : min(end, index + 40)])), end


def _find_ends(texts: Sequence[str]) -> list[int]:
    """Return the end of the expression that begins at each token; all types of brackets match each other."""
    closed_at: dict[int, int] = {}
    opened: list[int] = []
    for index, text in enumerate(texts):
        if text in _OPENING:
            opened.append(index)
        elif text in _CLOSING and opened:
            closed_at[opened.pop()] = index
    ends = [len(texts)] * (len(texts) + 1)
    for index in range(len(texts) - 1, -1, -1):
        text = texts[index]
        if text in _ENDS:
            ends[index] = index
        elif text not in _OPENING:
            ends[index] = ends[index + 1]
        elif index in closed_at:
            ends[index] = ends[closed_at[index] + 1]
    return ends
