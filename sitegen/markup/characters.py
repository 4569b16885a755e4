"""Characters that no XML document may hold, taken out of texts and of HTML."""

import re
import sys

# Beside what XML 1.0 (section 2.2) forbids, U+FDD0 to U+FDEF go: they are for internal use, and quotes.py uses some.
_ALLOWED = re.compile("[\t\n\r -\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")

_REFERENCE = re.compile(r"&#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,9}));")


def clean(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids; a line may end in any of three ways."""
    if not _ALLOWED.fullmatch(text):  # six times as fast as a search for what is forbidden
        text = _FORBIDDEN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def clean_references(html: str) -> str:
    """Return HTML without character references to what XML forbids, such as `&#2;`."""
    return _REFERENCE.sub(_keep_allowed, html) if "&#" in html else html


def _keep_allowed(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    return match[0] if number <= sys.maxunicode and _ALLOWED.fullmatch(chr(number)) else ""
