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
    if not _are_paragraphs(joined, len(htmls)):
        joined = _INLINE_TAG.sub("", joined)
    if _are_paragraphs(joined, len(htmls)):
        joined = joined[3:].replace(_BETWEEN, "\0").removesuffix("</p>\n")
    else:
        joined = _TAG.sub(" ", joined)
    if "&" in joined:
        joined = unescape(joined)
    texts = joined.split("\0")
    return [" ".join(text.split()) for text in texts] if "\n" in joined or "  " in joined else texts


def _are_paragraphs(joined: str, count: int) -> bool:
    """Return whether each of `count` comments is one paragraph of text, as most are."""
    return joined.startswith("<p>") and joined.count("<") == 2 * count and joined.count(_BETWEEN) == count - 1
