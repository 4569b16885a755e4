"""Stores the problems that the last checks have found, so that a check of the same site reads none of its files.

The problems depend on the files of the output, the posts, the site's own files (for the lines), the options and the
code. Those of links to other hosts are not stored: their answers change.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import MsgspecError, Raw
from msgspec.msgpack import Decoder, encode

from sitegen.errors import Problem
from sitegen.system.sealed_file import read_sealed, write_sealed

MAX_REPORTS = 4
"""Number of checks whose problems are stored: `check` and `publish` check different things in turn."""

_decode = Decoder(dict[str, Raw]).decode
_decode_problems = Decoder(list[Problem]).decode


class LastReports:
    """The problems of the last checks in a file.

    `key` is the fingerprint of everything that the problems of this check depend on.
    """

    def __init__(self, file: Path, key: str) -> None:
        self._file, self._key = file, key
        contents = read_sealed(file)
        try:
            self._known = _decode(contents) if contents else {}
        except MsgspecError:
            self._known = {}

    def find(self) -> list[Problem] | None:
        """Return the problems of a check with the same key, None if there was none lately."""
        try:
            return _decode_problems(self._known[self._key]) if self._key in self._known else None
        except MsgspecError:  # of another version
            return None

    def add(self, problems: Sequence[Problem]) -> None:
        """Store the problems of this check, in place of the oldest ones."""
        others = [(key, found) for key, found in self._known.items() if key != self._key]
        try:
            reports = dict([*others[1 - MAX_REPORTS :], (self._key, Raw(encode(problems)))])
            write_sealed(self._file, encode(reports), concurrent=True)
        except (OSError, UnicodeEncodeError):  # a read-only folder, a full disk, a lone surrogate in the site
            return
