"""Remove metadata from a GIF (GIF89a specification)."""

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_PUBLIC_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Extensions for the number of repetitions, and for the color profile."""


def strip_gif(data: bytes) -> bytes:
    """Return a GIF without comments, text, XMP and other application data, and without what follows the image.

    A damaged file ends where the damage begins.
    """
    position = 13 + _table_bytes(data[10:11])
    parts = [data[:position]]
    while position < len(data):
        block, start = data[position], position
        if block == _TRAILER:
            parts.append(b"\x3b")
            return b"".join(parts)
        if block == _EXTENSION:
            label = data[position + 1 : position + 2]
            end = _skip_sub_blocks(data, position + 2)
            if label[:1] == bytes([_GRAPHIC_CONTROL]) or (
                label == bytes([_APPLICATION]) and data[position + 3 : position + 14] in _PUBLIC_APPLICATIONS
            ):
                parts.append(data[start:end])
            position = end
        elif block == _IMAGE:
            position = _skip_sub_blocks(data, position + 10 + _table_bytes(data[position + 9 : position + 10]) + 1)
            parts.append(data[start:position])
        else:
            break
    return b"".join(parts)


def _table_bytes(flags: bytes) -> int:
    """Return the size of the color table that a byte of flags announces."""
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _skip_sub_blocks(data: bytes, position: int) -> int:
    while position < len(data) and data[position]:
        position += 1 + data[position]
    return min(position + 1, len(data))
