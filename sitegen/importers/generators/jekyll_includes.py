"""Reads the files that Jekyll posts include, if they contain only text."""

import posixpath
import re
from collections.abc import Callable

from sitegen.formats import lazy_regex
from sitegen.formats.delimiters import replace_closed
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.members import is_unsafe
from sitegen.importers.archive.text_encoding import read_text

MAX_INCLUDED_CHARACTERS = MEBIBYTE
"""Total size of the includes in a post, since a short tag can be repeated thousands of times."""

_COMMENT = lazy_regex.compile(
    r"\{%-?\s*+comment\s*+-?%\}.*?(?:\{%-?\s*+endcomment\s*+-?%\}|(?P<unclosed>\Z))", re.DOTALL
)
_LIQUID = re.compile(r"\{%|\{\{")
_MACHINERY = re.compile(r"<(?:script|style|form|link|meta|iframe|html|head|body)\b", re.IGNORECASE)

ReadInclude = Callable[[str, bool], str | None]
"""Returns the content of an included file, by its name and whether it is relative to the post, or None."""


class Includes:
    """Reads and caches the files of `_includes`, and those next to posts, that can be inserted unchanged.

    `source` is the source folder of the site in the archive, with a trailing slash, or "". Files with Liquid other than
    comments, and with scripts, styles or forms, are not inserted.
    """

    def __init__(self, archive: Archive, source: str) -> None:
        self._archive, self._source = archive, source
        self._contents: dict[str, str | None] = {}

    def reader(self, name: str) -> ReadInclude:
        """Return the function that reads the includes of the post `name`, up to the limit for a post."""
        remaining_characters = MAX_INCLUDED_CHARACTERS

        def read(file: str, relative: bool) -> str | None:
            nonlocal remaining_characters
            folder = posixpath.dirname(name) if relative else f"{self._source}_includes"
            path = posixpath.join(folder, file)
            text = self._read(path) if file and not is_unsafe(path) else None
            if text is None or len(text) > remaining_characters:
                return None
            remaining_characters -= len(text)
            return text

        return read

    def _read(self, path: str) -> str | None:
        if path not in self._contents:
            try:
                text = read_text(self._archive, path, MEBIBYTE) if path in self._archive else "{{"
            except UnreadableError:
                text = "{{"
            text = replace_closed(_COMMENT, "", text)
            is_plain_text = not _LIQUID.search(text) and not _MACHINERY.search(text)
            self._contents[path] = text.strip("\n") if is_plain_text else None
        return self._contents[path]
