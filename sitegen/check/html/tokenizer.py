"""Split HTML into tags, as the tokenizer of the HTML standard (WHATWG, section 13.2.5) does."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import accumulate
from operator import eq
from typing import NamedTuple

from sitegen.check.html.tag_cache import BROKEN, COMMENT, FOREIGN, FORMS, MARKUP, RAW_TEXT, TagForm, next_depth

MAX_READ_CHARACTERS = 4000
"""Number of characters of a title, a heading or a link that are read."""
_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<[a-zA-Z/][^<>]*>", re.DOTALL)
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in sorted(RAW_TEXT)}
_SPACE = re.compile(r"\s+")


class HtmlTag(NamedTuple):
    """A start tag of a page: where it begins and ends in the text, and its place among the tags.

    A page has a hundred of them, and a frozen dataclass takes four times as long to make.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    stop: int
    order: int
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A page's text, the forms of all its tags in order, and where each of them begins.

    `named` leads from the name of a sought element to its start tags, `marked` from an attribute to the
    start tags that have it, `ends` from an element's name to the indexes of its end tags.
    The content of a `template` element is not part of the page until a script uses it, and is only
    among the `forms`. `repeated` are the attributes that a tag gives twice.
    """

    path: str
    text: str
    doctype: str
    forms: Sequence[TagForm] = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    named: Mapping[str, Sequence[HtmlTag]] = field(repr=False)
    marked: Mapping[str, Sequence[HtmlTag]] = field(repr=False)
    ends: Mapping[str, Sequence[int]] = field(repr=False)
    repeated: Sequence[tuple[HtmlTag, str]] = ()

    def of(self, *names: str) -> Iterator[HtmlTag]:
        """Yield the start tags of some sought names, name by name."""
        for name in names:
            yield from self.named.get(name, ())

    def having(self, attributes: Iterable[str]) -> Sequence[HtmlTag]:
        """Return the start tags with any of some marks, in order."""
        found = [self.marked[name] for name in attributes if name in self.marked]
        if len(found) < 2:
            return found[0] if found else ()
        return sorted({tag.order: tag for tags in found for tag in tags}.values(), key=lambda tag: tag.order)

    def line(self, offset: int) -> int:
        """Return the line, from 1, of an offset in the source."""
        return self.text.count("\n", 0, offset) + 1

    def lines(self, offsets: Iterable[int]) -> dict[int, int]:
        """Return the lines of many offsets in the source, which is read once."""
        lines: dict[int, int] = {}
        line, location = 1, 0
        for offset in sorted(offsets):
            line += self.text.count("\n", location, offset)
            lines[offset], location = line, offset
        return lines

    def end_of(self, tag: HtmlTag) -> int | None:
        """Return the index of the next end tag of the same name, for elements that cannot be nested."""
        ends = self.ends.get(tag.name, ())
        location = bisect_right(ends, tag.order)
        return ends[location] if location < len(ends) else None

    def has_text(self, tag: HtmlTag) -> bool:
        """Return whether there is text, or an image with alternative text, between a tag and its end tag."""
        stop, order = tag.stop, tag.order + 1
        following = self.text[stop : stop + 1]
        while following == "<" and stop < tag.stop + MAX_READ_CHARACTERS:
            # Behind a start tag, which does not end the element, a word may follow just so.
            if order == len(self.forms) or self.starts[order] != stop or self.forms[order].end:
                break
            stop += self.forms[order].length
            following = self.text[stop : stop + 1]
            order += 1
        return following.isalnum() or bool(self.text_inside(tag))

    def raw_inside(self, tag: HtmlTag) -> str:
        """Return the source text between a tag and its end tag."""
        end = self.end_of(tag)
        return self.text[tag.stop : len(self.text) if end is None else self.starts[end]]

    def text_inside(self, tag: HtmlTag) -> str:
        """Return the words between a tag and its end tag, with the alternative texts of its images.

        It is for titles, headings and links: of a longer text it returns the beginning.
        """
        end = self.end_of(tag)
        last = min(len(self.forms) if end is None else end, tag.order + 1 + MAX_READ_CHARACTERS // 20)
        alternatives = [
            form.attributes.get("alt", "") or form.attributes.get("aria-label", "")
            for form in self.forms[tag.order + 1 : last]
            if form.attributes
        ]
        stop = min(len(self.text) if end is None else self.starts[end], tag.stop + MAX_READ_CHARACTERS)
        return plain_text(self.text[tag.stop : stop] + " " + " ".join(alternatives))


def plain_text(html: str) -> str:
    """Return the words of some HTML, without tags and with single spaces."""
    return _SPACE.sub(" ", unescape(_TAGS.sub("", html))).strip()


def read_document(path: str, text: str) -> Document:
    """Split a page into its tags."""
    forms, starts = read_tags(text)
    named: dict[str, list[HtmlTag]] = {}
    marked: dict[str, list[HtmlTag]] = {}
    ends: dict[str, list[int]] = {}
    repeated: list[tuple[HtmlTag, str]] = []
    templates, foreign = 0, 0
    for order, form in enumerate(forms):
        if form.common:
            continue
        name = form.name
        if name in FOREIGN:
            foreign = next_depth(foreign, form)
        if form.end:
            templates = max(0, templates - 1) if name == "template" else templates
            ends.setdefault(name, []).append(order)
            continue
        start = starts[order]
        tag = HtmlTag(name, form.attributes, start, start + form.length, order, foreign > 0)
        if form.repeated:
            repeated += [(tag, attribute) for attribute in form.repeated]
        if not templates:
            named.setdefault(name, []).append(tag)
            for mark in form.marks:
                marked.setdefault(mark, []).append(tag)
        templates += name == "template"
    head = text[:1024].lstrip("\ufeff \t\r\n")
    while head.startswith("<!--"):
        head = head.partition("-->")[2].lstrip()
    doctype = head[: head.find(">") + 1] if head[:9].lower() == "<!doctype" else ""
    return Document(path, text, doctype, forms, starts, named, marked, ends, repeated)


def read_tags(text: str) -> tuple[Sequence[TagForm], Sequence[int]]:
    """Return the forms of the tags of some HTML in order, and where each begins.

    The text of scripts, styles and titles is passed over, as browsers do.
    """
    return _read_plain(text) or _read_any(text)


def _read_plain(text: str) -> tuple[Sequence[TagForm], Sequence[int]] | None:
    """Read HTML with "<" and ">" only at the ends of tags; return None for any other.

    Nearly all pages are written so, and to cut them there takes half as long as to go by the standard.
    """
    pieces = text.split("<")
    starts = [location + order for order, location in enumerate(accumulate(map(len, pieces[:-1])))]
    del pieces[0]
    raws = [piece.partition(">")[0] for piece in pieces]
    if any(map(eq, raws, pieces)):
        return None  # there is one without a ">"
    forms = list(map(FORMS.__getitem__, raws))
    special = [order for order, form in enumerate(forms) if form.special]
    for order in special:
        form = forms[order]
        if form is BROKEN or (form is not COMMENT and not _ends_at_once(forms, order)):
            return None
    comments = [order for order in special if forms[order] is COMMENT]
    for order in reversed(comments):
        del forms[order], starts[order]
    return forms, starts


def _ends_at_once(forms: Sequence[TagForm], order: int) -> bool:
    """Return whether the next tag, if any, ends the raw text after a tag."""
    following = forms[order + 1 : order + 2]
    return not following or (following[0].end and following[0].name == forms[order].name)


def _read_any(text: str) -> tuple[Sequence[TagForm], Sequence[int]]:
    """Split any HTML, as the standard specifies."""
    forms: list[TagForm] = []
    starts: list[int] = []
    location, foreign = 0, 0
    while location >= 0:
        matches, location = MARKUP.finditer(text, location), -1
        for match in matches:
            if not match.group(4):
                continue  # a comment, or a tag that the end of the text cuts off
            form = FORMS[match.group()[1:-1]]
            if form.name in FOREIGN:
                foreign = next_depth(foreign, form)
            forms.append(form)
            starts.append(match.start())
            if form.special and not foreign:
                end = _RAW_ENDS[form.name].search(text, match.end())
                location = end.start() if end else -1
                break
    return forms, starts
