"""Finds the template tags in a text, pairs those that have a body, and puts what they mean in their place."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[^\s|,(=]+")
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[A-Za-z_][\w.-]*)\s*(?:=|:(?!//))\s*)?"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^\s,]+)""",
    re.DOTALL,
)
_INCLUDES = frozenset(("include", "include_cached", "include_relative", "render", "partial"))
_LIST_MARK = re.compile(r"(?:[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>)*\Z")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one template language writes its tags.

    `marks` are the pairs that open and close a tag; `paired` names the tags that have a body, and
    `closing` is the name of the tag that ends one, with `{}` for the opening tag's name; the body
    of a tag in `verbatim` holds no tags.
    """

    marks: tuple[tuple[str, str], ...]
    paired: frozenset[str]
    closing: str
    verbatim: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: `mark` opened it, `body` is None where it has none, `column` is the indent that its line has."""

    mark: str
    name: str
    arguments: str
    body: str | None
    column: str
    source: str


Meaning = Callable[[Tag], str | None]
"""Says what stands in a tag's place; None leaves the tag as it is."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    mark: str
    name: str
    content: str


def translate(
    text: str, dialect: Dialect, meaning: Meaning, form: Callable[[str], str] = str
) -> tuple[str, Counter[str]]:
    """Return the text with each tag replaced by its meaning, and how often each tag's source was left as it was.

    `form` gives the meaning the form of the text around it.
    """

    def formed(tag: Tag) -> str | None:
        found = meaning(tag)
        return None if found is None else form(found)

    left: Counter[str] = Counter()
    return _translate(text, dialect, formed, left), left


def _translate(text: str, dialect: Dialect, meaning: Meaning, left: Counter[str]) -> str:
    tokens = tuple(_scan(text, dialect.marks))
    closings: dict[str, list[int]] = {}
    for index, token in enumerate(tokens):
        closings.setdefault(token.name, []).append(index)
    parts: list[str] = []
    place, index = 0, 0
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
                    body = _translate(body, dialect, meaning, left)
        arguments = token.content[len(token.name) :].strip()
        source = text[token.start : token.end]
        replacement = meaning(Tag(token.mark, token.name, arguments, body, _column(text, token.start), source))
        if replacement is None:
            if not token.name.startswith(("/", "end")):
                left[_label(token, dialect)] += 1
            end, following = token.end, index + 1
            replacement = source
        parts += [text[place : token.start], replacement]
        place, index = end, following
    return "".join((*parts, text[place:]))


def _scan(text: str, marks: tuple[tuple[str, str], ...]) -> Iterator[_Token]:
    """Yield the tags in order, in time linear in the text's length."""
    opening = re.compile("|".join(re.escape(start) for start, _ in marks))
    ending = dict(marks)
    ends = dict.fromkeys(ending, -1)
    place = 0
    while match := opening.search(text, place):
        mark = match.group()
        place = match.end()
        if ends[mark] < place:
            found = text.find(ending[mark], place)
            ends[mark] = len(text) if found < 0 else found
        end = ends[mark]
        if end == len(text) or mark in text[place:end]:  # it is never closed: text that looks like a tag
            continue
        content = text[place:end].strip().strip("-~").strip()
        place = end + len(ending[mark])
        word = _WORD.match(content)
        yield _Token(match.start(), place, mark, word.group() if word else "", content)


def _label(token: _Token, dialect: Dialect) -> str:
    """Return the tag as a report names it: without its arguments, but for the file that an include names."""
    name = token.name
    if name in _INCLUDES:
        positional, _ = read_arguments(token.content[len(name) :])
        name = " ".join((name, *positional[:1]))
    return f"{token.mark} {name[:60]} {dict(dialect.marks)[token.mark]}"


def _column(text: str, start: int) -> str:
    """Return the blank text that a line below the tag needs to stay in the same list item or quotation."""
    near = max(0, start - 64)
    newline = text.rfind("\n", near, start)
    if newline < 0 < near:  # further in than any list goes
        return ""
    line = text[newline + 1 : start]
    if not _LIST_MARK.match(line):
        return ""
    return re.sub(r"[^\s>]", " ", line)


def read_arguments(text: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the arguments of a tag without a key, and those with one, quotation marks taken off."""
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
