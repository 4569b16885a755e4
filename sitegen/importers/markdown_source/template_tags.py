"""Finds template tags, pairs those with a body, and replaces them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sitegen.formats import lazy_regex

_WORD = re.compile(r"[^\s|,(=]+")
_ARGUMENT = lazy_regex.compile(
    r"""(?:(?P<key>[A-Za-z_][\w.-]*)\s*(?:=|:(?!//))\s*)?"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^\s,]+)""",
    re.DOTALL,
)
_INCLUDES = frozenset(("include", "include_cached", "include_relative", "render", "partial"))
_LIST_MARK = re.compile(r"(?:[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>)*\Z")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The syntax of the tags of a template language.

    `marks` are the pairs of delimiters; `paired` are the tags with a body, and `closing` is the name of their end tag,
    with `{}` for the name of the start tag. Bodies of tags in `verbatim` contain no tags.
    """

    marks: tuple[tuple[str, str], ...]
    paired: frozenset[str]
    closing: str
    verbatim: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its opening delimiter `mark`; `body` is None without one, `column` is the indent of its line."""

    mark: str
    name: str
    arguments: str
    body: str | None
    column: str
    source: str


Replace = Callable[[Tag], str | None]
"""Returns the replacement of a tag, or None to leave it unchanged."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    mark: str
    name: str
    content: str


def translate(
    text: str, dialect: Dialect, replace_tag: Replace, form: Callable[[str], str] = str
) -> tuple[str, Counter[str]]:
    """Replace tags, and count each tag that stays unchanged.

    `form` converts a replacement to the format of the document.
    """

    def formatted(tag: Tag) -> str | None:
        found = replace_tag(tag)
        return None if found is None else form(found)

    left: Counter[str] = Counter()
    return _translate(text, dialect, formatted, left), left


def _translate(text: str, dialect: Dialect, replace_tag: Replace, left: Counter[str]) -> str:
    tokens = tuple(_scan(text, dialect.marks))
    closings: dict[str, list[int]] = {}
    for index, token in enumerate(tokens):
        closings.setdefault(token.name, []).append(index)
    parts: list[str] = []
    position, index = 0, 0
    while index < len(tokens):
        token = tokens[index]
        body, end, following = None, token.end, index + 1
        if token.name in dialect.paired:
            ends = closings.get(dialect.closing.format(token.name), [])
            found = bisect_right(ends, index)
            if found < len(ends):
                last = tokens[ends[found]]
                body, end, following = text[token.end : last.start], last.end, ends[found] + 1
                if token.name not in dialect.verbatim:
                    body = _translate(body, dialect, replace_tag, left)
        arguments = token.content[len(token.name) :].strip()
        source = text[token.start : token.end]
        replacement = replace_tag(Tag(token.mark, token.name, arguments, body, _column(text, token.start), source))
        if replacement is None:
            if not token.name.startswith(("/", "end")):
                left[_label(token, dialect)] += 1
            end, following = token.end, index + 1
            replacement = source
        parts += [text[position : token.start], replacement]
        position, index = end, following
    return "".join((*parts, text[position:]))


def _scan(text: str, marks: tuple[tuple[str, str], ...]) -> Iterator[_Token]:
    """Yield the tags in order, in time linear in the length of the text."""
    opening = re.compile("|".join(re.escape(start) for start, _ in marks))
    ending = dict(marks)
    ends = dict.fromkeys(ending, -1)
    position = 0
    while match := opening.search(text, position):
        mark = match.group()
        position = match.end()
        if ends[mark] < position:
            found = text.find(ending[mark], position)
            ends[mark] = len(text) if found < 0 else found
        end = ends[mark]
        if end == len(text) or mark in text[position:end]:  # not closed, so it is not a tag
            continue
        content = text[position:end].strip().strip("-~").strip()
        position = end + len(ending[mark])
        word = _WORD.match(content)
        yield _Token(match.start(), position, mark, word.group() if word else "", content)


def _label(token: _Token, dialect: Dialect) -> str:
    """Return the tag without arguments for the report; for includes, with the name of the file."""
    name = token.name
    if name in _INCLUDES:
        positional, _ = read_arguments(token.content[len(name) :])
        name = " ".join((name, *positional[:1]))
    return f"{token.mark} {name[:60]} {dict(dialect.marks)[token.mark]}"


def _column(text: str, start: int) -> str:
    """Return the prefix with which a line below the tag stays in the same list item or quotation."""
    near = max(0, start - 64)
    newline = text.rfind("\n", near, start)
    if newline < 0 < near:  # deeper than lists are nested
        return ""
    line = text[newline + 1 : start]
    if not _LIST_MARK.match(line):
        return ""
    return re.sub(r"[^\s>]", " ", line)


def read_arguments(text: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the positional and the named arguments of a tag, without quotation marks."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = match["value"]
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'`":
            value = value[1:-1]
            if match["value"][0] != "`":
                value = re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        if match["key"] is None:
            positional.append(value)
        else:
            named.setdefault(match["key"].lower(), value)
    return tuple(positional), named
