"""Read and write the few tags of Exif that may be published: orientation, artist and copyright."""

import struct
from collections.abc import Mapping

from msgspec import Struct

ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
"""Tags of the first directory (CIPA DC-008, section 4.6.4)."""

_ASCII_TYPE, _SHORT_TYPE = 2, 3
MAX_ENTRIES = 1000
MAX_TEXT_BYTES = 2000


class PublicTags(Struct, frozen=True):
    """The tags of an image that may be published: its orientation (1 to 8), and whom to credit."""

    orientation: int = 1
    artist: bytes = b""
    copyright: bytes = b""

    @property
    def is_empty(self) -> bool:
        """Whether the tags are those of an image without Exif data."""
        return self == PublicTags()


def read_public_tags(exif: bytes, *, credit: bool) -> PublicTags:
    """Return the public tags of Exif data, a TIFF header and its first directory; artist and copyright if `credit`.

    Damaged data are treated as missing, as browsers do.
    """
    values = _read_directory(exif.removeprefix(b"Exif\0\0"))
    orientation = values.get(ORIENTATION, 1)
    if not isinstance(orientation, int) or not 1 <= orientation <= 8:
        orientation = 1
    artist, owner = (values.get(tag, b"") if credit else b"" for tag in (ARTIST, COPYRIGHT))
    return PublicTags(
        orientation, artist if isinstance(artist, bytes) else b"", owner if isinstance(owner, bytes) else b""
    )


def _read_directory(tiff: bytes) -> Mapping[int, int | bytes]:
    """Return the values of the tags of the first directory that are a short number or a string."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    values: dict[int, int | bytes] = {}
    if order is None:
        return values
    try:
        (start,) = struct.unpack(f"{order}I", tiff[4:8])
        (entries,) = struct.unpack(f"{order}H", tiff[start : start + 2])
        for index in range(min(entries, MAX_ENTRIES)):
            entry = tiff[start + 2 + 12 * index : start + 14 + 12 * index]
            tag, value_type, count = struct.unpack(f"{order}HHI", entry[:8])
            if value_type == _SHORT_TYPE and count == 1:
                (values[tag],) = struct.unpack(f"{order}H", entry[8:10])
            elif value_type == _ASCII_TYPE and count <= MAX_TEXT_BYTES:
                (offset,) = struct.unpack(f"{order}I", entry[8:12])
                value = entry[8 : 8 + count] if count <= 4 else tiff[offset : offset + count]
                values[tag] = value.split(b"\0", 1)[0].strip()
    except struct.error:
        pass  # what was read before the damage is used
    return values


def write_exif(tags: PublicTags) -> bytes:
    """Return Exif data with the public tags alone, a big-endian TIFF header and one directory."""
    entries: list[tuple[int, int, int, bytes]] = []
    if tags.orientation != 1:
        entries.append((ORIENTATION, _SHORT_TYPE, 1, struct.pack(">H", tags.orientation)))
    for tag, text in ((ARTIST, tags.artist), (COPYRIGHT, tags.copyright)):
        if text:
            entries.append((tag, _ASCII_TYPE, len(text) + 1, text + b"\0"))
    end = 8 + 2 + 12 * len(entries) + 4
    directory, values = struct.pack(">H", len(entries)), b""
    for tag, value_type, count, value in entries:
        if len(value) <= 4:
            stored = value.ljust(4, b"\0")
        else:
            stored = struct.pack(">I", end + len(values))
            values += value + b"\0" * (len(value) % 2)
        directory += struct.pack(">HHI", tag, value_type, count) + stored
    return b"MM\0*\0\0\0\x08" + directory + b"\0\0\0\0" + values
