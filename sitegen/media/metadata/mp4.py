"""Find private metadata of films and sounds in MP4 and QuickTime files (ISO/IEC 14496-12, QuickTime File Format).

Offsets in these files are absolute, so metadata are blanked in place, and nothing moves: a box becomes a `free` box
of the same size. Only headers and the `moov` box are read, also of a file of gigabytes.
"""

import struct
from typing import BinaryIO

from msgspec import Struct

from sitegen.formats.image_type import image_type
from sitegen.media.metadata.ranges import merge_ranges

MAX_MOOV_BYTES = 64 << 20
"""A film of a day has a `moov` box of some 20 MB. A larger one is not read."""

MAX_BOXES = 100_000
ZEROS = bytes(1 << 20)

_FIRST_BOXES = frozenset((b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_UNUSED_BOXES = frozenset((b"free", b"skip"))

_PUBLIC_USER_DATA = frozenset(
    b"meta name titl auth perf cprt dscp gnre albm yrrc kywd rtng chpl hnti hinf kind tagc ludt tsel strk "
    b"\xa9nam \xa9ART \xa9alb \xa9cpy \xa9cmt \xa9des \xa9gen \xa9day \xa9wrt \xa9prd \xa9dir \xa9inf \xa9PRD "
    b"WLOC LOOP SelO AllF".split()
)
"""Entries of user data that say what a film is, or how it is played."""

_PUBLIC_ITEMS = frozenset(
    b"\xa9nam \xa9ART aART \xa9alb \xa9gen gnre trkn disk \xa9day cprt \xa9cpy desc ldes sdes \xa9cmt covr cpil pgap "
    b"tmpo \xa9wrt \xa9grp \xa9lyr \xa9too stik pcst catg keyw purl egid tvsh tven tvsn tves tvnn rtng ----".split()
)
"""Items that programs for music and podcasts show. Others name a buyer or an account."""

_PUBLIC_KEYS = frozenset(
    b"title artist album author comment copyright description director genre keywords producer publisher year "
    b"displayname information collection.user rating.user title.user".split()
)
_KEY_PREFIX = b"com.apple.quicktime."

_PUBLIC_UUIDS = frozenset(
    map(
        bytes.fromhex,
        (
            "ffcc8263f8554a938814587a02521fdd",  # spherical video (Google, Spherical Video V1)
            "a2394f525a9b4f14a2446c427c648df4",  # sample encryption (PIFF)
            "d08a4f1810f34a82b6c832d8aba183d3",  # protection system (PIFF)
            "8974dbce7be74c5184f97148f9882554",  # track encryption (PIFF)
            "6d1d9b0542d544e680e2141daff757b2",  # time of a fragment (Smooth Streaming)
            "d4807ef2ca3946958e5426cb9e46a79f",  # time of the next fragments (Smooth Streaming)
        ),
    )
)


_TITLES = frozenset((b"hdlr", b"keys", b"ilst", b"ID32"))
"""The boxes of metadata that contain titles. Others, such as XML of cameras, are private."""


class DamagedFileError(ValueError):
    """A file whose boxes do not fit into each other: its metadata cannot be found reliably."""


class Patch(Struct, frozen=True):
    """Bytes to write at an offset of a file, then zeros up to `end`."""

    start: int
    end: int
    data: bytes = b""


class _Box(Struct, frozen=True):
    """A box: its type, the offset of its header, and start and end of its contents."""

    name: bytes
    header: int
    start: int
    end: int


def has_boxes(head: bytes) -> bool:
    """Return whether a file, by its first bytes, is a film or a sound in an MP4 or QuickTime file."""
    return head[4:8] in _FIRST_BOXES and not image_type(head)


def find_private_metadata(file: BinaryIO, size: int) -> list[Patch]:
    """Return what to write into a copy of a file of `size` bytes to blank its private metadata.

    These are locations, devices, accounts, XMP, and tracks of measurements. Titles, artists, covers and chapters stay.
    Raises DamagedFileError for a file that is damaged or truncated.
    """
    patches: list[Patch] = []
    position = count = 0
    while position + 8 <= size:
        count += 1
        if count > MAX_BOXES:
            raise DamagedFileError("it has too many boxes")
        file.seek(position)
        box = _read_box(head := file.read(32), 0, size - position)
        if box.name == b"moov":
            if box.end - box.start > MAX_MOOV_BYTES:
                raise DamagedFileError("its index is too large")
            file.seek(position + box.start)
            patches += _Movie(file.read(box.end - box.start), position + box.start, size).find()
        elif box.name == b"meta" or _is_private(box, head):
            patches += _blank(box, position)
        position += box.end
    return patches


def write_patches(file: BinaryIO, patches: list[Patch]) -> None:
    """Write what was found into a copy of the file."""
    for patch in patches:
        file.seek(patch.start)
        file.write(patch.data)
        left = patch.end - patch.start - len(patch.data)
        while left > 0:
            left -= file.write(ZEROS[:left])


def _read_box(data: bytes, position: int, end: int) -> _Box:
    """Return the box at a position; raise DamagedFileError if it does not end within its parent."""
    try:
        box_size, name = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if box_size == 1:
            (box_size,) = struct.unpack_from(">Q", data, start)
            start += 8
    except struct.error:
        raise DamagedFileError("it ends within a box") from None
    stop = end if box_size == 0 else position + box_size
    if not start <= stop <= end:
        raise DamagedFileError("one of its boxes has a wrong size")
    return _Box(name, position, start, stop)


def _is_private(box: _Box, data: bytes) -> bool:
    """Return whether the contents of a box are private by its type, in any parent."""
    if box.name == b"uuid":
        return data[box.start : box.start + 16] not in _PUBLIC_UUIDS
    return box.name in _UNUSED_BOXES


def _blank(box: _Box, offset: int) -> list[Patch]:
    """Return patches that make a box a `free` box of the same size, with zeros in it."""
    name = offset + box.header + 4
    return [Patch(name, name + 4, b"free"), Patch(offset + box.start, offset + box.end)]


class _Movie:
    """The contents of a `moov` box, which is at an offset of a file of `size` bytes."""

    def __init__(self, data: bytes, offset: int, size: int) -> None:
        self._data, self._offset, self._size = data, offset, size
        self._patches: list[Patch] = []

    def find(self) -> list[Patch]:
        """Return what to write to blank private metadata."""
        children = self._children(0, len(self._data))
        names = {box.name for box in children}
        if b"cmov" in names:
            raise DamagedFileError("its index is compressed")
        for box in children:
            if box.name == b"trak" and self._handler(box) == b"meta":
                if b"mvex" in names:
                    raise DamagedFileError("it has measurements in fragments")
                self._blank(box)
                self._patches += self._find_samples(box)
            elif box.name == b"trak":
                for inside in self._children(box.start, box.end):
                    self._search(inside)
            else:
                self._search(box)
        return self._patches

    def _search(self, box: _Box) -> None:
        if box.name == b"udta":
            self._search_user_data(box)
        elif box.name == b"meta":
            self._search_metadata(box)
        elif _is_private(box, self._data):
            self._blank(box)

    def _search_user_data(self, box: _Box) -> None:
        for entry in self._children(box.start, box.end):
            if entry.name == b"meta":
                self._search_metadata(entry)
            elif entry.name not in _PUBLIC_USER_DATA:
                self._blank(entry)

    def _search_metadata(self, box: _Box) -> None:
        # The box of QuickTime has no version and flags.
        start = box.start if self._data[box.start + 4 : box.start + 8] == b"hdlr" else min(box.start + 4, box.end)
        children = self._children(start, box.end)
        keys = next((self._read_keys(child) for child in children if child.name == b"keys"), None)
        for child in children:
            if child.name == b"ilst":
                for item in self._children(child.start, child.end):
                    self._search_item(item, keys)
            elif child.name not in _TITLES:
                self._blank(child)

    def _search_item(self, item: _Box, keys: list[bytes] | None) -> None:
        if keys is None:
            if item.name not in _PUBLIC_ITEMS:
                self._blank(item)
            return
        number = int.from_bytes(item.name, "big")
        key = keys[number - 1] if 1 <= number <= len(keys) else b""
        if key.removeprefix(_KEY_PREFIX).lower() in _PUBLIC_KEYS:
            return
        # The type of the item is the number of its key, so only the value is blanked.
        for child in self._children(item.start, item.end):
            start = min(child.start + 8, child.end) if child.name == b"data" else child.start
            is_text = self._data[child.start : child.start + 4] == b"\0\0\0\1"
            blank = b" " * (child.end - start) if is_text else b""
            self._patches.append(Patch(self._offset + start, self._offset + child.end, blank))

    def _read_keys(self, box: _Box) -> list[bytes]:
        """Return the names of the keys of a `keys` box; boxes in it have namespaces as their types."""
        return [self._data[key.start : key.end] for key in self._children(min(box.start + 8, box.end), box.end)]

    def _handler(self, track: _Box) -> bytes:
        """Return the type of a track: `vide`, `soun`, `text`, or `meta` for measurements such as positions."""
        media = self._descend(track, b"mdia")
        handler = self._descend(media, b"hdlr") if media else None
        return self._data[handler.start + 8 : handler.start + 12] if handler else b""

    def _find_samples(self, track: _Box) -> list[Patch]:
        """Return patches with zeros for the samples of a track (ISO/IEC 14496-12, section 8.7)."""
        table: _Box | None = track
        for name in (b"mdia", b"minf", b"stbl"):
            table = self._descend(table, name) if table else None
        if table is None:
            return []
        boxes = {box.name: box for box in self._children(table.start, table.end)}
        offsets, runs = boxes.get(b"co64", boxes.get(b"stco")), boxes.get(b"stsc")
        if offsets is None or runs is None or b"stsz" not in boxes:
            raise DamagedFileError("a track has no index")
        starts = self._numbers(offsets, 4, "Q" if offsets.name == b"co64" else "I")
        triples = self._numbers(runs, 4, "III")
        lengths = _Lengths(self._data, boxes[b"stsz"])
        ranges = []
        run = 0
        for number, (start,) in enumerate(starts, 1):
            while run + 1 < len(triples) and triples[run + 1][0] <= number:
                run += 1
            length = lengths.take(triples[run][1]) if triples else 0
            if start + length > self._size:
                raise DamagedFileError("a track leads out of the file")
            ranges.append((start, start + length))
        return [Patch(start, end) for start, end in merge_ranges(ranges)]

    def _numbers(self, box: _Box, start: int, form: str) -> list[tuple[int, ...]]:
        """Return the rows of a table, whose number is at an offset within its box."""
        row = struct.calcsize(f">{form}")
        first = box.start + start + 4
        count = int.from_bytes(self._data[box.start + start : first], "big")
        if first + count * row > box.end:
            raise DamagedFileError("the index of a track is truncated")
        return list(struct.iter_unpack(f">{form}", self._data[first : first + count * row]))

    def _descend(self, box: _Box, name: bytes) -> _Box | None:
        return next((child for child in self._children(box.start, box.end) if child.name == name), None)

    def _children(self, start: int, end: int) -> list[_Box]:
        """Return the boxes between two offsets; user data may end with a zero of four bytes."""
        found = []
        while start + 8 <= end:
            found.append(box := _read_box(self._data, start, end))
            start = box.end
        return found

    def _blank(self, box: _Box) -> None:
        self._patches += _blank(box, self._offset)


class _Lengths:
    """The lengths of the samples of a track, from an `stsz` box, which are taken chunk by chunk."""

    def __init__(self, data: bytes, box: _Box) -> None:
        if box.end - box.start < 12:
            raise DamagedFileError("the index of a track is truncated")
        self._constant = int.from_bytes(data[box.start + 4 : box.start + 8], "big")
        self._left = int.from_bytes(data[box.start + 8 : box.start + 12], "big")
        self._data, self._position, self._end = data, box.start + 12, box.end

    def take(self, count: int) -> int:
        """Return the length of the next samples together."""
        count = min(count, self._left)
        self._left -= count
        if self._constant:
            return self._constant * count
        if self._position + 4 * count > self._end:
            raise DamagedFileError("the index of a track is truncated")
        lengths = struct.unpack_from(f">{count}I", self._data, self._position)
        self._position += 4 * count
        return sum(lengths)
