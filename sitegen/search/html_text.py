"""Extract the searchable plain text of HTML."""

import re
from html import unescape

from sitegen.formats import lazy_regex

# Unclosed elements extend to the end, as in a browser. No pattern runs past a "<" in a tag, so that each takes linear
# time for any HTML.
# The first letters are tested before the names: that rejects most tags in a third of the time.
_UNREAD = lazy_regex.compile(
    r"<(?=[!stm])(?:!--.*?(?:-->|\Z)|(script|style|template|svg|math)\b.*?(?:</\1\s*>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_BACK_LINK = lazy_regex.compile(
    r"<a\b[^<>]*\bfootnote-backref\b.*?(?:</a\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = lazy_regex.compile(
    r"</?(?=[a-eikmq-w])(?:em|a(?:bbr)?|strong|code|b(?:d[io])?|cite|d(?:ata|el|fn)|i(?:ns)?|kbd|mark|q|ruby"
    r"|s(?:amp|mall|pan|u[bp])?|time|u|var|wbr)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def text_of(html: str) -> str:
    """Return the text of HTML without tags, scripts, styles, comments and the back links of footnotes.

    Tags of phrasing content (HTML Standard, 3.2.5.2.5) are removed, because they may be inside a word; all
    others are replaced with a space.
    """
    html = _UNREAD.sub(" ", html)
    if "footnote-backref" in html:
        html = _BACK_LINK.sub(" ", html)
    return unescape(_TAG.sub(" ", _INLINE.sub("", html)))
