"""Remove metadata from a PNG (W3C PNG, third edition)."""

import struct
from zlib import crc32

from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PUBLIC_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sRGB sBIT bKGD hIST pHYs sPLT cICP mDCV cLLI acTL fcTL fdAT".split()
)
"""Chunks that decide how the image is shown."""

_CREDITS = (b"Copyright\0", b"Author\0")


def strip_png(data: bytes, *, credit: bool) -> bytes:
    """Return a PNG without text, Exif, time and unknown chunks, and without what follows the image.

    The orientation is in an Exif chunk of its own. A damaged file ends where the damage begins.
    """
    parts = [_SIGNATURE]
    position, tags = len(_SIGNATURE), PublicTags()
    while position + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[position : position + 8])
        end = position + 12 + length
        if name in _PUBLIC_CHUNKS:
            # Exif may follow the image data.
            if name in (b"IDAT", b"IEND") and not tags.is_empty:
                parts.append(_write_chunk(b"eXIf", write_exif(tags)))
                tags = PublicTags()
            parts.append(data[position:end])
        elif name == b"eXIf":
            tags = read_public_tags(data[position + 8 : end - 4], credit=credit)
        elif credit and name == b"tEXt" and data[position + 8 : end].startswith(_CREDITS):
            parts.append(data[position:end])
        position = end
        if name == b"IEND":
            return b"".join(parts)
    return b"".join(parts)


def _write_chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", crc32(name + payload))
