"""Finds the images of a site that are larger than pages need, and how many bytes smaller ones would save."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from posixpath import splitext

from sitegen.errors import naming
from sitegen.formats.image_size import read_image_file
from sitegen.importers.output.images import IMAGE_EXTENSIONS
from sitegen.media.encoded_images import can_encode
from sitegen.system.processes import spread

MAX_READ_BYTES = 256 << 20
"""A larger file is not encoded to find what would be saved."""

QUALITY = 85
"""The quality of an original, from which all encodings are derived."""

MIN_PARALLEL_IMAGES = 4


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """The bytes and the pixels of the longer side from which an image is large."""

    bytes: int
    pixels: int


@dataclass(frozen=True, slots=True)
class LargeImage:
    """An image above a limit: size in bytes, width and height in pixels (0 if unknown).

    `saved` are the bytes that it has more than the same image within the limit of pixels; None if that is unknown.
    """

    path: str
    bytes: int
    width: int
    height: int
    saved: int | None


def find_large(
    root: Path, sizes: Mapping[str, int], limits: SizeLimits, jobs: int, progress: Callable[[int, int], None]
) -> tuple[LargeImage, ...]:
    """Return the images above a limit, the largest first; `sizes` has the size in bytes of each file by its path."""
    images = [path for path in sizes if splitext(path)[1].lower() in IMAGE_EXTENSIONS]
    found = []
    for path in images:
        width, height = _read_size(root / path)
        if sizes[path] > limits.bytes or max(width, height) > limits.pixels:
            found.append(LargeImage(path, sizes[path], width, height, None))
    found.sort(key=lambda image: (-image.bytes, image.path))
    if not can_encode():
        return tuple(found)
    measured = []
    for image in spread(partial(_measure, root, limits), found, jobs, MIN_PARALLEL_IMAGES):
        measured.append(image)
        progress(len(measured), len(found))
    return tuple(measured)


def _read_size(path: Path) -> tuple[int, int]:
    size = read_image_file(path)
    return (size.width, size.height) if size else (0, 0)


def _measure(root: Path, limits: SizeLimits, image: LargeImage) -> LargeImage:
    from sitegen.media.reduce import reduce_image  # noqa: PLC0415 - loads Pillow, which takes 70 ms

    if image.bytes > MAX_READ_BYTES:
        return image
    path = root / image.path
    with naming(path):
        reduced = reduce_image(path.read_bytes(), limits.pixels, QUALITY)
    saved = None if reduced is None else max(0, image.bytes - len(reduced))
    return LargeImage(image.path, image.bytes, image.width, image.height, saved)
