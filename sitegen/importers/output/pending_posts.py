"""Keeps the posts of an import on disk until all are read, so that links between them can be written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

from sitegen.importers.base import Location
from sitegen.importers.markdown_source.links import Target
from sitegen.importers.output.import_state import Record


@dataclass(frozen=True, slots=True)
class PendingPost:
    """A post that is converted, and lacks only what the other posts of the import decide.

    `key` is the one in the ledger, `fields` its front matter, `text` its Markdown, `targets` where that leads.
    """

    key: str
    record: Record
    where: Location
    fields: Mapping[str, Any]
    text: str
    targets: Sequence[Target]


class PendingPosts:
    """Holds pending posts in a file without a name, so that memory does not grow with their texts."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._posts: list[tuple[str, Record, Location, int, int]] = []
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> "PendingPosts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, post: PendingPost) -> None:
        """Keep a post."""
        targets = [(item.start, item.end, item.url, item.role, item.form) for item in post.targets]
        data = json.dumps([post.fields, post.text, targets]).encode()
        self._file.write(data)
        self._posts.append((post.key, post.record, post.where, self._end, len(data)))
        self._places[post.record.file] = self._end, len(data)
        self._end += len(data)

    def text_of(self, file: str) -> str:
        """Return the Markdown of the post that becomes a file, "" for a post that is not pending."""
        if file not in self._places:
            return ""
        start, length = self._places[file]
        self._file.seek(start)
        return str(json.loads(self._file.read(length))[1])

    def __iter__(self) -> Iterator[PendingPost]:
        """Yield the posts in the order in which they were added."""
        for key, record, where, start, length in self._posts:
            self._file.seek(start)
            fields, text, targets = json.loads(self._file.read(length))
            yield PendingPost(key, record, where, fields, text, [Target(*target) for target in targets])
