"""Matches, checks and decodes the names of an export's members."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from fnmatch import translate

UTF8_NAME = 1 << 11
"""The bit in the flags of a zip member for names in UTF-8."""


def make_matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that checks whether a name ends with one of the patterns, ignoring case.

    The last parts of a path are compared: `posts/*.html` matches `export/posts/a.html`, and `*` does not match a slash.
    """
    folded = [pattern.casefold() for pattern in patterns]
    # Nearly all patterns have one part: a single regular expression for all of them avoids a call for each.
    files = _compile(pattern for pattern in folded if "/" not in pattern).match
    split = [pattern.split("/") for pattern in folded if "/" in pattern]
    paths = [tuple(map(_part_matcher, parts)) for parts in split]
    ends = _compile(parts[-1] for parts in split).match

    def matches(name: str) -> bool:
        parts = name.casefold().split("/")
        if files(parts[-1]):
            return True
        if not ends(parts[-1]):
            return False
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
    """Return whether a member's name could be a path outside the archive."""
    parts = name.split("/")
    return not name or name.startswith("/") or ".." in parts or "\0" in name or bool(re.match("[A-Za-z]:", name))


def printable(text: str) -> str:
    """Return a string on one line, with control characters replaced by spaces, for the report."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") else char for char in text)


def zip_name(name: str, flags: int) -> str:
    """Return the decoded name of a zip member that Python has read as CP437.

    macOS and many programs write UTF-8 without setting bit 11 of the flags (APPNOTE 4.4.4). macOS also decomposes
    letters, unlike links to the file: such names are returned in Unicode form NFC.
    """
    if flags & UTF8_NAME or name.isascii():
        return name
    try:
        return unicodedata.normalize("NFC", name.encode("cp437").decode("utf-8"))
    except UnicodeError:
        return name
