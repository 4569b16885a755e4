"""Characters that no XML document may hold, taken out of texts."""

import re

# Beside what XML 1.0 (section 2.2) forbids, U+FDD0 to U+FDEF go: they are for internal use, and quotes.py uses some.
_ALLOWED = re.compile("[\t\n\r -\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")


def clean(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids; a line may end in any of three ways."""
    if not _ALLOWED.fullmatch(text):  # six times as fast as a search for what is forbidden
        text = _FORBIDDEN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text
