"""Converts text of WordPress's classic editor to HTML: blank lines separate paragraphs, single newlines are breaks."""

import re
from collections.abc import Iterator

from sitegen.formats.delimiters import find_closed, replace_closed

WHOLE = "ul|ol|dl|table|pre|script|style|figure|form|select|details|p|h1|h2|h3|h4|h5|h6|video|audio|object"
SPLIT = "div|blockquote|section|article|center|aside|address|header|footer|nav|main|hr|fieldset"
_WHOLE_ELEMENT = re.compile(rf"<(/?)({WHOLE})\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_SPLITTING_TAG = re.compile(rf"</?(?:{SPLIT})\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
# A comment that is not closed on its line cannot be closed by a later one on the same line.
_MORE_COMMENT = re.compile(
    r"<!--\s*+(?:more\b(?:(?!-->).|(?!))*+(?:\s*+-->|(?P<unclosed>))|(?:nextpage|noteaser)\s*+-->)"
)
_URL_LINE = re.compile(r"^[ \t]*+(https?://[^\s<>\"']++)[ \t]*+$", re.MULTILINE)


def is_classic(text: str) -> bool:
    """Return whether a post was written in the classic editor, and not in blocks or as complete HTML."""
    return "<!-- wp:" not in text and not re.search(r"<p[\s>]", text, re.IGNORECASE)


def add_paragraphs(text: str) -> str:
    """Return classic text with paragraphs and line breaks as elements, and bare URLs as links."""
    text = replace_closed(_MORE_COMMENT, "\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    for part, is_whole_element in _segments(text):
        parts += [part] if is_whole_element else _paragraphs(part)
    return "\n".join(parts)


def link_bare_lines(text: str) -> str:
    """Replace each URL on a line of its own, which WordPress would embed, with a link."""
    return _URL_LINE.sub(r'<a href="\1">\1</a>', text)


def _segments(text: str) -> Iterator[tuple[str, bool]]:
    """Yield complete elements, in which newlines have no meaning, and the text between them, each with a flag."""
    start = depth = opened = 0
    outer = ""
    for match in find_closed(_WHOLE_ELEMENT, text):
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
    for tag in find_closed(_SPLITTING_TAG, text):
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
