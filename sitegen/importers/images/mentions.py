"""Finds the names of media files in any text: Markdown, HTML, CSS, templates, TOML, YAML, JSON and Python."""

import re
from collections.abc import Iterator
from html import unescape
from posixpath import splitext
from urllib.parse import unquote

from sitegen.importers.output.images import FILE_EXTENSIONS, IMAGE_EXTENSIONS

MEDIA_EXTENSIONS = frozenset((*IMAGE_EXTENSIONS, *FILE_EXTENSIONS))
"""The endings of files that a page shows, plays or offers to download."""

_WORD = re.compile(r"[^\s\"'()<>,;=|\[\]{}`]++")
_PHRASE = re.compile(r"[^\"'<>|\r\n`]++")
_LONG_PHRASE = re.compile(r"[^\"<>\r\n]++")
"""A name may contain spaces and parentheses, and within double quotes an apostrophe."""

_BEFORE_NAME = (": ", "- ", "](", "= ", "=", ", ", "(", "[")
"""What may precede an unquoted name within a phrase: the syntax of YAML, TOML, Markdown, lists and attributes."""

_BEFORE_ROOTED = frozenset(" \t\r\n\"'(}>`")


def is_media(path: str) -> bool:
    """Return whether a path is that of an image, a sound, a film or a document, by its ending."""
    return splitext(path)[1].lower() in MEDIA_EXTENSIONS


def path_of(url: str) -> str:
    """Return the decoded path of a URL as it is written, without query and fragment."""
    return unquote(unescape(url).partition("?")[0].partition("#")[0])


def find_mentions(text: str) -> Iterator[str]:
    """Yield each name, path or URL of a media file in a string, decoded; one with spaces in several forms."""
    for match in _WORD.finditer(text):
        if is_media(name := path_of(match[0].rstrip(".:!*_~"))):
            yield name
    phrases = [match[0].strip() for match in _PHRASE.finditer(text)]
    phrases += [match[0].strip() for match in _LONG_PHRASE.finditer(text) if "'" in match[0]]
    for phrase in phrases:
        for form in (phrase, phrase.rstrip("])},;.")):
            if is_media(name := path_of(form)) and any(mark in name for mark in " ()[],;='"):
                yield name
                yield from (name.rpartition(mark)[2].strip() for mark in _BEFORE_NAME if mark in name)


def find_rooted(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the value of each path of a media file that begins with a slash."""
    for match in _WORD.finditer(text):
        word, start = match[0].rstrip(".:!"), match.start()
        is_rooted = word[:1] == "/" and word[:2] != "//" and (not start or text[start - 1] in _BEFORE_ROOTED)
        if is_rooted and is_media(path_of(word)):
            yield start, word
