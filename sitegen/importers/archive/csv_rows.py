"""Reads the rows of a CSV file one at a time (RFC 4180), within limits."""

import csv
import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import open_text
from sitegen.importers.base import Location, Skipped

PIECE_CHARACTERS = 1 << 16

_DELIMITERS = ",;\t"
_EXCEL_MARK = re.compile(r"\ufeff?sep=.\s*", re.IGNORECASE)
"""The line above the header by which Excel knows the delimiter."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its location, and its cells by the names in the header, converted to `lower_case`.

    The cells track which of them were read, for the import report.
    """

    where: Location
    cells: Payload

    def get(self, *names: str) -> str:
        """Return the first of these cells that is not empty, stripped, or an empty string."""
        return next((value for name in names if (value := str(self.cells.get(name) or "").strip())), "")


def make_csv_row(where: Location, cells: Mapping[str, Any]) -> CsvRow:
    """Return a row whose unread cells the report lists under the name of the file."""
    return CsvRow(where, Payload(cells, posixpath.basename(where.path)))


def read_header(archive: Archive, name: str) -> tuple[str, ...]:
    """Return the normalized column names of a CSV member, or none if it cannot be read."""
    try:
        with open_text(archive, name, peek=True) as file:
            records = (row for row in _records(file, MEBIBYTE) if not _EXCEL_MARK.fullmatch(row[0]))
            record, _, closed = next(records, ("", 0, False))
    except UnreadableError:
        return ()
    return tuple(map(_normalize_name, _parse(record, _find_delimiter(record)))) if closed else ()


def read_rows(archive: Archive, name: str) -> Iterator[CsvRow | Skipped]:
    """Yield the rows of a CSV member, and a Skipped for each row that is too large, cut off or incomplete.

    A row over the archive's limit for one item is skipped without being held in memory.
    """
    limit = archive.limits.max_item_bytes
    csv.field_size_limit(limit + PIECE_CHARACTERS)
    names: tuple[str, ...] = ()
    delimiter = ","
    try:
        with open_text(archive, name) as file:
            for record, line, closed in _records(file, limit):
                where = Location(name, line)
                if not record:
                    yield Skipped(where, f"the row is larger than {limit // MEBIBYTE or 1} MB")
                elif not names:
                    if not _EXCEL_MARK.fullmatch(record):
                        delimiter = _find_delimiter(record)
                        names = tuple(map(_normalize_name, _parse(record, delimiter)))
                elif (cells := _parse(record, delimiter)) and any(map(str.strip, cells)):
                    if not closed or len(cells) < min(len(names), 2):
                        yield Skipped(where, "the row is cut off")
                    else:
                        extra = {f"cell {number}": cell for number, cell in enumerate(cells, 1) if number > len(names)}
                        yield make_csv_row(where, dict(zip(names, cells, strict=False)) | extra)
    except UnreadableError as error:
        yield Skipped(Location(name), f"the rest of the file: {error}")


def _records(file: IO[str], limit: int) -> Iterator[tuple[str, int, bool]]:
    """Yield each record, its first line, and whether its quotes are closed; an oversized record is ""."""
    parts: list[str] = []
    size, quotes, line, first, oversized = 0, 0, 1, 1, False
    while piece := file.readline(PIECE_CHARACTERS):
        size += len(piece)
        quotes += piece.count('"')
        oversized = oversized or size > limit
        if oversized:
            parts.clear()
        else:
            parts.append(piece)
        if not piece.endswith("\n"):
            continue
        line += 1
        if quotes % 2 == 0:
            if oversized or (record := "".join(parts)).strip():
                yield ("", first, True) if oversized else (record, first, True)
            parts.clear()
            size, quotes, first, oversized = 0, 0, line, False
    if size:
        yield ("" if oversized else "".join(parts)), first, quotes % 2 == 0


def _find_delimiter(header: str) -> str:
    """Return the delimiter that gives a header the most columns: spreadsheets of many countries write semicolons."""
    return max(_DELIMITERS, key=lambda mark: len(_parse(header, mark)))


def _parse(record: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])


def _normalize_name(name: str) -> str:
    return "_".join(name.replace("\ufeff", "").replace("-", " ").replace("_", " ").casefold().split())
