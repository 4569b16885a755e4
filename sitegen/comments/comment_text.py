"""The text of comments, from their HTML."""

import re
from collections.abc import Sequence
from html import unescape

from sitegen.formats import lazy_regex

_INLINE_TAG = lazy_regex.compile(r"</?(?:a|code|del|em|strong|sub|sup)(?=[ >])[^<>]*>")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_BETWEEN = "</p>\n\0<p>"


def texts_of_comments(htmls: Sequence[str]) -> list[str]:
    """Return the text of each HTML from `render_comment`, as `text_of` does for any HTML, with single spaces.

    All are changed as one string, joined by NUL, which no HTML has: this takes a third of the time.
    """
    if not htmls:
        return []
    joined = "\0".join(htmls).replace("</p>\n<p>", " ")
    found = _read_paragraphs(joined, len(htmls))
    if found is None:
        joined = _INLINE_TAG.sub("", joined)
        found = _read_paragraphs(joined, len(htmls))
    if found is None:
        found = _TAG.sub(" ", joined)
    if "&" in found:
        found = unescape(found)
    texts = found.split("\0")
    return [" ".join(text.split()) for text in texts] if "\n" in found or "  " in found else texts


def _read_paragraphs(joined: str, count: int) -> str | None:
    """Return the text of `count` comments without tags if each is one paragraph of text, as most are, or None."""
    if joined.startswith("<p>") and joined.count("<") == 2 * count and joined.count(_BETWEEN) == count - 1:
        return joined[3:].replace(_BETWEEN, "\0").removesuffix("</p>\n")
    return None
