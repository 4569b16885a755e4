"""Remove characters that XML forbids from Markdown and HTML."""

import re
import sys

from sitegen.formats import lazy_regex
from sitegen.formats.characters import XML_FORBIDDEN

# U+FDD0 to U+FDEF are for internal use, and quotes.py uses some.
_FORBIDDEN = lazy_regex.compile(f"[{XML_FORBIDDEN}\ufdd0-\ufdef]+")

# Bytes that are in no forbidden character in UTF-8: those of U+FDD0 and U+FFFE begin with EF, surrogates with ED.
_SUSPECT = bytes({*range(32), 0xED, 0xEF} - {9, 10, 13})
_SUSPECT_REPLACED = bytes.maketrans(_SUSPECT, b"\xff" * len(_SUSPECT))  # FF is in no UTF-8

_REFERENCE = lazy_regex.compile(r"&#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,9}));")


def clean(text: str) -> str:
    """Return a string without the characters that XML 1.0 forbids, and with LF line ends."""
    data = text.encode("utf-8", "surrogatepass")
    if data.translate(_SUSPECT_REPLACED) != data:  # a tenth of the time of a regular expression
        text = _FORBIDDEN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def has_reference(text: str) -> bool:
    """Return whether a string may have a reference to a character by its number, such as `&#2;`."""
    return "&" in text and "&#" in text  # one character is found in a tenth of the time


def clean_references(html: str) -> str:
    """Return HTML without references to characters that XML forbids, such as `&#2;`."""
    return _REFERENCE.sub(_keep_allowed, html) if has_reference(html) else html


def _keep_allowed(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    return match[0] if number <= sys.maxunicode and not _FORBIDDEN.match(chr(number)) else ""
