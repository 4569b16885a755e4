"""Removes HTML from titles and summaries, where some platforms store it."""

import re
from html import unescape

from sitegen.formats import lazy_regex
from sitegen.formats.characters import restore_windows_1252

PAIRED = "em|strong|i|b|u|s|code|span|small|sub|sup|mark|cite|q|del|ins|kbd|abbr|a|p"
_ELEMENT = lazy_regex.compile(rf"<({PAIRED})(?:\s[^<>]{{0,500}})?>([^<>]*)</\1\s?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_REFERENCE = lazy_regex.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_MAX_NESTING = 10


def plain_line(text: str) -> str:
    """Return a title or summary without inline elements, with character references resolved and quotes restored.

    Unclosed tags stay: a title such as `What <details> does` is unchanged.
    """
    text = restore_windows_1252(text)
    if "<" in text:
        text = _BREAK.sub(" ", text)
        for _ in range(_MAX_NESTING):
            text, count = _ELEMENT.subn(r"\2", text)
            if not count:
                break
    return _REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text
