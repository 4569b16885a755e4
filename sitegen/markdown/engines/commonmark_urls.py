"""Bare URLs as links in CommonMark: place holders for them before it is rendered, links after."""

import re
from collections.abc import Iterator
from html import escape, unescape

from pyromark import Markdown

from sitegen.markdown.bare_urls import compile_bare_url, count_open, target_of, trim

# U+FDD6 and U+FDD7 are in no text (see characters.py).
_HOLDER = re.compile("<[^>]*>|\ufdd6(\\d+)\ufdd7")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SCHEME = re.compile(r"(?:[Hh][Tt][Tt][Pp][Ss]?|ftp)?\Z")
_DEFINITION = re.compile(r"[ >]*\[[^^][^\]]*\]: ")
_BARE_URL = compile_bare_url(_ESCAPED.pattern)


def render_with_links(text: str, markdown: Markdown) -> str:
    """Return the HTML of a text in which bare URLs are links."""
    held, urls = _hold_bare_urls(text, markdown)
    html = markdown.html(held)
    if not urls:
        return html
    linked = 0

    def link(found: re.Match[str]) -> str:
        nonlocal linked
        if not found[1]:
            return found[0]
        linked += 1
        shown = escape(unescape(_ESCAPED.sub(r"\1", urls[int(found[1])])), quote=False).replace('"', "&quot;")
        return f'<a href="{target_of(shown)}">{shown}</a>'

    html = _HOLDER.sub(link, html)
    # A text that means something else with place holders, for example a link that ends elsewhere, keeps its meaning.
    return html if linked == len(urls) else markdown.html(text)


def _hold_bare_urls(text: str, markdown: Markdown) -> tuple[str, list[str]]:
    """Return a text with a place holder for each bare URL that is to become a link, and these URLs as written."""
    found = _find_candidates(text)
    if not found:
        return text, []
    urls: list[str] = []
    parts: list[str] = []
    place = 0
    spans = _find_spans(text, markdown)
    span = next(spans, None)
    for candidate in found:
        start = candidate.start()
        while span and span[1] <= start:
            span = next(spans, None)
        if span is None:
            break
        end = trim(candidate, candidate.end())
        if end is not None and place <= start and span[0] <= start:
            parts += (text[place:start], f"\ufdd6{len(urls)}\ufdd7")
            urls.append(text[start:end])
            place = end
    return "".join([*parts, text[place:]]), urls


def _find_candidates(text: str) -> list[re.Match[str]]:
    """Return what may be bare URLs in a text, but not the targets of links, attributes and definitions.

    Searches for plain strings: an expression that may begin with a letter would be tried at most characters.
    """
    in_links = text.count("](https://") + text.count("](http://")
    if text.count("://") == in_links and text.count("www.") == text.count("://www."):
        return []  # as in most texts
    starts = []
    for mark in ("://", "www."):
        place = text.find(mark)
        while place >= 0:
            scheme = _SCHEME.search(text[max(0, place - 5) : place]) if mark == "://" else None
            start = place - len(scheme[0]) if scheme else place
            before = text[max(0, start - 3) : start]
            if not before.endswith(("<", "](", '="', "='")) and not (before == "]: " and _is_definition(text, start)):
                starts.append(start)
            place = text.find(mark, place + len(mark))
    found = []
    end = 0
    for start in sorted(starts):
        match = _BARE_URL.match(text, start) if start >= end else None
        if match:
            found.append(match)
            end = match.end()
    return found


def _is_definition(text: str, end: int) -> bool:
    line = text[text.rfind("\n", max(0, end - 1000), end) + 1 : end]
    return _DEFINITION.fullmatch(line) is not None


def _find_spans(text: str, markdown: Markdown) -> Iterator[tuple[int, int]]:
    """Yield where a text has plain text outside of links and code, as offsets of its first and last characters."""
    excluded = 0
    raw = 0
    offsets = _Offsets(text)
    for event, span in markdown.events_with_range(text):
        if isinstance(event, str):
            continue
        (kind, value), *_ = event.items()
        if kind == "Start":
            excluded += _is_excluded(value)
        elif kind == "End":
            excluded -= _is_excluded(value)
        elif kind in ("InlineHtml", "Html"):
            raw = count_open(str(value), raw)
        elif kind == "Text" and not excluded and not raw:
            yield offsets.of(span["start"]), offsets.of(span["end"])


def _is_excluded(element: object) -> bool:
    name = element if isinstance(element, str) else next(iter(element)) if isinstance(element, dict) else ""
    return name in ("Link", "Image", "CodeBlock", "MetadataBlock")


class _Offsets:
    """Offsets of characters for those of bytes in UTF-8, asked for in rising order."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._bytes = b"" if self._ascii else text.encode()
        self._place = 0
        self._offset = 0

    def of(self, place: int) -> int:
        """Return the offset of the character that begins at a byte."""
        if self._ascii:
            return place
        if place > self._place:
            self._offset += len(self._bytes[self._place : place].decode())
            self._place = place
        return self._offset
