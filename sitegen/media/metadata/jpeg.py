"""Remove metadata from a JPEG (ITU-T T.81, annex B)."""

from collections.abc import Iterator

from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8), _END_OF_IMAGE))
_EXIF, _ICC, _ADOBE = b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe"
_JFIF_BYTES = 14
"""The bytes of a JFIF segment before its thumbnail (ISO/IEC 10918-5, section 10.1)."""


def strip_jpeg(data: bytes, *, credit: bool) -> bytes:
    """Return a JPEG without application data, comments, thumbnails and what follows the image.

    Color profile, Adobe's color transform and tables stay; the orientation is in an Exif segment of its own.
    A damaged file ends where the damage begins.
    """
    parts: list[bytes] = []
    tags = PublicTags()
    for marker, start, end in _read_segments(data):
        segment = data[start + 4 : end]
        if marker == 0xE1 and segment.startswith(_EXIF):
            tags = read_public_tags(segment, credit=credit)
        elif marker == 0xE0 and segment.startswith(b"JFIF\0"):
            parts.append(_write_segment(0xE0, segment[: _JFIF_BYTES - 2].ljust(_JFIF_BYTES - 2, b"\0") + b"\0\0"))
        elif _is_public(marker, segment):
            parts.append(data[start:end])
    exif = b"" if tags.is_empty else _write_segment(0xE1, _EXIF + write_exif(tags))
    # The Exif segment follows that of JFIF, as most decoders expect.
    index = 1 if parts and parts[0][:2] == b"\xff\xe0" else 0
    return b"\xff\xd8" + b"".join((*parts[:index], exif, *parts[index:]))


def _read_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of each segment up to the end of the image; a scan includes its data."""
    position = 2
    while position < len(data):
        position = data.find(b"\xff", position)  # decoders skip anything else
        while data[position : position + 2] == b"\xff\xff":
            position += 1  # fill bytes
        if position < 0 or position + 2 > len(data):
            return
        marker = data[position + 1]
        end = position + 2
        if marker not in _STANDALONE:
            length = int.from_bytes(data[end : end + 2], "big")
            end += length
            if length < 2 or end > len(data):
                return
        if marker == _START_OF_SCAN:
            end = _find_scan_end(data, end)
        yield marker, position, end
        if marker == _END_OF_IMAGE:
            return
        position = end


def _write_segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def _is_public(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        return segment.startswith(_ICC)
    if marker == 0xEE:
        return segment.startswith(_ADOBE)
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _find_scan_end(data: bytes, position: int) -> int:
    """Return the offset of the first marker after entropy-coded data that is neither stuffed nor a restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            return len(data)
        following = data[position + 1]
        if following == 0xFF:
            position += 1  # a fill byte
        elif following == 0 or 0xD0 <= following <= 0xD7:
            position += 2
        else:
            return position
