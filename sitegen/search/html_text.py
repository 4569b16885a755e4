"""Extract the searchable plain text of HTML."""

import re
from html import unescape

from sitegen.formats import lazy_regex

# Unclosed elements extend to the end, as in a browser. No pattern runs past a "<" in a tag, so that each takes linear
# time for any HTML.
_UNREAD = lazy_regex.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|svg|math)\b.*?(?:</\1\s*>|\Z)"
    r"|<a\b[^<>]*\bfootnote-backref\b.*?(?:</a\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = lazy_regex.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|i|ins|kbd|mark|q|ruby|s|samp|small|span|strong|sub|sup|time|u"
    r"|var|wbr)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def text_of(html: str) -> str:
    """Return the text of HTML without tags, scripts, styles, comments and the back links of footnotes.

    Tags of phrasing content (HTML Standard, 3.2.5.2.5) are removed, because they may be inside a word; all
    others are replaced with a space.
    """
    return unescape(_TAG.sub(" ", _INLINE.sub("", _UNREAD.sub(" ", html))))
