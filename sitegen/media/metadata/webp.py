"""Remove metadata from a WebP (RFC 9649)."""

import struct

from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif

_PUBLIC_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def strip_webp(data: bytes, *, credit: bool) -> bytes:
    """Return a WebP without Exif, XMP and unknown chunks, also within the frames of an animation.

    The orientation is in an Exif chunk of its own. A damaged file ends where the damage begins.
    """
    chunks, tags = [], PublicTags()
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    for name, payload in _read_chunks(data, 12, end):
        if name == b"EXIF":
            tags = read_public_tags(payload, credit=credit)
        elif name == b"ANMF":
            public = filter(_is_public, _read_chunks(payload, 16, len(payload)))
            inside = b"".join(_write_chunk(*chunk) for chunk in public)
            chunks.append((name, payload[:16] + inside))
        elif name in _PUBLIC_CHUNKS:
            chunks.append((name, payload))
    if not tags.is_empty:
        chunks.append((b"EXIF", write_exif(tags)))
    flags = 0 if tags.is_empty else _EXIF_FLAG
    body = b"".join(
        _write_chunk(name, bytes([payload[0] & ~(_EXIF_FLAG | _XMP_FLAG) | flags]) + payload[1:])
        if name == b"VP8X" and payload
        else _write_chunk(name, payload)
        for name, payload in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _is_public(chunk: tuple[bytes, bytes]) -> bool:
    return chunk[0] in _PUBLIC_CHUNKS


def _read_chunks(data: bytes, position: int, end: int) -> list[tuple[bytes, bytes]]:
    chunks = []
    while position + 8 <= end:
        name = data[position : position + 4]
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        chunks.append((name, data[position + 8 : min(position + 8 + length, end)]))
        position += 8 + length + length % 2
    return chunks


def _write_chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)
