"""Typographic quotes for Python-Markdown, by the characters before and after each straight quote."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape
from unicodedata import category
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from sitegen.formats import lazy_regex

_PIECES = lazy_regex.compile("(\x02[^\x02\x03]*\x03|[\"'])")
_DECADE = re.compile(r"\d\ds\b")
_CLOSING = frozenset("”’)]}»›")
_OPENING = frozenset("“‘([{«‹¿¡-–—/=")
_BLOCK_TAG = lazy_regex.compile(r"</?(?:br|hr|p|div|li|td|th|tr|table|ul|ol|h[1-6])\b", re.IGNORECASE)
_FIRST_EAST_ASIAN = "\u2e80"
"""The first character of scripts without spaces between words."""


@dataclass(slots=True)
class _InlineContent:
    """The inline content of one block: each string with its element and its pieces."""

    strings: list[tuple[Element, str, list[str]]] = field(default_factory=list)
    flat: list[str] = field(default_factory=list)
    quotes: list[tuple[int, list[str], int]] = field(default_factory=list)
    """For each straight quote its position in `flat`, and the list and the index of its piece."""


class QuoteProcessor(Treeprocessor):
    """Replaces straight quotes with English typographic ones, by the rules of CommonMark renderers.

    A quote opens where a word begins and closes where one ends, with any markup between them; an apostrophe
    in a word or before a decade ('80s) closes. Code and other atomic strings are unchanged.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._blocks: dict[object, bool] = {}

    def run(self, root: Element) -> None:
        """Replace the quotes in all strings of a tree."""
        line = _InlineContent()
        self._visit(root, line)
        self._finish(line)

    def _visit(self, element: Element, line: _InlineContent) -> None:
        self._add(element, "text", line)
        for child in element:
            tag = child.tag
            if tag in ("code", "img"):
                line.flat.append("x")
            elif tag in ("pre", "script", "style"):
                self._finish(line)
            elif tag == "br":
                line.flat.append(" ")
            elif tag != "sup" or not str(child.get("id", "")).startswith("fnref"):
                block = self._is_block(tag)
                if block:
                    self._finish(line)
                self._visit(child, line)
                if block:
                    self._finish(line)
            self._add(child, "tail", line)

    def _is_block(self, tag: object) -> bool:
        known = self._blocks.get(tag)
        if known is None:
            known = self._blocks[tag] = not isinstance(tag, str) or self.md.is_block_level(tag)
        return known

    def _add(self, element: Element, name: str, line: _InlineContent) -> None:
        text = element.text if name == "text" else element.tail
        if not text:
            return
        if isinstance(text, AtomicString):
            line.flat.append(text)
        elif '"' in text or "'" in text:
            pieces = _PIECES.split(text)
            line.strings.append((element, name, pieces))
            for index, piece in enumerate(pieces):
                if index % 2 and piece in "\"'":
                    line.quotes.append((len(line.flat), pieces, index))
                    line.flat.append(piece)
                elif index % 2:
                    line.flat.append(self._represent(piece))
                elif piece:
                    line.flat.append(piece)
        elif "\x02" in text:
            line.flat += (self._represent(piece) if n % 2 else piece for n, piece in enumerate(_PIECES.split(text)))
        else:
            line.flat.append(text)

    def _represent(self, placeholder: str) -> str:
        """Return the text of a placeholder, "" for an inline tag."""
        inside = placeholder[1:-1]
        if inside.isdecimal():
            return chr(int(inside)) if int(inside) < 0x110000 else ""
        name, _, number = inside.partition(":")
        if name == "wzxhzdk" and number.isdecimal() and int(number) < self.md.htmlStash.html_counter:
            html = str(self.md.htmlStash.rawHtmlBlocks[int(number)])
            return unescape(html) if html.startswith("&") else " " if _BLOCK_TAG.match(html) else ""
        return "&" if inside == "amp" else ""

    def _finish(self, line: _InlineContent) -> None:
        """Replace the quotes of a block, and start the next block."""
        if line.quotes:
            _decide(line.flat, line.quotes)
            for element, name, pieces in line.strings:
                setattr(element, name, "".join(pieces))
            line.strings.clear()
            line.quotes.clear()
        line.flat.clear()


def _decide(flat: list[str], quotes: Iterable[tuple[int, list[str], int]]) -> None:
    opened = False
    for position, pieces, index in quotes:
        before = next((flat[at][-1] for at in range(position - 1, -1, -1) if flat[at]), " ")
        rest = _first(flat, position + 1)
        if flat[position] == '"':
            opened = _opens(before, rest[:1] or " ", opened=opened)
            mark = "“" if opened else "”"
        else:
            mark = "‘" if _opens_single(before, rest) else "’"
        flat[position] = pieces[index] = mark


def _first(flat: Sequence[str], start: int) -> str:
    """Return the first characters from a position on, as many as a quote depends on."""
    text = ""
    for piece in flat[start:]:
        text += piece[:4]
        if len(text) >= 4:
            break
    return text


def _opens(before: str, after: str, *, opened: bool) -> bool:
    """Return whether a double quote opens, given the characters beside it and whether one is open already."""
    left, right = _flanks(before, after)
    if left != right:
        return left
    if left and not before.isalnum():
        return before in _OPENING
    return not opened and (not left or before >= _FIRST_EAST_ASIAN)


def _opens_single(before: str, rest: str) -> bool:
    after = rest[:1] or " "
    left, right = _flanks(before, after)
    if not left or (before.isalnum() and after.isalnum()):
        return False
    if after.isalnum() and (before in _CLOSING or (before.isspace() and _DECADE.match(rest))):
        return False
    return not right or before in _OPENING


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    """Return whether a quote is left-flanking and whether it is right-flanking (CommonMark, section 6.2)."""
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    return left, right


def _is_mark(character: str) -> bool:
    return not character.isalnum() and category(character)[0] in "PS"
