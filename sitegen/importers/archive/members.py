"""What the names of an export's members match, may be, and look like in a report."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from fnmatch import translate

UTF8_NAME = 1 << 11
"""The bit of a zip member's flags that says that its name is UTF-8."""


def make_matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that returns whether the end of a name matches one of the patterns, without regard to case.

    Whole parts are compared: `posts/*.html` matches `export/posts/a.html`, and `*` does not cross a slash.
    """
    folded = [pattern.casefold() for pattern in patterns]
    # Nearly all patterns have one part: one regular expression for them all spares a call for each.
    files = _compile(pattern for pattern in folded if "/" not in pattern).match
    paths = [tuple(map(_part_matcher, pattern.split("/"))) for pattern in folded if "/" in pattern]

    def matches(name: str) -> bool:
        parts = name.casefold().split("/")
        if files(parts[-1]):
            return True
        number = len(parts)
        return any(
            len(path) <= number and all(match(part) for match, part in zip(path, parts[-len(path) :], strict=True))
            for path in paths
        )

    return matches


def _part_matcher(pattern: str) -> Callable[[str], object]:
    return pattern.__eq__ if not re.search(r"[*?\[]", pattern) else _compile([pattern]).match


def _compile(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\A(?:{'|'.join(map(translate, patterns)) or '(?!)'})")


def is_unsafe(name: str) -> bool:
    """Return whether a member's name could mean a place outside the archive."""
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
