"""What a body says: its number of words, and its beginning as plain text."""

import re
import unicodedata
from functools import cache
from html import unescape

LENGTH = 300
_EAST = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TAG = re.compile(r"<[^>]*+>")
_TAG_BYTES = re.compile(rb"<[^>]*+>")
# In UTF-8, what is from U+3000 on, and white space beyond ASCII.
_UNUSUAL = re.compile(
    rb"[\xc2\xe1-\xf4](?:(?<=[\xe3-\xf4])|(?<=\xc2)[\x85\xa0]|(?<=\xe1)\x9a\x80"
    rb"|(?<=\xe2)(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f))"
)
_ASCII = bytes(range(128))
_EN_DASH, _EM_DASH = "–".encode(), "—".encode()
# White space to spaces, all else to one letter: words then begin where that letter follows a space.
_SHAPES = bytes(32 if bytes([byte]).isspace() else 120 for byte in range(256))
_NOTE = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)
_BLOCK = re.compile(
    r"<(/?)(?:(p)|blockquote|[uod]l|table|figure|aside|details|pre|nav|form|script|style|template|h[1-6])\b[^>]*>",
    re.IGNORECASE,
)


def count_words(html: str) -> int:
    """Count the words of a text in HTML; each Chinese, Japanese or Korean character is one."""
    data = html.encode("utf-8", "surrogatepass")
    beyond = data.translate(None, _ASCII)
    if not _UNUSUAL.search(beyond):  # then bytes do, which are counted without making a word of any
        data = _TAG_BYTES.sub(b" ", data)
        if b"\x80\x93" in beyond or b"\x80\x94" in beyond:
            data = data.replace(_EN_DASH, b" ").replace(_EM_DASH, b" ")
        return (b" " + data.translate(_SHAPES)).count(b" x") - data.count(b" &amp; ")
    if not _find_late().search(html):  # then white space and dashes tell, in a third of an expression's time
        text = _TAG.sub(" ", html.replace("–", " ").replace("—", " "))
        return len(text.split()) - text.count(" &amp; ")
    words = _find_mixed().findall(html)
    return len(words) - words.count("")


@cache
def _find_mixed() -> re.Pattern[str]:
    """Return what finds words beside East Asian characters; wide classes take long to compile, for few texts."""
    return re.compile(rf"<[^>]*>|&#?\w+;|([{_EAST}]|(?:(?![{_EAST}])[^\W_])(?:(?![{_EAST}])[\w'’-])*)")


@cache
def _find_late() -> re.Pattern[str]:
    return re.compile("[\u3040-\U0003ffff]")


def plain(html: str) -> str:
    """Return the text of some inline HTML on one line, without footnote numbers."""
    if "<" in html:
        if "<sup" in html:
            html = _NOTE.sub("", html)
        html = _TAG.sub("", html.replace("<br", " <br"))
    if "&" in html:
        html = unescape(html)
    return " ".join(html.split())


def summarise(html: str) -> str:
    """Return the text of the first paragraph that has any and is not part of a quote, list or the like."""
    depth = 0
    for match in _BLOCK.finditer(html):
        if not match[2]:
            depth += -1 if match[1] else 1
        elif depth == 0 and not match[1]:
            end = html.find("</p>", match.end())
            text = plain(html[match.end() : end if end >= 0 else len(html)])
            if text:
                return _cut(text)
    return ""


def _cut(text: str) -> str:
    if len(text) <= LENGTH:
        return text
    end = text.rfind(" ", LENGTH * 2 // 3, LENGTH)
    if end < 0:
        end = LENGTH - 1
        while end > 1 and _joins(text[end]):
            end -= 1
    return text[:end].rstrip(" ,;:.–—-") + "…"


def _joins(character: str) -> bool:
    """Tell whether a character belongs to the one before it: an accent, a joiner or a variation."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
