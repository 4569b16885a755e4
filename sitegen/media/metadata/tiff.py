"""Remove metadata from a TIFF (TIFF 6.0)."""

import struct

_PUBLIC_TAGS = frozenset(
    (
        *(*range(254, 267), 273, 274, *range(277, 280), *range(282, 285), *range(290, 294), 296, 301),
        *(*range(317, 326), 330, *range(332, 335), *range(336, 343), *range(512, 522), *range(529, 533), 34675),
    )
)
"""Tags that decide how the image is shown, and its color profile."""

_CREDITS = frozenset((315, 33432))
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_POINTERS = frozenset((34665, 34853, 40965))
"""Exif, GPS and interoperability directories."""

MAX_DIRECTORIES = 100
MAX_ENTRIES = 4096


def strip_tiff(data: bytes, *, credit: bool) -> bytes:
    """Return a TIFF whose private tags are blank; offsets are absolute, so nothing moves."""
    order = "<" if data[:2] == b"II" else ">"
    done = bytearray(data)
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
                tag, value_type, count = struct.unpack(f"{order}HHI", data[position : position + 8])
                (offset,) = struct.unpack(f"{order}I", data[position + 8 : position + 12])
                length = _SIZES.get(value_type, 1) * count
                if tag in _POINTERS:
                    pending.append((offset, True))
                elif tag == 330 and count == 1:
                    pending.append((offset, is_private))
                if tag in public and not is_private:
                    continue
                if length > 4 and tag not in _POINTERS:
                    end = min(offset + length, len(done))
                    done[offset:end] = bytes(max(0, end - offset))
                else:
                    done[position + 8 : position + 12] = bytes(4)
                if tag in _POINTERS:
                    done[position : position + 8] = struct.pack(f"{order}HHI", 270, 2, 1)  # an empty description
            following = data[start + 2 + 12 * entries : start + 6 + 12 * entries]
            if len(following) == 4 and not is_private:
                pending.append((struct.unpack(f"{order}I", following)[0], False))
    except struct.error:
        pass  # no decoder reads on either
    return bytes(done)
