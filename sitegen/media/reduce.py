"""Encode an image again at a smaller size, in its own format, with Pillow."""

import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from sitegen.formats.image_type import image_type
from sitegen.media.encode import DAMAGE, DECODERS, MAX_DECODED_PIXELS

_FORMATS = frozenset(("jpg", "png", "webp", "avif"))


def reduce_image(data: bytes, side: int, quality: int) -> bytes | None:
    """Return an image whose longer side has at most `side` pixels, in its own format, without metadata.

    Returns None for animations, other formats than JPEG, PNG, WebP and AVIF, and images that cannot be decoded.
    """
    file_type = image_type(data)
    if file_type not in _FORMATS:
        return None
    with warnings.catch_warnings():
        # Pillow warns of large images and of damaged metadata, neither of which concerns the pixels.
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=[DECODERS[file_type]]) as image:
                if getattr(image, "is_animated", False) and image.format != "MPO":
                    return None
                return _write(image, file_type, side, quality)
        except (Image.DecompressionBombError, *DAMAGE):
            return None


def _write(image: Image.Image, file_type: str, side: int, quality: int) -> bytes | None:
    profile = image.info.get("icc_profile")
    image.draft(image.mode, (side, side))
    if image.width * image.height > MAX_DECODED_PIXELS:
        return None
    reduced = ImageOps.exif_transpose(image)
    reduced.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    reduced.info.clear()
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    match file_type:
        case "jpg":
            options |= {"quality": quality, "progressive": True, "optimize": True}
        case "png":
            options |= {"optimize": True}
        case _:
            options |= {"quality": quality}
    written = BytesIO()
    reduced.save(written, DECODERS[file_type], **options)
    return written.getvalue()
