"""Stores the problems that the last checks have found, so that a check of the same site reads none of its files.

Their lines in the files of posts are stored as well: a check of a changed site searches only the posts that changed.

The problems depend on the files of the output, the posts, the site's own files (for the lines), the options and the
code. Those of links to other hosts are not stored: their answers change.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import MsgspecError, Raw, Struct, field
from msgspec.msgpack import Decoder, encode

from sitegen.check.source_locations import PostLines
from sitegen.errors import Problem
from sitegen.system.sealed_file import read_sealed, write_sealed

MAX_REPORTS = 2
"""Number of checks whose problems are stored: `check` and `publish` check different things in turn."""


class _StoredReports(Struct, frozen=True, array_like=True):
    """The content of the file: encoded problems by the key of a check, the oldest first, and encoded lines."""

    reports: dict[str, Raw] = field(default_factory=dict)
    lines: Raw = Raw(encode({}))


_decode = Decoder(_StoredReports).decode
_decode_problems = Decoder(list[Problem]).decode
_decode_lines = Decoder(dict[str, PostLines]).decode


class LastReports:
    """The problems of the last checks in a file.

    `key` is the fingerprint of everything that the problems of this check depend on.
    """

    def __init__(self, file: Path, key: str) -> None:
        self._file, self._key = file, key
        contents = read_sealed(file)
        try:
            self._stored = _decode(contents) if contents else _StoredReports()
        except MsgspecError:  # of another version
            self._stored = _StoredReports()

    def find(self) -> list[Problem] | None:
        """Return the problems of a check with the same key, None if there was none lately."""
        report = self._stored.reports.get(self._key)
        try:
            return None if report is None else _decode_problems(report)
        except MsgspecError:
            return None

    def find_lines(self) -> dict[str, PostLines]:
        """Return the lines in the files of posts that the last check has found, by the paths of the files."""
        try:
            return _decode_lines(self._stored.lines)
        except MsgspecError:
            return {}

    def add(self, problems: Sequence[Problem], lines: Mapping[str, PostLines]) -> None:
        """Store the problems of this check, in place of the oldest ones, and its lines in the files of posts."""
        others = [(key, report) for key, report in self._stored.reports.items() if key != self._key]
        try:
            reports = dict([*others[1 - MAX_REPORTS :], (self._key, Raw(encode(problems)))])
            write_sealed(self._file, encode(_StoredReports(reports, Raw(encode(lines)))), concurrent=True)
        except (OSError, UnicodeEncodeError):  # a read-only folder, a full disk, a lone surrogate in the site
            return
