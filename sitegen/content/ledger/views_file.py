"""Read and write `views.csv`, the record of how often posts were viewed, as platforms counted.

It is next to the site's config, and is committed with the site. A row says how many views one platform counted for one
post in one period. `sitegen views` writes the rows; a build only reads them.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from sitegen.errors import Problem, SiteError, naming
from sitegen.model import MAX_COUNT

COLUMNS = ("post", "platform", "from", "to", "exported", "count")

MAX_CELL_CHARACTERS = 4_096

_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_FORMULA = tuple("=+-@")
_MERGE_HINT = "a merge has left its marks in the file: remove them, and keep all rows"
_HINT = f"write a row as the header says: {','.join(COLUMNS)}"


class ViewRow(Struct, frozen=True, order=True):
    """The views of a post that a platform counted from one day until another, both included.

    `post` is the path of its URL below the base URL, decoded. `since` is "" for all views until then. `exported` is the
    day on which the number was read. Days are written as YYYY-MM-DD.
    """

    post: str
    platform: str
    since: str
    until: str
    exported: str
    count: int


def read_views(path: Path) -> tuple[ViewRow, ...]:
    """Return the rows of a file, none if there is no file. Raises SiteError with all problems of the file."""
    try:
        with naming(path):
            data = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError([Problem(path.name, line, "the file is not UTF-8", "save it in UTF-8")]) from None
    problems: list[Problem] = []
    rows = list(_read_rows(text, path.name, problems))
    if problems:
        raise SiteError(problems)
    return tuple(rows)


def write_views(rows: Iterable[ViewRow]) -> bytes:
    """Return the bytes of a file, with a line for each row in a fixed order, so that versions can be compared."""
    import csv  # noqa: PLC0415 - a build needs it only if there are views

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(set(rows)):
        writer.writerow((row.post, row.platform, row.since, row.until, row.exported, row.count))
    return buffer.getvalue().encode()


def check_platform(name: str) -> str:
    """Return the name of a platform; raise ValueError for one that pages or spreadsheets could not show."""
    if not name or name != name.strip() or not name.isprintable() or len(name) > 60:
        raise ValueError(f"{name[:80]!r} is not the name of a platform: a short line of text")
    if name.startswith(_FORMULA):
        raise ValueError(f'"{name}" begins with a character by which spreadsheets recognize formulas')
    return name


def _read_rows(text: str, name: str, problems: list[Problem]) -> Iterator[ViewRow]:
    import csv  # noqa: PLC0415 - as above

    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            hint = f"the first line is `{','.join(COLUMNS)}`; restore the file from version control"
            if len(header) == 1 and ";" in header[0]:
                hint = "a spreadsheet has saved it with semicolons: save it with commas, or restore it"
            message = "this is not a file that `sitegen views` has written"
            problems.append(Problem(name, 1, message, hint, ",".join(header)[:200]))
            return
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                try:
                    yield _read_row(cells)
                except ValueError as error:
                    hint = _MERGE_HINT if cells[0].startswith(_MARKS) else _HINT
                    problems.append(Problem(name, line, str(error), hint, ",".join(cells)[:200]))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, f"not valid CSV: {error}", _HINT))


def _read_row(cells: list[str]) -> ViewRow:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"the row has {len(cells)} cells, not {len(COLUMNS)}")
    post, platform, since, until, exported, count = cells
    if not post.startswith("/") or not post.isprintable() or len(post) > MAX_CELL_CHARACTERS:
        raise ValueError(f'"{post[:80]}" is not the path of a post, such as /posts/hello/')
    check_platform(platform)
    for day in (since, until, exported) if since else (until, exported):
        _check_day(day)
    if since > until:
        raise ValueError(f"the period ends on {until}, before it begins on {since}")
    if not (count.isascii() and count.isdigit() and len(count) <= 15 and int(count) <= MAX_COUNT):
        raise ValueError(f'"{count[:40]}" is not a whole number from 0 to {MAX_COUNT:,}')
    return ViewRow(post, platform, since, until, exported, int(count))


def _check_day(day: str) -> None:
    try:
        valid = len(day) == 10 and date.fromisoformat(day).isoformat() == day
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(f'"{day[:40]}" is not a day, such as 2024-05-01')
