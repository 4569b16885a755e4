"""Link bare URLs in CommonMark: replace them with placeholders before rendering, and those with links afterwards."""

import re
from collections.abc import Iterator
from html import escape, unescape

from pyromark import Markdown

from sitegen.formats import lazy_regex
from sitegen.markdown.bare_urls import compile_bare_url, count_open, target_of, trim

# U+FDD6 and U+FDD7 are in no post (see characters.py).
_PLACEHOLDER = lazy_regex.compile("<[^>]*>|\ufdd6(\\d+)\ufdd7")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SCHEME = lazy_regex.compile(r"(?:[Hh][Tt][Tt][Pp][Ss]?|ftp)?\Z")
_DEFINITION = re.compile(r"[ >]*\[[^^][^\]]*\]: ")
_BARE_URL = compile_bare_url(_ESCAPED.pattern)


def render_with_links(text: str, markdown: Markdown) -> str:
    """Return the HTML of Markdown with bare URLs linked."""
    if _are_all_in_links(text):  # as in most posts
        return markdown.html(text)
    replaced, urls = _replace_bare_urls(text, markdown)
    html = markdown.html(replaced)
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

    html = _PLACEHOLDER.sub(link, html)
    # If the placeholders change the structure, for example where a link ends, no URL is linked.
    return html if linked == len(urls) else markdown.html(text)


def _replace_bare_urls(text: str, markdown: Markdown) -> tuple[str, list[str]]:
    """Return Markdown with a placeholder for each bare URL to link, and these URLs as written."""
    found = _find_candidates(text)
    if not found:
        return text, []
    urls: list[str] = []
    parts: list[str] = []
    position = 0
    spans = _find_spans(text, markdown)
    span = next(spans, None)
    for candidate in found:
        start = candidate.start()
        while span and span[1] <= start:
            span = next(spans, None)
        if span is None:
            break
        end = trim(candidate, candidate.end())
        if end is not None and position <= start and span[0] <= start:
            parts += (text[position:start], f"\ufdd6{len(urls)}\ufdd7")
            urls.append(text[start:end])
            position = end
    return "".join([*parts, text[position:]]), urls


def _find_candidates(text: str) -> list[re.Match[str]]:
    """Return possible bare URLs, but not the targets of links, attributes and definitions.

    Searches for plain strings: a regular expression that begins with a letter would be tried at most characters.
    """
    starts = []
    for literal in ("://", "www."):
        position = text.find(literal)
        while position >= 0:
            scheme = _SCHEME.search(text[max(0, position - 5) : position]) if literal == "://" else None
            start = position - len(scheme[0]) if scheme else position
            before = text[max(0, start - 3) : start]
            if not before.endswith(("<", "](", '="', "='")) and not (before == "]: " and _is_definition(text, start)):
                starts.append(start)
            position = text.find(literal, position + len(literal))
    found = []
    end = 0
    for start in sorted(starts):
        match = _BARE_URL.match(text, start) if start >= end else None
        if match:
            found.append(match)
            end = match.end()
    return found


def _are_all_in_links(text: str) -> bool:
    """Return whether all strings that a bare URL contains are in the targets of links: each count is a pass."""
    left = text.count("://")
    if left and (left := left - text.count("](https://")):
        left -= text.count("](http://")
    return not left and (not (hosts := text.count("www.")) or hosts == text.count("://www."))


def _is_definition(text: str, end: int) -> bool:
    line = text[text.rfind("\n", max(0, end - 1000), end) + 1 : end]
    return _DEFINITION.fullmatch(line) is not None


def _find_spans(text: str, markdown: Markdown) -> Iterator[tuple[int, int]]:
    """Yield the start and end offsets of plain text outside of links and code."""
    excluded = 0
    raw = 0
    offsets = _Offsets(text)
    for event, span in markdown.events_with_range(text):
        if isinstance(event, str):
            continue
        (event_type, value), *_ = event.items()
        if event_type == "Start":
            excluded += _is_excluded(value)
        elif event_type == "End":
            excluded -= _is_excluded(value)
        elif event_type in ("InlineHtml", "Html"):
            raw = count_open(str(value), raw)
        elif event_type == "Text" and not excluded and not raw:
            yield offsets.of(span["start"]), offsets.of(span["end"])


def _is_excluded(element: object) -> bool:
    name = element if isinstance(element, str) else next(iter(element)) if isinstance(element, dict) else ""
    return name in ("Link", "Image", "CodeBlock", "MetadataBlock")


class _Offsets:
    """Converts offsets of UTF-8 bytes, given in ascending order, to offsets of characters."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._bytes = b"" if self._ascii else text.encode()
        self._position = 0
        self._offset = 0

    def of(self, position: int) -> int:
        """Return the offset of the character that begins at a byte offset."""
        if self._ascii:
            return position
        if position > self._position:
            self._offset += len(self._bytes[self._position : position].decode())
            self._position = position
        return self._offset
