"""Stores posts on disk until all posts of the import are known and their links can be resolved."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

from msgspec.msgpack import Decoder, encode

from sitegen.importers.base import Location
from sitegen.importers.markdown_source.links import TargetSpan
from sitegen.importers.output.import_state import PostRecord


@dataclass(frozen=True, slots=True)
class PendingPost:
    """A converted post whose links and aliases depend on the other posts of the import.

    `key` is its key in the import record, `fields` its front matter, `text` its Markdown, `targets` its link targets,
    `headings` its headings as plain strings, if known.
    """

    key: str
    record: PostRecord
    where: Location
    fields: Mapping[str, Any]
    text: str
    targets: Sequence[TargetSpan]
    headings: Sequence[str] | None = None


class PendingPosts:
    """Holds pending posts in an anonymous temporary file, to limit the use of memory.

    The file has the text, what was found in the text, and the front matter of each post, one after the other.
    """

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._posts: dict[str, tuple[str, PostRecord, Location, int, tuple[int, int, int]]] = {}
        self._end = 0

    def __enter__(self) -> "PendingPosts":
        return self

    def __exit__(self, error_type: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, post: PendingPost) -> None:
        """Add a post."""
        text, fields = post.text.encode(), json.dumps(post.fields).encode()
        found = encode((post.targets, post.headings))
        self._file.write(text + found + fields)
        sizes = len(text), len(found), len(fields)
        self._posts[post.record.file] = post.key, post.record, post.where, self._end, sizes
        self._end += sum(sizes)

    def find(self, file: str) -> PendingPost | None:
        """Return the pending post with this file, None if no pending post has it."""
        if file not in self._posts:
            return None
        key, record, where, start, sizes = self._posts[file]
        self._file.seek(start)
        text, found, fields = map(self._file.read, sizes)
        return PendingPost(key, record, where, json.loads(fields), text.decode(), *_read_found(found))

    def __iter__(self) -> Iterator[PendingPost]:
        """Yield the posts in the order in which they were added."""
        return filter(None, map(self.find, self._posts))


_read_found = Decoder(tuple[list[TargetSpan], list[str] | None]).decode
