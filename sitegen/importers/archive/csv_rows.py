"""Reads the rows of a CSV file one at a time (RFC 4180), within bounds."""

import csv
import io
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import open_text
from sitegen.importers.base import Place, Skipped

PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place, and its cells by the header's names, folded to `lower_case`.

    The cells track which of them were read, for the account of the import.
    """

    where: Place
    cells: Payload

    def get(self, *names: str) -> str:
        """Return the first of some cells that is not empty, trimmed, otherwise an empty string."""
        return next((value for name in names if (value := str(self.cells.get(name) or "").strip())), "")


def make_row(where: Place, cells: Mapping[str, Any]) -> Row:
    """Return a row; the report names its cells that were not read after their file."""
    return Row(where, Payload(cells, posixpath.basename(where.path)))


def read_header(archive: Archive, name: str) -> tuple[str, ...]:
    """Return the folded names of a CSV member's columns, none where it cannot be read."""
    try:
        with open_text(archive, name, peek=True) as file:
            record, _, whole = next(_records(file, MEBIBYTE), ("", 0, False))
    except UnreadableError:
        return ()
    return tuple(map(_fold, _parse(record))) if whole else ()


def read_rows(archive: Archive, name: str) -> Iterator[Row | Skipped]:
    """Yield the rows of a CSV member, and a Skipped for each one that is too large, torn or uneven.

    A row over the archive's limit for one item is passed over without being held in memory.
    """
    limit = archive.limits.item
    csv.field_size_limit(limit + PIECE)
    with open_text(archive, name) as file:
        names: tuple[str, ...] = ()
        try:
            for record, line, whole in _records(file, limit):
                where = Place(name, line)
                if not record:
                    yield Skipped(where, f"the row is larger than {limit // MEBIBYTE or 1} MB")
                elif not names:
                    names = tuple(map(_fold, _parse(record)))
                elif (cells := _parse(record)) and any(map(str.strip, cells)):
                    if not whole or len(cells) < min(len(names), 2):
                        yield Skipped(where, "the row is cut off")
                    else:
                        extra = {f"cell {number}": cell for number, cell in enumerate(cells, 1) if number > len(names)}
                        yield make_row(where, dict(zip(names, cells, strict=False)) | extra)
        except UnreadableError as error:
            yield Skipped(Place(name), f"the rest of the file: {error}")


def _records(file: IO[str], limit: int) -> Iterator[tuple[str, int, bool]]:
    """Yield each record, its first line, and whether its quotes are closed; an oversized one is ""."""
    parts: list[str] = []
    size, quotes, line, first, oversized = 0, 0, 1, 1, False
    while piece := file.readline(PIECE):
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


def _parse(record: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline="")), [])


def _fold(name: str) -> str:
    return "_".join(name.replace("\ufeff", "").replace("-", " ").replace("_", " ").casefold().split())
