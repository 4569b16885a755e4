"""Read type and size of an image from its first bytes: PNG, JPEG, GIF, WebP, AVIF and SVG."""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.errors import naming
from sitegen.formats import lazy_regex
from sitegen.formats.image_type import image_type

HEAD_BYTES, MAX_HEAD_BYTES = 1 << 16, 1 << 20
"""Number of bytes of a file that are read for its size; more if large metadata come before the header."""

MAX_BOXES = 10_000
"""Maximum number of boxes of an ISO base media file; one with more counts as damaged."""


class ImageSize(Struct, frozen=True):
    """The media type of an image, and its width and height in pixels (0 if an SVG has none)."""

    type: str
    width: int
    height: int


def read_image(data: bytes) -> ImageSize | None:
    """Return type and size of an image from its header, None if its format is unknown."""
    reader = _READERS.get(image_type(data))
    if reader is None:
        return None
    try:
        return reader(data)
    except (struct.error, IndexError):
        return None  # the header is truncated


def read_image_file(file: Path) -> ImageSize | None:
    """Return type and size of an image file, None if its format is unknown."""
    with naming(file), file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
        return read_image(head) or read_image(head + opened.read(MAX_HEAD_BYTES))


def read_png(data: bytes) -> ImageSize | None:
    """Read the IHDR chunk of a PNG (W3C PNG, section 11.2.1)."""
    if data[12:16] != b"IHDR":
        return None
    return ImageSize("image/png", *struct.unpack(">II", data[16:24]))


def read_gif(data: bytes) -> ImageSize:
    """Read the logical screen descriptor of a GIF (GIF89a, section 18)."""
    return ImageSize("image/gif", *struct.unpack("<HH", data[6:10]))


def read_jpeg(data: bytes) -> ImageSize | None:
    """Read the frame header of a JPEG (ITU-T T.81, annex B.2.2), turned by its Exif orientation."""
    position, turned = 2, False
    while True:
        if data[position] != 0xFF:
            return None
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack(">H", data[position : position + 2])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 3 : position + 7])
            return ImageSize("image/jpeg", height, width) if turned else ImageSize("image/jpeg", width, height)
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        if marker == 0xE1 and data[position + 2 : position + 8] == b"Exif\0\0":
            turned = read_orientation(data[position + 8 : position + length]) >= 5
        position += length


def read_orientation(exif: bytes) -> int:
    """Return the orientation in Exif data (a TIFF header and its first directory): 5 to 8 are rotated by 90 degrees."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack(f"{order}I", exif[4:8])
        (entries,) = struct.unpack(f"{order}H", exif[start : start + 2])
        for index in range(entries):
            entry = exif[start + 2 + 12 * index : start + 14 + 12 * index]
            tag, _, _, value = struct.unpack(f"{order}HHIH", entry[:10])
            if tag == 0x0112:
                return int(value)
    except struct.error:
        return 1  # with damaged Exif data, the image is shown as stored
    return 1


def read_webp(data: bytes) -> ImageSize | None:
    """Read the first chunk of a WebP: VP8 (RFC 6386, section 9.1), VP8L or VP8X (RFC 9649)."""
    width = height = 0
    box_type = data[12:16]
    if box_type == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
    elif box_type == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif box_type == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[26:30]))
    return ImageSize("image/webp", width, height) if width and height else None


def read_avif(data: bytes) -> ImageSize | None:
    """Read the largest image's size from the `ispe` properties of an AVIF (ISO/IEC 23008-12, section 6.5.3)."""
    sizes = []
    for start, end in find_boxes(data, (b"meta", b"iprp", b"ipco"), 0, len(data)):
        for position, stop, box_type in boxes(data, start, end):
            if box_type == b"ispe" and stop - position >= 12:
                sizes.append(struct.unpack(">II", data[position + 4 : position + 12]))
    if not sizes:
        return None
    width, height = max(sizes)
    return ImageSize("image/avif", width, height)


def find_boxes(data: bytes, path: tuple[bytes, ...], start: int, end: int) -> list[tuple[int, int]]:
    """Return start and end of the contents of the boxes at a path; `meta` has four bytes of flags before them."""
    found = []
    for position, stop, box_type in boxes(data, start, end):
        if box_type == path[0]:
            inside = position + 4 if box_type == b"meta" else position
            found += find_boxes(data, path[1:], inside, stop) if path[1:] else [(inside, stop)]
    return found


def boxes(data: bytes, start: int, end: int) -> list[tuple[int, int, bytes]]:
    """Return start, end and type of each box (ISO/IEC 14496-12, section 4.2) between two offsets."""
    found: list[tuple[int, int, bytes]] = []
    while start + 8 <= end and len(found) < MAX_BOXES:
        size, box_type = struct.unpack(">I4s", data[start : start + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", data[start + 8 : start + 16])
            head = 16
        stop = end if size == 0 else min(start + size, end)
        if stop < start + head:
            break
        found.append((start + head, stop, box_type))
        start = stop
    return found


SVG = lazy_regex.compile(rb"<(?:[\w-]+:)?svg(\s[^<>]*)?/?>")
ATTRIBUTE = lazy_regex.compile(rb"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
LENGTH = lazy_regex.compile(rb"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:px)?")


def read_svg(data: bytes) -> ImageSize | None:
    """Read the root element of an SVG: its width and height, or those of its viewBox (SVG 2, section 8)."""
    found = SVG.search(data[:4096])
    if found is None:
        return None
    attributes = {name: value or other for name, value, other in ATTRIBUTE.findall(found[1] or b"")}
    given = [LENGTH.fullmatch(attributes.get(name, b"").strip()) for name in (b"width", b"height")]
    width, height = (float(match[1]) if match else 0.0 for match in given)
    if not (width and height):
        view = [LENGTH.fullmatch(part) for part in attributes.get(b"viewBox", b"").replace(b",", b" ").split()[2:4]]
        if len(view) == 2 and view[0] and view[1]:
            width, height = float(view[0][1]), float(view[1][1])
    return ImageSize("image/svg+xml", round(width), round(height))


_READERS: Mapping[str, Callable[[bytes], ImageSize | None]] = {
    "png": read_png,
    "gif": read_gif,
    "jpg": read_jpeg,
    "webp": read_webp,
    "avif": read_avif,
    "svg": read_svg,
}
