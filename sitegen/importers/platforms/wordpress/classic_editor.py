"""Turns the text of WordPress's classic editor into HTML: blank lines mean paragraphs, single ones breaks."""

import re
from collections.abc import Iterator

from sitegen.formats.delimiters import find_closed, replace_closed

WHOLE = "ul|ol|dl|table|pre|script|style|figure|form|select|details|p|h1|h2|h3|h4|h5|h6|video|audio|object"
SPLIT = "div|blockquote|section|article|center|aside|address|header|footer|nav|main|hr|fieldset"
_WHOLE = re.compile(rf"<(/?)({WHOLE})\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_SPLIT = re.compile(rf"</?(?:{SPLIT})\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
# A mark that does not end on its line closes none that begins later on the line either.
_MARKS = re.compile(r"<!--\s*+(?:more\b(?:(?!-->).)*+(?:\s*+-->|(?P<unclosed>))|(?:nextpage|noteaser)\s*+-->)")
_URL_LINE = re.compile(r"^[ \t]*+(https?://[^\s<>\"']++)[ \t]*+$", re.MULTILINE)


def is_classic(text: str) -> bool:
    """Return whether a text was written in the classic editor rather than in blocks or as whole HTML."""
    return "<!-- wp:" not in text and not re.search(r"<p[\s>]", text, re.IGNORECASE)


def add_paragraphs(text: str) -> str:
    """Return a classic text with its paragraphs and line breaks as elements, and bare addresses as links."""
    text = replace_closed(_MARKS, "\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    for part, whole in _segments(text):
        parts += [part] if whole else _paragraphs(part)
    return "\n".join(parts)


def link_bare_lines(text: str) -> str:
    """Return HTML in which an address alone on its line, which WordPress embeds, is a link."""
    return _URL_LINE.sub(r'<a href="\1">\1</a>', text)


def _segments(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text's parts: whole elements, within which lines mean nothing, and what lies between them."""
    start = depth = opened = 0
    outer = ""
    for match in find_closed(_WHOLE, text):
        closing, tag = match[1] == "/", match[2].lower()
        if depth == 0 and not closing:
            if match.start() > start:
                yield text[start : match.start()], False
            opened, outer, depth = match.start(), tag, 1
        elif depth and tag == outer:
            depth += -1 if closing else 1
            if depth == 0:
                yield text[opened : match.end()], True
                start = match.end()
    if depth:
        yield text[opened:], True
    elif start < len(text):
        yield text[start:], False


def _paragraphs(text: str) -> Iterator[str]:
    start = 0
    for tag in find_closed(_SPLIT, text):
        yield from _split_paragraphs(text[start : tag.start()])
        yield tag[0]
        start = tag.end()
    yield from _split_paragraphs(text[start:])


def _split_paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n[ \t]*+\n", text):
        lines = [line.strip() for line in paragraph.strip().split("\n")]
        if any(lines):
            linked = (link_bare_lines(line) for line in lines)
            yield f"<p>{'<br>'.join(linked)}</p>"
