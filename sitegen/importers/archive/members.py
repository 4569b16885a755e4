"""What the names of an export's members match, may be, and look like in a report."""

import re
import unicodedata
from fnmatch import fnmatchcase

UTF8_NAME = 1 << 11
"""The bit of a zip member's flags that says that its name is UTF-8."""


def matches(name: str, pattern: str) -> bool:
    """Tell whether the end of a name matches a case-folded pattern, whole parts at a time."""
    tail, wanted = name.casefold().split("/"), pattern.split("/")
    return len(tail) >= len(wanted) and all(map(fnmatchcase, tail[-len(wanted) :], wanted))


def is_unsafe(name: str) -> bool:
    """Tell whether a member's name could mean a place outside the archive."""
    parts = name.split("/")
    return not name or name.startswith("/") or ".." in parts or "\0" in name or bool(re.match("[A-Za-z]:", name))


def printable(text: str) -> str:
    """Return a text in one line without control characters, fit for a report."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") else char for char in text)


def zip_name(name: str, flags: int) -> str:
    """Return the name of a zip's member, which Python has read as CP437 where the zip doesn't say that it is UTF-8.

    Archives made by macOS and many programs hold UTF-8 all the same, without bit 11 of the flags (APPNOTE 4.4.4);
    macOS writes decomposed letters, and links have composed ones: such a name is returned in Unicode form NFC.
    """
    if flags & UTF8_NAME or name.isascii():
        return name
    try:
        return unicodedata.normalize("NFC", name.encode("cp437").decode("utf-8"))
    except UnicodeError:
        return name
