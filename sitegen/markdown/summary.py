"""Count the words of a body, and extract its summary as plain text."""

import re
import unicodedata
from functools import cache
from html import unescape

from sitegen.markdown.admonitions import drop_admonitions

MAX_SUMMARY_CHARACTERS = 300
MAX_COUNTED_CHARACTERS = 1 << 20
"""The length of HTML from which on words are counted in pieces: counting takes up to a hundred bytes for each tag."""

_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TAG = re.compile(r"<[^>]*+>")
_TAG_BYTES = re.compile(rb"<[^>]*+>")
# In UTF-8, characters from U+3000 on, and white space beyond ASCII.
_NON_LATIN_BYTES = re.compile(
    rb"[\xc2\xe1-\xf4](?:(?<=[\xe3-\xf4])|(?<=\xc2)[\x85\xa0]|(?<=\xe1)\x9a\x80"
    rb"|(?<=\xe2)(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f))"
)
_ASCII = bytes(range(128))
# Maps white space to spaces and all else to one letter: words then begin where that letter follows a space.
_WORD_SHAPES = bytes(32 if bytes([byte]).isspace() else 120 for byte in range(256))
_FOOTNOTE_REFERENCE = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)
_BLOCK = re.compile(
    r"<(/?)(?:(p)|blockquote|[uod]l|table|figure|aside|details|pre|nav|form|script|style|template|h[1-6])\b[^>]*>",
    re.IGNORECASE,
)


def count_words(html: str) -> int:
    """Count the words of some HTML; each Chinese, Japanese or Korean character counts as one."""
    if len(html) <= MAX_COUNTED_CHARACTERS:
        return _count_words(html)
    count = start = 0
    while start < len(html):
        # No tag continues after ">".
        end = html.find(">", start + MAX_COUNTED_CHARACTERS) + 1 or len(html)
        count += _count_words(html[start:end])
        start = end
    return count


def _count_words(html: str) -> int:
    text = html.replace("–", " ").replace("—", " ")
    data = text.encode("utf-8", "surrogatepass")
    if not _NON_LATIN_BYTES.search(data.translate(None, _ASCII)):
        # Bytes are enough, and no strings are created for the words.
        data = _TAG_BYTES.sub(b" ", data)
        count = (b" " + data.translate(_WORD_SHAPES)).count(b" x")
        return count - data.count(b" &amp; ") if b"&" in data else count
    if not _east_asian_character().search(text):
        # Split at white space, in a third of the time of a regular expression.
        text = _TAG.sub(" ", text)
        return len(text.split()) - text.count(" &amp; ")
    words = _mixed_script_word().findall(html)
    return len(words) - words.count("")


@cache
def _mixed_script_word() -> re.Pattern[str]:
    """Return a pattern for words and East Asian characters, compiled when first used: large classes take long."""
    return re.compile(
        rf"<[^>]*>|&#?\w+;|([{_EAST_ASIAN}]|(?:(?![{_EAST_ASIAN}])[^\W_])(?:(?![{_EAST_ASIAN}])[\w'’-])*)"
    )


@cache
def _east_asian_character() -> re.Pattern[str]:
    return re.compile("[\u3040-\U0003ffff]")


def strip_tags(html: str) -> str:
    """Return the text of some inline HTML on one line, without footnote numbers."""
    if "<" in html:
        if "<sup" in html:
            html = _FOOTNOTE_REFERENCE.sub("", html)
        html = _TAG.sub("", html.replace("<br", " <br"))
    if "&" in html:
        html = unescape(html)
    return " ".join(html.split())


def summarise(html: str) -> str:
    """Return the first paragraph with text that is not in a quote, list or similar block, truncated."""
    if 'class="admonition ' in html:
        html = drop_admonitions(html)
    depth = 0
    for match in _BLOCK.finditer(html):
        if not match[2]:
            depth += -1 if match[1] else 1
        elif depth == 0 and not match[1]:
            end = html.find("</p>", match.end())
            text = strip_tags(html[match.end() : end if end >= 0 else len(html)])
            if text:
                return _truncate(text)
    return ""


def _truncate(text: str) -> str:
    if len(text) <= MAX_SUMMARY_CHARACTERS:
        return text
    end = text.rfind(" ", MAX_SUMMARY_CHARACTERS * 2 // 3, MAX_SUMMARY_CHARACTERS)
    if end < 0:
        end = MAX_SUMMARY_CHARACTERS - 1
        while end > 1 and _is_combining(text[end]):
            end -= 1
    return text[:end].rstrip(" ,;:.–—-") + "…"


def _is_combining(character: str) -> bool:
    """Return whether a character belongs to the one before it: an accent, a joiner or a variation selector."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
