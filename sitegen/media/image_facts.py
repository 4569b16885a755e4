"""What is known of an image of the site once it has been decoded: its size, its color, and its encodings."""

from typing import Literal

from msgspec import Struct

Format = Literal["avif", "webp", "jpeg", "png"]

ImageMode = Literal["encode", "defer", "skip"]
"""Whether images that were not encoded yet are encoded, left to a later build, or all shown as they are."""

ENDINGS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png"}
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg", "png": "image/png"}
SHARED_PIXELS = 1200
"""The largest width and height of an image in feeds, structured data and previews of links."""


class Encoding(Struct, frozen=True):
    """An image encoded in a format: width and height in pixels, and size in bytes.

    `purpose` is "page" for what pages offer in several widths, "share" for feeds and previews of links.
    """

    purpose: Literal["page", "share"]
    format: Format
    width: int
    height: int
    bytes: int


class ImageFacts(Struct, frozen=True):
    """An image: its media type, and width and height in pixels as it is shown.

    `tone` are the levels of red, green and blue of its dominant color, from 0 to 3, "" for none. `error` says why it
    could not be decoded, "" if it was.
    """

    type: str
    width: int
    height: int
    tone: str = ""
    error: str = ""
    encodings: tuple[Encoding, ...] = ()
