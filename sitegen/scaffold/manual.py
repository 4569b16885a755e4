"""The pages of the manual: where they are, their order, and the entries about messages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CONTENTS = "README.md"
"""The manual's table of contents: a heading for each section, below it a list of links to its pages."""

ENTRY_TOPICS = ("messages", "checking")
"""The pages with a table row for each message or check."""

GAP = "…"
"""Stands for the parts of a message that differ."""

MIN_MESSAGE_CHARACTERS = 8
"""Messages with fewer characters of their own are found by their id only."""

_CODE = re.compile(r"`[^`]*`")
_SECTION = re.compile(r"^## (?P<title>.+)$")
_LINK = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[\w/.-]+\.md)\)")


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual. `topic` is its name for `sitegen help`, the file name without its suffix."""

    topic: str
    title: str
    section: str
    path: Path

    def read(self) -> str:
        """Return the page's Markdown."""
        return self.path.read_text("utf-8")


def find_manual() -> Path:
    """Return the folder of the manual: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "manual"
    return installed if installed.is_dir() else package.parent / "docs"


def list_pages(folder: Path) -> list[Path]:
    """Return the pages of the manual with its table of contents, as paths in its folder."""
    return sorted(file.relative_to(folder) for file in folder.rglob("*.md"))


def read_contents(folder: Path) -> tuple[ManualPage, ...]:
    """Return the pages in the order of the table of contents."""
    pages: list[ManualPage] = []
    section = ""
    for line in (folder / CONTENTS).read_text("utf-8").splitlines():
        if heading := _SECTION.match(line):
            section = heading["title"]
        elif link := _LINK.match(line):
            path = folder / link["path"]
            pages.append(ManualPage(path.stem, link["title"], section, path))
    return tuple(pages)


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """A row of a table about messages or checks: its ids, the message with `…` for parts that differ, all cells."""

    ids: tuple[str, ...]
    message: str
    cells: tuple[tuple[str, str], ...]
    topic: str


def read_entries(pages: Iterable[ManualPage]) -> tuple[ManualEntry, ...]:
    """Return the rows of the tables about checks and messages, in the order of the pages."""
    return tuple(entry for page in pages if page.topic in ENTRY_TOPICS for entry in _read_tables(page))


def find_entries(entries: Iterable[ManualEntry], text: str) -> list[ManualEntry]:
    """Return the entries with an id, or otherwise those with a message that is in `text`.

    Of several messages, the one that begins first is meant, since it can quote others; then the longest.
    """
    found = list(entries)
    if by_id := [entry for entry in found if text.casefold() in entry.ids]:
        return by_id
    written = " ".join(text.replace("`", "").split())
    ranks = {entry: rank for entry in found if (rank := _rank(written, entry.message)) is not None}
    best = max(ranks.values(), default=None)
    return [entry for entry, rank in ranks.items() if rank == best]


def _read_tables(page: ManualPage) -> Iterator[ManualEntry]:
    header: list[str] = []
    for line in page.read().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if not header and cells and cells[0] in ("id", "type"):
            header = cells
        elif not cells:
            header = []
        elif header and len(cells) == len(header) and cells[0].startswith("`"):
            ids = tuple(name.strip("` ") for name in cells[0].split(","))
            message = cells[1].strip("`") if header[1] == "message" else ""
            shown = zip(header, (cell.strip("`") if _CODE.fullmatch(cell) else cell for cell in cells), strict=True)
            yield ManualEntry(ids, message, tuple(shown), page.topic)


def _rank(text: str, message: str) -> tuple[int, int] | None:
    """Return where a message begins in a string, as a negative number, and its length without gaps.

    Returns None if the string does not contain its parts in order, or if the message is too short.
    """
    at, begin = 0, -1
    for part in message.split(GAP):
        at = text.find(part, at)
        if at < 0:
            return None
        if part and begin < 0:
            begin = at
        at += len(part)
    weight = len(message.replace(GAP, ""))
    return (-begin, weight) if weight >= MIN_MESSAGE_CHARACTERS else None
