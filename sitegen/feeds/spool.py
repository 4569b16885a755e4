"""The spool: items that were rendered with their posts' pages, in files until their feeds are rendered."""

import os
from collections.abc import Collection, Iterable, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct

from sitegen.errors import naming
from sitegen.feeds.rendered_item import RenderedItem, unpack
from sitegen.feeds.types import Feed

BUFFER = 1 << 18
"""Number of bytes that are buffered before they are written; a feed renders items again that a worker did not write."""
HEAD = Struct("<II")
"""The header of an item: the number of its post, and its length in bytes."""


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
        self._readers: list[mmap] = []
        self._positions: dict[int, tuple[mmap, int, int]] = {}

    def put(self, path: str, item: RenderedItem) -> None:
        """Keep the item of a post."""
        data = item.pack()
        self._waiting += (HEAD.pack(self._numbers[path], len(data)), data)
        self._size += len(data)
        if self._size > BUFFER:
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
                reader = mmap(file.fileno(), size, access=ACCESS_READ)
            self._readers.append(reader)
            start = HEAD.size
            while start <= size:
                number, length = HEAD.unpack_from(reader, start - HEAD.size)
                if start + length <= size:
                    self._positions[number] = (reader, start, start + length)
                start += length + HEAD.size

    def get(self, path: str) -> RenderedItem | None:
        """Return the item of a post, None if it was not put."""
        number = self._numbers.get(path)
        if number is None or number not in self._positions:
            return None
        reader, start, end = self._positions[number]
        return unpack(reader[start:end])

    def close(self) -> None:
        """Close the files of this process."""
        for reader in self._readers:
            reader.close()


def wanted_by(feeds: Iterable[Feed]) -> dict[str, set[str]]:
    """Return in which formats some feeds show which posts, by the posts' paths."""
    wanted: dict[str, set[str]] = {}
    for feed in feeds:
        for post in feed.posts:
            wanted.setdefault(post.path, set()).add(feed.kind)
    return wanted
