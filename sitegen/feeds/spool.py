"""The spool: items drawn with their posts' pages wait in files until the feeds that show them are drawn."""

import os
from collections.abc import Collection, Iterable, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct

from sitegen.errors import naming
from sitegen.feeds.rendered_item import DrawnItem, unpack
from sitegen.feeds.types import Feed

BUFFER = 1 << 18
"""So many bytes wait before they are written; feeds fetch from the store what a worker still has at its end."""
HEAD = Struct("<II")
"""What stands before an item: the number of its post, and its length in bytes."""


class Spool:
    """Holds the items of one pass in a folder: a file for each process that draws pages, read by all of them later.

    It spares a feed to fetch each of its posts' texts from the store, and the workers to do the same work each.
    `wanted` says in which formats the items of which posts will be asked for.
    """

    def __init__(self, folder: Path, wanted: Mapping[str, Collection[str]]) -> None:
        self.folder, self.wanted = folder, wanted
        self._numbers = {path: number for number, path in enumerate(wanted)}
        self._waiting: list[bytes] = []
        self._size = 0
        self._readers: list[mmap] = []
        self._places: dict[int, tuple[mmap, int, int]] = {}

    def put(self, path: str, item: DrawnItem) -> None:
        """Keep the item of a post."""
        data = item.pack()
        self._waiting += (HEAD.pack(self._numbers[path], len(data)), data)
        self._size += len(data)
        if self._size > BUFFER:
            self.write()

    def write(self) -> None:
        """Write what waits in this process."""
        if not self._waiting:
            return
        place = self.folder / f".items-{os.getpid()}"
        with naming(place), place.open("ab", buffering=0) as file:
            view = memoryview(b"".join(self._waiting))
            while view:
                view = view[file.write(view) :]
        self._waiting.clear()
        self._size = 0

    def find(self) -> None:
        """Find what this process and others have put, but for what others did not come to write."""
        self.write()
        for place in sorted(self.folder.glob(".items-*")):
            with naming(place), place.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if not size:
                    continue
                reader = mmap(file.fileno(), size, access=ACCESS_READ)
            self._readers.append(reader)
            start = HEAD.size
            while start <= size:
                number, length = HEAD.unpack_from(reader, start - HEAD.size)
                if start + length <= size:
                    self._places[number] = (reader, start, start + length)
                start += length + HEAD.size

    def get(self, path: str) -> DrawnItem | None:
        """Return the item of a post, None if it was not put."""
        number = self._numbers.get(path)
        if number is None or number not in self._places:
            return None
        reader, start, end = self._places[number]
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
