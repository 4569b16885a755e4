"""Stores posts on disk until all posts of the import are known and their links can be resolved."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

from msgspec.msgpack import Decoder, encode

from sitegen.importers.base import Location
from sitegen.importers.markdown_source.links import Target
from sitegen.importers.output.import_state import PostRecord


@dataclass(frozen=True, slots=True)
class PendingPost:
    """A converted post whose links and aliases depend on the other posts of the import.

    `key` is its key in the import record, `fields` its front matter, `text` its Markdown, `targets` its link targets.
    """

    key: str
    record: PostRecord
    where: Location
    fields: Mapping[str, Any]
    text: str
    targets: Sequence[Target]


class PendingPosts:
    """Holds pending posts in an anonymous temporary file, to limit the use of memory.

    The file has the text, the targets and the front matter of each post, one after the other.
    """

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._posts: list[tuple[str, PostRecord, Location, int, int, int, int]] = []
        self._texts: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> "PendingPosts":
        return self

    def __exit__(self, error_type: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, post: PendingPost) -> None:
        """Add a post."""
        text, targets, fields = post.text.encode(), encode(post.targets), json.dumps(post.fields).encode()
        self._file.write(text + targets + fields)
        sizes = len(text), len(targets), len(fields)
        self._posts.append((post.key, post.record, post.where, self._end, *sizes))
        self._texts[post.record.file] = self._end, len(text)
        self._end += sum(sizes)

    def read_text_of(self, file: str) -> str:
        """Return the Markdown of the pending post with this file, or ""."""
        if file not in self._texts:
            return ""
        start, length = self._texts[file]
        self._file.seek(start)
        return self._file.read(length).decode()

    def __iter__(self) -> Iterator[PendingPost]:
        """Yield the posts in the order in which they were added."""
        for key, record, where, start, *sizes in self._posts:
            self._file.seek(start)
            text, targets, fields = map(self._file.read, sizes)
            yield PendingPost(key, record, where, json.loads(fields), text.decode(), _read_targets(targets))


_read_targets = Decoder(list[Target]).decode
