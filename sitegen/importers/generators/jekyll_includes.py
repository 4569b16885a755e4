"""Reads the files that Jekyll posts include, where these hold nothing but text."""

import posixpath
import re
from collections.abc import Callable

from sitegen.formats.delimiters import replace_closed
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.members import is_unsafe
from sitegen.importers.archive.text_encoding import read_text

MAX_INCLUDED_CHARACTERS = MEBIBYTE
"""What one post may include in all: an include costs a few characters, and could be written thousands of times."""

_COMMENT = re.compile(r"\{%-?\s*+comment\s*+-?%\}.*?(?:\{%-?\s*+endcomment\s*+-?%\}|(?P<unclosed>\Z))", re.DOTALL)
_LIQUID = re.compile(r"\{%|\{\{")
_MACHINERY = re.compile(r"<(?:script|style|form|link|meta|iframe|html|head|body)\b", re.IGNORECASE)

ReadInclude = Callable[[str, bool], str | None]
"""Gives the text of a file that a post includes, by its name and whether that is relative to the post."""


class Includes:
    """Holds the documents of `_includes` (and of files beside posts) that can be in a post as they are.

    `source` is the site's source folder in the archive, with a slash at the end, or "". A file that holds Liquid,
    other than comments, or scripts, styles and forms is not put in.
    """

    def __init__(self, archive: Archive, source: str) -> None:
        self._archive, self._source = archive, source
        self._texts: dict[str, str | None] = {}

    def reader(self, name: str) -> ReadInclude:
        """Return the function that reads what the post `name` includes, within the limit for one post."""
        left = MAX_INCLUDED_CHARACTERS

        def read(file: str, relative: bool) -> str | None:
            nonlocal left
            folder = posixpath.dirname(name) if relative else f"{self._source}_includes"
            path = posixpath.join(folder, file)
            text = self._read(path) if file and not is_unsafe(path) else None
            if text is None or len(text) > left:
                return None
            left -= len(text)
            return text

        return read

    def _read(self, path: str) -> str | None:
        if path not in self._texts:
            try:
                text = read_text(self._archive, path, MEBIBYTE) if path in self._archive else "{{"
            except UnreadableError:
                text = "{{"
            text = replace_closed(_COMMENT, "", text)
            plain = not _LIQUID.search(text) and not _MACHINERY.search(text)
            self._texts[path] = text.strip("\n") if plain else None
        return self._texts[path]
