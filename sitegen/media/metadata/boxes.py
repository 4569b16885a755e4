"""Remove metadata from files of boxes, AVIF and HEIC (ISO/IEC 14496-12, ISO/IEC 23008-12).

Offsets in these files are absolute, so the bytes are blanked in place and nothing moves.
"""

import struct
from collections.abc import Iterator

from sitegen.formats.image_size import boxes, find_boxes

_ITEM_TYPES = (b"Exif", b"mime", b"uri ")
"""Types of items that are metadata: Exif, and XMP or other documents."""

_METADATA_BOXES = (b"udta", b"uuid")
"""User data, and boxes of vendors."""

_DOCUMENT_BOXES = frozenset((b"Exif", b"xml ", b"brob", b"jumb", b"uuid"))
"""Exif, XMP, compressed metadata, provenance (JUMBF), and boxes of vendors."""

_CONTAINERS = (b"moov", b"trak")
"""Boxes of an image sequence that contain user data and metadata."""

MAX_EXTENTS = 10_000
"""Maximum number of extents of all items; the size of the box does not limit it: an extent may need no bytes."""

_EMPTY_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""The offset of the TIFF header, then one without tags (ISO/IEC 23008-12, annex A.2.1)."""


def strip_boxes(data: bytes) -> bytes:
    """Return a file of boxes whose metadata are blank."""
    done = bytearray(data)
    blanked: set[tuple[int, int]] = set()
    left = len(data)
    for start, end in find_boxes(data, (b"meta",), 0, len(data)):
        for item, extents in _find_metadata_items(data, start, end):
            for extent_start, extent_end in extents:
                length = extent_end - extent_start
                left -= 0 if (extent_start, extent_end) in blanked else length
                if left < 0 or (extent_start, extent_end) in blanked:
                    continue  # extents of honest files do not overlap
                blanked.add((extent_start, extent_end))
                blank = b" " if item != b"Exif" else b"\0"
                filler = (_EMPTY_EXIF if item == b"Exif" and length >= len(_EMPTY_EXIF) else b"").ljust(length, blank)
                done[extent_start:extent_end] = filler
    for start, end, name in _find_metadata_boxes(data, 0, len(data), 0):
        _blank(done, start, end, name)
    return bytes(done)


def strip_codestream_boxes(data: bytes) -> bytes:
    """Return a JPEG XL or JPEG 2000 whose metadata are blank: its image is in boxes beside them."""
    done = bytearray(data)
    for start, end, name in boxes(data, 0, len(data)):
        if name in _DOCUMENT_BOXES:
            _blank(done, start, end, name)
    return bytes(done)


def _blank(data: bytearray, start: int, end: int, name: bytes) -> None:
    """Make a box a `free` box of the same size; `start` and `end` are those of its contents."""
    at = start - 4 if data[start - 4 : start] == name else start - 12
    data[at : at + 4] = b"free"
    data[start:end] = bytes(end - start)


def _find_metadata_boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[int, int, bytes]]:
    for inside, stop, name in boxes(data, start, end):
        if name in _METADATA_BOXES or (depth and name == b"meta"):
            yield inside, stop, name
        elif name in _CONTAINERS and depth < len(_CONTAINERS):
            yield from _find_metadata_boxes(data, inside, stop, depth + 1)


def _find_metadata_items(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
    """Yield the type of each item that is metadata, and start and end of its extents in the file."""
    types = {}
    for inside, stop in find_boxes(data, (b"iinf",), start, end):
        head = 6 if data[inside:stop][:1] == b"\0" else 8
        for entry, entry_stop, name in boxes(data, inside + head, stop):
            if name == b"infe" and data[entry:entry_stop][:1] >= b"\x02":
                wide = data[entry] >= 3
                number = int.from_bytes(data[entry + 4 : entry + (8 if wide else 6)], "big")
                item_type = data[entry + (10 if wide else 8) : entry + (14 if wide else 12)]
                if item_type in _ITEM_TYPES and entry_stop:
                    types[number] = item_type
    if not types:
        return
    inline = next(iter(find_boxes(data, (b"idat",), start, end)), None)
    for inside, stop in find_boxes(data, (b"iloc",), start, end):
        for number, extents in _read_locations(data[inside:stop], inline, len(data)):
            if number in types:
                yield types[number], extents


def _read_locations(
    box: bytes, inline: tuple[int, int] | None, size: int
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield the number of each item of an `iloc` box, and its extents (ISO/IEC 14496-12, section 8.11.3)."""
    if len(box) < 8:
        return  # the box is truncated
    version, sizes = box[0], int.from_bytes(box[4:6], "big")
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    position = 6
    left = MAX_EXTENTS

    def take(count: int) -> int:
        nonlocal position
        if position + count > len(box):
            raise struct.error("the box is truncated")
        position += count
        return int.from_bytes(box[position - count : position], "big")

    try:
        for _ in range(take(4 if version == 2 else 2)):
            number = take(4 if version == 2 else 2)
            method = take(2) & 15 if version in (1, 2) else 0
            take(2)
            base = take(base_size)
            extents = []
            count = take(2)
            left -= count
            if left < 0:
                return
            for _ in range(count):
                take(index_size)
                offset, length = base + take(offset_size), take(length_size)
                if method == 1 and inline is not None:
                    offset += inline[0]
                if method <= 1 and offset < size:
                    extents.append((offset, min(offset + length, size) if length else size))
            yield number, extents
    except struct.error:
        return  # no decoder reads on either
