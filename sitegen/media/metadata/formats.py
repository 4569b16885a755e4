"""The image formats whose metadata are removed, by the first bytes of a file."""

from sitegen.formats.image_type import image_type

HEAD_BYTES = 4096
"""The bytes of a file that decide whether it is an image."""

BOX_SIGNATURES = (b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\0\x0cjP  \r\n\x87\n")
"""The beginnings of JPEG XL (ISO/IEC 18181-2) and JPEG 2000 (ISO/IEC 15444-1, annex I) in files of boxes."""

_FORMATS = frozenset(("jpg", "png", "gif", "webp", "avif", "heic", "tiff"))


def has_metadata_format(head: bytes) -> bool:
    """Return whether a file, by its first bytes, is of a format whose metadata are removed."""
    return head.startswith(BOX_SIGNATURES) or image_type(head) in _FORMATS
