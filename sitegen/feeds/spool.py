"""The spool: items that were rendered with their posts' pages, in files until their feeds are rendered."""

import mmap
import os
from array import array
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from struct import Struct

from sitegen.errors import naming
from sitegen.feeds.rendered_item import RenderedItem, unpack
from sitegen.feeds.types import Feed

BUFFER_BYTES = 1 << 18
"""Number of bytes that are buffered before they are written; a feed renders items again that a worker did not write."""
HEAD = Struct("<II")
"""The header of an item: the number of its post, and its length in bytes."""
MAX_MAPPED_BYTES = 4 << 20
"""Number of bytes that are read before the pages of the files are released: they count as memory of the process."""


class Spool:
    """The items of one pass in a folder: a file for each process that renders pages, which all read later.

    Without it, a feed would read the HTML of each of its posts from the cache, and workers would repeat the work.
    `wanted` says in which formats the items of which posts will be asked for.
    """

    def __init__(self, folder: Path, wanted: Mapping[str, Collection[str]]) -> None:
        self.folder, self.wanted = folder, wanted
        self._numbers = {path: number for number, path in enumerate(wanted)}
        self._waiting: list[bytes] = []
        self._size = 0
        self._readers: list[mmap.mmap] = []
        # By the number of the post: 1 + the index of the item's file, 0 without an item; where it starts; its length.
        self._files, self._starts, self._lengths = (array("Q", bytes(8 * len(wanted))) for _ in range(3))
        self._mapped = 0

    def put(self, path: str, item: RenderedItem) -> None:
        """Keep the item of a post."""
        data = item.pack()
        self._waiting += (HEAD.pack(self._numbers[path], len(data)), data)
        self._size += len(data)
        if self._size > BUFFER_BYTES:
            self.write()

    def write(self) -> None:
        """Write the buffered items of this process."""
        if not self._waiting:
            return
        path = self.folder / f".items-{os.getpid()}"
        with naming(path), path.open("ab", buffering=0) as file:
            view = memoryview(b"".join(self._waiting))
            while view:
                view = view[file.write(view) :]
        self._waiting.clear()
        self._size = 0

    def find(self) -> None:
        """Read the items that this process and others have written."""
        self.write()
        for path in sorted(self.folder.glob(".items-*")):
            with naming(path), path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if not size:
                    continue
                reader = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
            self._readers.append(reader)
            start = HEAD.size
            while start <= size:
                number, length = HEAD.unpack_from(reader, start - HEAD.size)
                if start + length <= size:
                    self._files[number], self._starts[number], self._lengths[number] = len(self._readers), start, length
                start += length + HEAD.size
                self._count(length)

    def get(self, path: str) -> RenderedItem | None:
        """Return the item of a post, None if it was not put."""
        number = self._numbers.get(path)
        if number is None or not self._files[number]:
            return None
        start, length = self._starts[number], self._lengths[number]
        data = self._readers[self._files[number] - 1][start : start + length]
        self._count(length)
        return unpack(data)

    def _count(self, length: int) -> None:
        """Count bytes that were read, and release the pages of the files after MAX_MAPPED_BYTES."""
        self._mapped += length
        if self._mapped > MAX_MAPPED_BYTES and hasattr(mmap, "MADV_DONTNEED"):
            for reader in self._readers:
                reader.madvise(mmap.MADV_DONTNEED)
            self._mapped = 0

    def close(self) -> None:
        """Close the files of this process."""
        for reader in self._readers:
            reader.close()


def wanted_by(feeds: Iterable[Feed]) -> dict[str, frozenset[str]]:
    """Return in which formats some feeds show which posts, by the posts' paths; equal sets are one object."""
    wanted: dict[str, frozenset[str]] = {}
    none: frozenset[str] = frozenset()
    known: dict[frozenset[str], frozenset[str]] = {}
    for feed in feeds:
        for post in feed.posts:
            formats = wanted.get(post.path, none)
            if feed.kind not in formats:
                more = formats | {feed.kind}
                wanted[post.path] = known.setdefault(more, more)
    return wanted
