"""Remove private metadata from an image file of any format that browsers show."""

from sitegen.formats.image_type import image_type
from sitegen.media.metadata.boxes import strip_boxes, strip_codestream_boxes
from sitegen.media.metadata.formats import BOX_SIGNATURES, HEAD_BYTES
from sitegen.media.metadata.gif import strip_gif
from sitegen.media.metadata.jpeg import strip_jpeg
from sitegen.media.metadata.png import strip_png
from sitegen.media.metadata.tiff import strip_tiff
from sitegen.media.metadata.webp import strip_webp


def strip_metadata(data: bytes, *, credit: bool) -> bytes:
    """Return an image without private metadata; with artist and copyright if `credit`.

    Pixels, animation, color profile and orientation are unchanged, and the bytes are the same if there is nothing to
    remove. A damaged file ends where the damage begins.
    """
    if data.startswith(BOX_SIGNATURES):
        return strip_codestream_boxes(data)
    found = image_type(data[:HEAD_BYTES])
    if found in ("avif", "heic"):
        return strip_boxes(data)
    if found == "gif":
        return strip_gif(data)
    strip = {"jpg": strip_jpeg, "png": strip_png, "webp": strip_webp, "tiff": strip_tiff}.get(found)
    return strip(data, credit=credit) if strip else data
