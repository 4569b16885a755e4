"""A CSV file as spreadsheets and analytics write it: any encoding and delimiter, comments above the header."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import open_text

DELIMITERS = (",", ";", "\t", "|")

MAX_LINES_ABOVE = 60
"""The header is in one of this many lines."""

MAX_CELL_CHARACTERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a CSV file: `names` are the normalized column names, `comments` the lines above the header.

    `rows` yields each row with its line; it can be read once.
    """

    names: tuple[str, ...]
    comments: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]

    def column(self, *names: str) -> int:
        """Return the position of the first of some columns that the table has, -1 if it has none of them."""
        return next((self.names.index(name) for name in names if name in self.names), -1)


def normalize(name: str) -> str:
    """Return a column name in lower case, with underscores for spaces and hyphens."""
    return "_".join(name.replace("\ufeff", "").replace("-", " ").replace("_", " ").casefold().split())


def read_tables(archive: Archive, name: str) -> Iterator[Table]:
    """Yield the tables of a member, one after the other; a table that is not read is skipped.

    Most files are one table; Google Analytics writes several below each other, with comments between them. Raises
    UnreadableError for a file that is damaged or not CSV.
    """
    with _open(archive, name) as file:
        lines = _Lines(file)
        comments: list[str] = []
        csv.field_size_limit(MAX_CELL_CHARACTERS)
        while True:
            above, header = _read_above(lines)
            comments += above
            if not header:
                return
            delimiter = max(DELIMITERS, key=lambda mark: (_unquoted(header, mark), -DELIMITERS.index(mark)))
            names = tuple(map(normalize, next(csv.reader([header], delimiter=delimiter), [])))
            rows = _read_rows(lines, delimiter)
            yield Table(names, tuple(comments), rows)
            for _ in rows:
                pass


class _Lines:
    """The lines of a file, with the number of the last one."""

    def __init__(self, file: IO[str]) -> None:
        self.file, self.number = file, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(MAX_CELL_CHARACTERS):
            self.number += 1
            yield line


def _read_above(lines: _Lines) -> tuple[list[str], str]:
    """Return the comments above the header, and the header; a spreadsheet may say its delimiter above it."""
    comments: list[str] = []
    for line in lines:
        text = line.strip().lstrip("\ufeff")
        if text.startswith("#") or text.casefold().startswith("sep="):
            comments.append(text.lstrip("# "))
        elif text.strip(";, \t"):
            return comments, text
        if lines.number >= MAX_LINES_ABOVE:
            break
    return comments, ""


def _read_rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    line = lines.number + 1
    try:
        for cells in csv.reader(iter(lines), delimiter=delimiter):
            if cells and cells[0].startswith("#"):
                return
            if any(map(str.strip, cells)):
                yield line, cells
            line = lines.number + 1
    except csv.Error as error:
        raise UnreadableError(f"line {line} is not valid CSV: {error}") from error


def _unquoted(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _open(archive: Archive, name: str) -> IO[str]:
    if name.lower().endswith(".gz"):
        return io.TextIOWrapper(archive.open_unpacked(name), encoding="utf-8-sig", errors="replace")
    return open_text(archive, name)
