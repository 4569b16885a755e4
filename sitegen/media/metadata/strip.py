"""Remove private metadata from an image file of any format that browsers show."""

from sitegen.formats.image_type import image_type
from sitegen.media.metadata.boxes import strip_boxes, strip_codestream_boxes
from sitegen.media.metadata.gif import strip_gif
from sitegen.media.metadata.jpeg import strip_jpeg
from sitegen.media.metadata.png import strip_png
from sitegen.media.metadata.tiff import strip_tiff
from sitegen.media.metadata.webp import strip_webp

HEAD_BYTES = 4096
"""The bytes of a file that decide whether it is an image."""

_SIGNATURES = (b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\0\x0cjP  \r\n\x87\n")
"""The beginnings of JPEG XL (ISO/IEC 18181-2) and JPEG 2000 (ISO/IEC 15444-1, annex I) in files of boxes."""

_FORMATS = frozenset(("jpg", "png", "gif", "webp", "avif", "heic", "tiff"))


def has_metadata_format(head: bytes) -> bool:
    """Return whether a file, by its first bytes, is of a format whose metadata are removed."""
    return head.startswith(_SIGNATURES) or image_type(head) in _FORMATS


def strip_metadata(data: bytes, *, credit: bool) -> bytes:
    """Return an image without private metadata; with artist and copyright if `credit`.

    Pixels, animation, color profile and orientation are unchanged, and the bytes are the same if there is nothing to
    remove. A damaged file ends where the damage begins.
    """
    if data.startswith(_SIGNATURES):
        return strip_codestream_boxes(data)
    found = image_type(data[:HEAD_BYTES])
    if found in ("avif", "heic"):
        return strip_boxes(data)
    if found == "gif":
        return strip_gif(data)
    strip = {"jpg": strip_jpeg, "png": strip_png, "webp": strip_webp, "tiff": strip_tiff}.get(found)
    return strip(data, credit=credit) if strip else data
