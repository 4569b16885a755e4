"""Derives the title of a post from its first heading or the name of its file."""

import re
from collections import Counter
from html import unescape

from sitegen.content.front_matter.readers import find_heading
from sitegen.formats import lazy_regex

_HASH = lazy_regex.compile(r"(?=[a-f]*[0-9])[0-9a-f]{7,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LEADING_NUMBER = lazy_regex.compile(r"\A\W*+\d++(?:[\s.,):_-]++|\Z)")
_WORD = lazy_regex.compile(r"[^\W\d_]{2}|[^\W\d_\x00-\u02ff]")
MAX_HEADING_CHARACTERS = 600
"""A first heading in HTML ends within this many characters."""

_HTML_HEADING = lazy_regex.compile(r"\s*<h1\b[^<>]*>([^<]*)</h1\s*>[ \t]*\n?", re.IGNORECASE)
_GENERIC = frozenset(("untitled", "index", "post", "posts", "page", "draft", "document", "new", "readme", "text"))


def title_from_name(stem: str) -> str:
    """Derive a title from the name of a file, without date and extension, or return "" for a generic name.

    A leading number is removed. Generic names are numbers, hashes and words such as `untitled`.
    """
    rest = _LEADING_NUMBER.sub("", stem)
    words = " ".join((rest if " " in rest.strip() else re.sub(r"[-_]+", " ", rest)).split())
    if _HASH.fullmatch(stem) or not _WORD.search(words) or words.casefold() in _GENERIC:
        return ""
    return words[:1].upper() + words[1:]


def take_title(title: str, text: str, dropped: Counter[str]) -> tuple[str, str]:
    """Return the title or the first heading, and the text without a first heading that repeats the title."""
    html = _HTML_HEADING.match(text) if "</h1" in text[:MAX_HEADING_CHARACTERS].lower() else None
    heading = unescape(html[1]).strip() if html else find_heading(text)
    if heading and (not title or " ".join(heading.split()).casefold() == " ".join(title.split()).casefold()):
        if title:
            dropped["heading that repeats the title"] += 1
        if html:
            return title or heading, text[html.end() :]
        rows = text.lstrip("\n").split("\n")
        length = 1 if rows[0].lstrip().startswith("#") else 2
        return title or heading, "\n".join(rows[length:])
    return title, text
