"""Titles and summaries without the HTML that some platforms keep in them."""

import re
from html import unescape

PAIRED = "em|strong|i|b|u|s|code|span|small|sub|sup|mark|cite|q|del|ins|kbd|abbr|a|p"
_ELEMENT = re.compile(rf"<({PAIRED})(?:\s[^<>]{{0,500}})?>([^<>]*)</\1\s?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_DEEPEST = 10


def plain_line(text: str) -> str:
    """Return a title or summary without inline markup, character references resolved.

    Only whole elements go: a title such as `What <details> does` stays as it is.
    """
    if "<" in text:
        text = _BREAK.sub(" ", text)
        for _ in range(_DEEPEST):
            text, count = _ELEMENT.subn(r"\2", text)
            if not count:
                break
    return _REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text
