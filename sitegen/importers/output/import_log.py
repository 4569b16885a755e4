"""Collects what an import did with each item, for its report."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Set

from msgspec.structs import replace

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.members import printable
from sitegen.importers.base import Dropped, ImportedPost, Location, Note, Skipped, SuggestedTable
from sitegen.importers.output.report import MAX_URL_CHARACTERS, Draft, ReportedTarget
from sitegen.importers.skip_reasons import CODE, DATA, IMAGE, UNUSED_IMAGE

MAX_TITLE_CHARACTERS = 80
"""Length at which the report cuts titles."""


class ImportLog:
    """Holds what happened to the items for one folder, in the order of the export.

    `read` counts posts and skipped items, `posts_with_original` the posts with the URL of an original, and
    `rewritten_links` the links to old URLs that were replaced.
    """

    def __init__(self) -> None:
        self.read = 0
        self.posts_with_original = 0
        self.rewritten_links = 0
        self.right_to_left = 0
        self.posts_in_utc = 0
        self.skipped: list[Skipped] = []
        self.drafts: list[Draft] = []
        self.notes: list[Note] = []
        self.settings: list[SuggestedTable] = []
        self.broken: list[ReportedTarget] = []
        self._dropped: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._dropped_files: set[str] = set()
        self._order: dict[str, int] = {}

    def add_item(self, item: Note | SuggestedTable | Dropped | Skipped) -> None:
        """Record an item that is not a post."""
        if isinstance(item, Note):
            self.notes.append(item)
        elif isinstance(item, SuggestedTable):
            self.settings.append(item)
        elif isinstance(item, Dropped):
            self.add_dropped(Counter({item.category: 1}), item.where)
            self._dropped_files.add(item.where.path)
        else:
            self.skipped.append(item)

    def add_post(self, path: str, draft: str, *, has_original: bool, title: str = "", is_in_utc: bool = False) -> None:
        """Record that a post belongs into the file `path`; `draft` is why it is a draft, or "".

        The `title` is given for a post that does not name its language; `is_in_utc` is whether its date is in UTC.
        """
        self._order[path] = len(self._order)
        self.posts_in_utc += is_in_utc
        self.right_to_left += _is_right_to_left(title)
        self.posts_with_original += has_original
        if draft:
            self.drafts.append(Draft(path, draft))

    def add_dropped(self, counts: Counter[str], where: Location) -> None:
        """Record dropped content by category."""
        self._dropped.update(counts)
        for category in counts:
            self._examples.setdefault(category, str(where))

    def add_notes(self, where: Location, messages: Iterable[str]) -> None:
        """Record notes on the item at a location."""
        self.notes += [Note(where, message) for message in messages]

    def add_broken_links(self, path: str, reasons: Iterable[tuple[str, str]]) -> None:
        """Record the URLs without a target in the post `path`, each with its reason."""
        self.broken += [ReportedTarget(url[:MAX_URL_CHARACTERS], path, reason) for url, reason in reasons]

    def skip_post(self, post: ImportedPost, reason: str) -> None:
        """Record that a post is not imported."""
        self.skipped.append(Skipped(post.where, f'"{printable(post.title)[:MAX_TITLE_CHARACTERS]}": {reason}'))

    @property
    def dropped(self) -> dict[str, int]:
        """The number of dropped and changed elements by category."""
        return {category: count for category, count in sorted(self._dropped.items()) if count}

    @property
    def examples(self) -> dict[str, str]:
        """The first location of each category of dropped content."""
        return {category: where for category, where in sorted(self._examples.items()) if self._dropped[category]}

    def position(self, path: str) -> int:
        """Return the position of a post in the export."""
        return self._order[path]

    def in_order(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the paths of posts in the order of the export."""
        return tuple(sorted(paths, key=self.position))

    def refine_skipped(self, archive: Archive, used: Set[str]) -> tuple[Skipped, ...]:
        """Return the skipped items with reasons that are known only at the end, from the files that posts use."""
        return tuple(_refine_reason(item, archive, used) for item in self.skipped)

    def find_unused_files(self, archive: Archive, used: Set[str]) -> tuple[str, ...]:
        """Return the files of the export that were never opened and are neither used nor mentioned in the report."""
        mentioned = {item.where.path for item in self.skipped} | {note.where.path for note in self.notes}
        mentioned |= {note.where.path for note in archive.notes} | self._dropped_files
        return tuple(name for name in archive.unopened if name not in mentioned and name not in used)


def _is_right_to_left(text: str) -> bool:
    """Return whether the first letter of a string belongs to a script that is written from right to left."""
    if text.isascii():
        return False
    directions = map(unicodedata.bidirectional, text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)


def _refine_reason(item: Skipped, archive: Archive, used: Set[str]) -> Skipped:
    if item.where.path in used:
        return replace(item, reason="saved next to the posts that use it")
    if item.reason in (DATA, CODE) and archive.is_opened(item.where.path):
        return replace(item, reason="settings of the old site")
    return replace(item, reason=UNUSED_IMAGE) if item.reason == IMAGE else item
