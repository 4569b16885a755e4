"""Matches, checks and decodes the names of an export's members."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from fnmatch import translate
from functools import lru_cache

_WILDCARD = re.compile(r"[*?\[]")
UTF8_NAME = 1 << 11
"""The bit in the flags of a zip member for names in UTF-8."""


@lru_cache(maxsize=128)
def make_matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a function that checks whether a name ends with one of the patterns, ignoring case.

    The last parts of a path are compared: `posts/*.html` matches `export/posts/a.html`, and `*` does not match a slash.
    """
    folded = [pattern.casefold() for pattern in patterns]
    is_file = _match_any(pattern for pattern in folded if "/" not in pattern)
    split = [pattern.split("/") for pattern in folded if "/" in pattern]
    paths = [tuple(_match_any([part]) for part in parts) for parts in split]
    ends_path = _match_any(parts[-1] for parts in split)

    def matches(name: str) -> bool:
        # Every import compares all names with about thirty groups of patterns: read the last part of a path first.
        base = name[name.rfind("/") + 1 :].casefold()
        if is_file(base):
            return True
        if not ends_path(base):
            return False
        parts = name.casefold().split("/")
        for path in paths:
            if len(path) <= len(parts):
                for match, part in zip(path, parts[-len(path) :], strict=True):
                    if not match(part):
                        break
                else:
                    return True
        return False

    return matches


def _match_any(patterns: Iterable[str]) -> Callable[[str], object]:
    """Return a function that checks whether a string matches one of the patterns, which are nearly always plain."""
    wanted = tuple(patterns)
    wild = [pattern for pattern in wanted if _WILDCARD.search(pattern)]
    plain = frozenset(wanted).difference(wild).__contains__
    if not wild:
        return plain
    match = _compile(wild).match
    return match if len(wild) == len(wanted) else lambda string: plain(string) or match(string)


def _compile(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\A(?:{'|'.join(map(translate, patterns))})")


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
