"""Remove metadata from a TIFF (TIFF 6.0)."""

import struct

from sitegen.media.metadata.ranges import merge_ranges

_PUBLIC_TAGS = frozenset(
    (
        *(*range(254, 267), 273, 274, *range(277, 280), *range(282, 285), *range(290, 294), 296, 301),
        *(*range(317, 326), 330, *range(332, 335), *range(336, 343), *range(512, 522), *range(529, 533), 34675),
    )
)
"""Tags that decide how the image is shown, and its color profile."""

_CREDITS = frozenset((315, 33432))
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SUBORDINATE = 330
_POINTERS = frozenset((34665, 34853, 40965))
"""Exif, GPS and interoperability directories."""

MAX_DIRECTORIES = 100
MAX_ENTRIES = 4096


def strip_tiff(data: bytes, *, credit: bool) -> bytes:
    """Return a TIFF whose private tags are blank; offsets are absolute, so nothing moves."""
    order = "<" if data[:2] == b"II" else ">"
    blanks: list[tuple[int, int]] = []
    pointers: list[int] = []
    public = _PUBLIC_TAGS | _CREDITS if credit else _PUBLIC_TAGS
    try:
        pending, seen = [(struct.unpack(f"{order}I", data[4:8])[0], False)], set[int]()
        while pending and len(seen) < MAX_DIRECTORIES:
            start, is_private = pending.pop()
            if start in seen or not start:
                continue
            seen.add(start)
            (entries,) = struct.unpack(f"{order}H", data[start : start + 2])
            for index in range(min(entries, MAX_ENTRIES)):
                position = start + 2 + 12 * index
                tag, value_type, count, offset = struct.unpack(f"{order}HHII", data[position : position + 12])
                if tag in _POINTERS:
                    pending.append((offset, True))
                    pointers.append(position)
                elif tag == _SUBORDINATE:
                    pending += ((inside, is_private) for inside in _read_offsets(data, order, offset, count))
                if tag not in public or is_private:
                    length = _SIZES.get(value_type, 1) * count
                    is_outside = length > 4 and tag not in _POINTERS
                    value = (offset, min(offset + length, len(data))) if is_outside else (position + 8, position + 12)
                    blanks.append(value)
            following = data[start + 2 + 12 * entries : start + 6 + 12 * entries]
            if len(following) == 4 and not is_private:
                pending.append((struct.unpack(f"{order}I", following)[0], False))
    except struct.error:
        pass  # no decoder reads on either
    # Blanked once at the end: entries of a damaged file may name the same bytes thousands of times.
    done = bytearray(data)
    for start, end in merge_ranges(blanks):
        done[start:end] = bytes(end - start)
    for position in pointers:
        done[position : position + 8] = struct.pack(f"{order}HHI", 270, 2, 1)  # an empty description
    return bytes(done)


def _read_offsets(data: bytes, order: str, offset: int, count: int) -> tuple[int, ...]:
    """Return the offsets of subordinate directories: a single one is the value itself, several are at that offset."""
    return (offset,) if count == 1 else struct.unpack_from(f"{order}{min(count, MAX_DIRECTORIES)}I", data, offset)
