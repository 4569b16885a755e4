"""Recognises raw HTML that needs no repair: described images, and common elements that are nested and closed."""

import re

from sitegen.formats.html_elements import names
from sitegen.importers.markdown_source.html_tokens import BLOCK_MARKS, HANDLER, TOKEN
from sitegen.importers.markdown_source.links import MarkdownScan

_INLINE = names(
    "a abbr b big cite code del em font i iframe ins kbd mark s small span strong sub sup u video audio"
)  # fmt: skip
_BLOCKS = names("blockquote center details div figcaption figure p section summary")
_VOID = names("br img source wbr")
_MAX_OPEN = 50
_ALT = re.compile(rb"\salt\b")
# An entity may be white space. The last range has the first bytes of U+00C0 to U+07FF in UTF-8.
_VISIBLE_TEXT = rb"[^\"&<>\w\xc3-\xdf]*+[\w\xc3-\xdf]"
_DESCRIBED = re.compile(rb"\salt=\"" + _VISIBLE_TEXT + rb"[^\"&<>]*\"")
_LABEL = re.compile(rb"[^\[\]`&<>]*[\w\xc3-\xdf][^\[\]`&<>]*|\s*(?:<img\s[^<>]*>\s*)+")

_Open = tuple[str, int, int]
"""An open element: its name, the number of the span with its start tag, and the end of that tag."""


def is_plain(data: bytes, found: MarkdownScan) -> bool:
    """Return whether the HTML in Markdown certainly needs no repair, by its UTF-8 bytes and its scan.

    Only common elements are recognised, which begin and end in the same block of HTML or on the same line.
    """
    opened: list[_Open] = []
    for number, (start, end) in enumerate(found.html):
        if BLOCK_MARKS.search(data, start, end):
            return False
        for token in TOKEN.finditer(data, start, end):
            if not _is_plain_tag(data, token, number, opened):
                return False
    return not opened and not found.has_loose_html


def _is_plain_tag(data: bytes, token: re.Match[bytes], number: int, opened: list[_Open]) -> bool:
    """Return whether a tag or comment in a span needs no repair, and update the open elements."""
    if token["name"] is None:
        return token[0].endswith(b"-->")
    name, rest = token["name"].decode("utf-8", "replace").lower(), token["rest"]
    if token["end"]:
        return bool(opened) and _is_plain_end(data, token.start(), name, number, opened.pop())
    if HANDLER.search(rest):
        return False
    if name in _VOID:
        return name != "img" or (len(_ALT.findall(rest)) == 1 and _DESCRIBED.search(rest) is not None)
    outer = {item[0] for item in opened}
    if rest.endswith(b"/") or (name == "a" and "a" in outer) or len(opened) == _MAX_OPEN:
        return False
    opened.append((name, number, token.end()))
    return name in _INLINE or (name in _BLOCKS and outer <= _BLOCKS and "p" not in outer)


def _is_plain_end(data: bytes, position: int, name: str, number: int, item: _Open) -> bool:
    """Return whether an end tag closes the last open element, and that element needs no repair."""
    opened_name, opened_number, start = item
    inside = data[start:position]
    if name != opened_name or (name == "a" and not _LABEL.fullmatch(inside)):
        return False
    return number == opened_number or (name not in _BLOCKS and b"\n" not in inside and b"|" not in inside)
