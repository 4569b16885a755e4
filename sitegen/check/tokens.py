"""HTML text to its tags, as the tokenizer of the HTML standard (WHATWG, section 13.2.5) sees them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
LONGEST = 4000
"""So many characters of a title, a heading or a link are looked at."""
FOREIGN = frozenset({"svg", "math"})

# Every branch runs on to its end or to the end of the text, so that no text is read twice.
_MARKUP = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment
    r"|(/?)([a-zA-Z][^\s/>]*+)"  # a tag
    r"((?:[^>\"'=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?|[\"'])*+)(>|\Z)"
    r"|(?:[!?][^>]*+|/[^>a-zA-Z][^>]*+)(?:>|\Z))",  # a doctype, or what becomes a comment
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*))?)?")
_TAGS = re.compile(r"<!--.*?-->|<[a-zA-Z/][^>]*>", re.DOTALL)
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in sorted(RAW_TEXT)}
_SPACE = re.compile(r"\s+")


class Tag(NamedTuple):
    """A start or end tag: where it begins and ends in the text, and its place among the tags.

    A page has hundreds of them, and a frozen dataclass takes four times as long to make.
    """

    name: str
    end: bool
    attributes: Mapping[str, str]
    start: int
    stop: int
    order: int
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A page's text, its tags in order, the start tags with attributes, and start and end tags by name.

    What stands in a `template` element is no part of the page until a script uses it, and is only
    among the `tags`. `repeated` are the attributes that a tag gives twice.
    """

    path: str
    text: str
    doctype: str
    tags: tuple[Tag, ...]
    marked: tuple[Tag, ...] = field(repr=False)
    named: Mapping[str, tuple[Tag, ...]] = field(repr=False)
    ends: Mapping[str, tuple[Tag, ...]] = field(repr=False)
    repeated: tuple[tuple[Tag, str], ...] = ()

    def of(self, *names: str) -> Iterator[Tag]:
        """Yield the start tags of some names, name by name."""
        for name in names:
            yield from self.named.get(name, ())

    def line(self, offset: int) -> int:
        """Return the line, from 1, of a place in the text."""
        return self.text.count("\n", 0, offset) + 1

    def end_of(self, tag: Tag) -> Tag | None:
        """Return the next end tag of the same name, for elements that do not hold their own kind."""
        ends = self.ends.get(tag.name, ())
        place = bisect_right(ends, tag.order, key=lambda end: end.order)
        return ends[place] if place < len(ends) else None

    def has_text(self, tag: Tag) -> bool:
        """Tell whether words, or pictures with words, stand between a tag and its end tag."""
        following = self.text[tag.stop : tag.stop + 1]
        return following.isalnum() or bool(self.text_inside(tag))

    def raw_inside(self, tag: Tag) -> str:
        """Return the source text between a tag and its end tag."""
        end = self.end_of(tag)
        return self.text[tag.stop : end.start if end else len(self.text)]

    def text_inside(self, tag: Tag) -> str:
        """Return the words between a tag and its end tag, with the alternative texts of its pictures.

        It is for titles, headings and links: of a longer text it returns the beginning.
        """
        end = self.end_of(tag)
        last = min(end.order if end else len(self.tags), tag.order + 1 + LONGEST // 20)
        pictures = [
            other.attributes.get("alt", "") or other.attributes.get("aria-label", "")
            for other in self.tags[tag.order + 1 : last]
            if not other.end and other.attributes
        ]
        stop = min(end.start if end else len(self.text), tag.stop + LONGEST)
        return plain_text(self.text[tag.stop : stop] + " " + " ".join(pictures))


def plain_text(html: str) -> str:
    """Return the words of some HTML, without tags and with single spaces."""
    return _SPACE.sub(" ", unescape(_TAGS.sub("", html))).strip()


def read_document(path: str, text: str) -> Document:
    """Take a page's text apart into its tags."""
    tags, repeated = read_tags(text)
    named: dict[str, list[Tag]] = {}
    ends: dict[str, list[Tag]] = {}
    marked: list[Tag] = []
    templates = 0
    for tag in tags:
        if tag.end:
            templates = max(0, templates - 1) if tag.name == "template" else templates
            ends.setdefault(tag.name, []).append(tag)
            continue
        if not templates:
            named.setdefault(tag.name, []).append(tag)
            if tag.attributes:
                marked.append(tag)
        templates += tag.name == "template"
    head = text[:1024].lstrip("\ufeff \t\r\n")
    while head.startswith("<!--"):
        head = head.partition("-->")[2].lstrip()
    doctype = head[: head.find(">") + 1] if head[:9].lower() == "<!doctype" else ""
    return Document(path, text, doctype, tuple(tags), tuple(marked), _freeze(named), _freeze(ends), tuple(repeated))


def read_tags(text: str) -> tuple[list[Tag], list[tuple[Tag, str]]]:
    """Return the tags of some HTML in order, and each attribute that a tag gives twice.

    The text of scripts, styles and titles is passed over, as browsers do.
    """
    tags: list[Tag] = []
    repeated: list[tuple[Tag, str]] = []
    place, foreign = 0, 0
    while place >= 0:
        matches, place = _MARKUP.finditer(text, place), -1
        for match in matches:
            slash, name, raw, closed = match.groups()
            if not closed:
                continue
            if not name.islower():
                name = name.lower()
            if name in FOREIGN:
                foreign = max(0, foreign + (-1 if slash else 0 if raw.endswith("/") else 1))
            start, stop = match.span()
            if raw and not slash:
                attributes, doubles = _read_attributes(raw)
                tags.append(Tag(name, False, attributes, start, stop, len(tags), foreign > 0))
                for double in doubles:
                    repeated.append((tags[-1], double))
            else:
                tags.append(Tag(name, slash != "", NO_ATTRIBUTES, start, stop, len(tags), foreign > 0))
            if name in RAW_TEXT and not slash and not foreign:
                end = _RAW_ENDS[name].search(text, stop)
                place = end.start() if end else -1
                break
    return tags, repeated


def _freeze(tags: dict[str, list[Tag]]) -> Mapping[str, tuple[Tag, ...]]:
    return {name: tuple(found) for name, found in tags.items()}


@lru_cache(maxsize=8192)
def _read_attributes(raw: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    attributes: dict[str, str] = {}
    repeated: tuple[str, ...] = ()
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        key = name.lower()
        if key in attributes:
            repeated += (key,)
            continue
        value = double or single or bare
        attributes[key] = unescape(value) if "&" in value else value
    return MappingProxyType(attributes) if attributes else NO_ATTRIBUTES, repeated
