"""What the names of an export's members match, may be, and look like in a report."""

import re
import unicodedata
from fnmatch import fnmatchcase


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
