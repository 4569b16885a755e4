"""Decode an image once, and encode it in all formats and widths that pages and feeds need, with Pillow."""

import struct
import warnings
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import count
from typing import Any

from msgspec import Struct
from PIL import Image, ImageCms

from sitegen.config.schema import Images
from sitegen.formats.image_size import read_image
from sitegen.formats.image_type import image_type
from sitegen.media.image_facts import SHARED_PIXELS, Encoding, Format, ImageFacts
from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif

MAX_DECODED_PIXELS = 40_000_000
"""Maximum number of pixels that are in memory at once: 160 MB with transparency. JPEGs are decoded at a lower scale."""

MAX_ANIMATION_PIXELS = 150_000_000
"""Maximum number of pixels of all frames; a larger animation is published as it is."""

DECODERS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF", "bmp": "BMP"}
_NAMES = {"tiff": "TIFF", "heic": "HEIC", "ico": "ICO", "svg": "SVG"}
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, RuntimeError, LookupError, TypeError, MemoryError)
"""What Pillow raises for files that are damaged."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn an image upright, by its Exif orientation (CIPA DC-008, section 4.6.4)."""

_TRANSPOSED = range(5, 9)
"""Orientations that exchange width and height."""

_TONES = 4
"""The number of levels of red, green and blue for dominant colors."""

_ORDER: tuple[Format, ...] = ("avif", "webp")
"""The order in which browsers are offered the formats: the smallest first."""

_AVIF_QUALITY_OFFSET = 20
"""AVIF has the same fidelity as WebP and JPEG at a quality that is lower by this."""


class EncodedImage(Struct, frozen=True):
    """The facts of an image, and the bytes of its encodings in the same order."""

    facts: ImageFacts
    files: tuple[bytes, ...] = ()


class _Frame(Struct, frozen=True):
    """A decoded image in sRGB, turned upright, and what its encoders need to know."""

    image: Image.Image
    source: Format
    is_graphic: bool


def encode_image(data: bytes, settings: Images) -> EncodedImage:
    """Return an image's facts and encodings; facts with an error if it is damaged, too large or of another format."""
    file_type = image_type(data)
    header = read_image(data)
    media_type, width, height = (header.type, header.width, header.height) if header else ("", 0, 0)
    if not data:
        return EncodedImage(ImageFacts("", 0, 0, error="the file is empty"))
    if file_type in ("tiff", "heic"):
        return EncodedImage(ImageFacts("", 0, 0, error=f"most browsers do not show {_NAMES[file_type]} images"))
    if file_type not in DECODERS:
        error = "" if file_type in _NAMES else "the file is not an image"
        return EncodedImage(ImageFacts(media_type, width, height, error=error))
    limit = settings.max_megapixels * 1_000_000
    if width * height > limit:
        error = f"the image has {width} × {height} pixels, more than `max_megapixels = {settings.max_megapixels}`"
        return EncodedImage(ImageFacts(media_type, width, height, error=error))
    with warnings.catch_warnings():
        # Pillow warns of large images and of damaged metadata, neither of which concerns the pixels.
        warnings.simplefilter("ignore")
        try:
            return _encode(data, file_type, settings)
        except Image.DecompressionBombError:
            error = "the image has too many pixels to be decoded"
        except DAMAGE as problem:
            error = f"the image is damaged: {problem}".splitlines()[0]
    return EncodedImage(ImageFacts(media_type, width, height, error=error))


def _encode(data: bytes, file_type: str, settings: Images) -> EncodedImage:
    with Image.open(BytesIO(data), formats=[DECODERS[file_type]]) as image:
        if getattr(image, "is_animated", False) and image.format != "MPO":
            return _encode_animation(image, data, settings)
        tags = read_public_tags(image.info.get("exif", b""), credit=settings.metadata == "credit")
        width, height = reversed(image.size) if tags.orientation in _TRANSPOSED else image.size
        pixels = _decode(image, tags.orientation, settings)
        frame = _Frame(pixels, _source_format(file_type, pixels), is_graphic=file_type in ("png", "gif", "bmp"))
    media_type = Image.MIME[DECODERS[file_type]]
    credit = write_exif(PublicTags(1, tags.artist, tags.copyright)) if tags.artist or tags.copyright else b""
    found = list(_encode_pages(frame, (width, height), len(data), settings, credit))
    found += _encode_shared(frame, (width, height), file_type, len(data), settings, credit)
    tone = _find_tone(frame.image) if settings.placeholders else ""
    facts = ImageFacts(media_type, width, height, tone, "", tuple(encoding for encoding, _ in found))
    return EncodedImage(facts, tuple(written for _, written in found))


def _decode(image: Image.Image, orientation: int, settings: Images) -> Image.Image:
    """Return the pixels of an image in sRGB, upright, no larger than its largest encoding and not much larger."""
    largest = max(*settings.widths, SHARED_PIXELS)
    side = image.height if orientation in _TRANSPOSED else image.width
    if image.format in ("JPEG", "MPO") and side > largest:
        scale = largest / side
        image.draft(image.mode, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    if image.width * image.height > MAX_DECODED_PIXELS:
        raise Image.DecompressionBombError
    profile = image.info.get("icc_profile")
    pixels = _simplify(image)
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
    if pixels.width > largest:
        pixels = _resize(pixels, largest)
    pixels = _to_srgb(pixels, profile)
    if pixels is image:
        pixels = image.copy()  # the opened image is closed soon
    pixels.info.clear()
    return pixels


def _simplify(image: Image.Image) -> Image.Image:
    """Return an image as gray, color, color with transparency, or CMYK, with eight bits for each."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode in ("1", "F") else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an image in sRGB; one whose profile is missing or damaged is treated as sRGB, or as plain CMYK."""
    if profile:
        try:
            opened = ImageCms.ImageCmsProfile(BytesIO(profile))
            if image.mode == "CMYK" or not ImageCms.getProfileDescription(opened).startswith("sRGB"):
                return _apply_profile(image, opened)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # browsers ignore a damaged profile too
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def _apply_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    if image.mode == "RGBA":
        converted = ImageCms.profileToProfile(image.convert("RGB"), profile, target, outputMode="RGB")
        assert converted is not None
        converted.putalpha(image.getchannel("A"))
        return converted
    converted = ImageCms.profileToProfile(image, profile, target, outputMode="RGB")
    assert converted is not None
    return converted


def _source_format(file_type: str, image: Image.Image) -> Format:
    """Return the format that is encoded beside AVIF and WebP: the original's, or the one closest to it."""
    if file_type == "webp":
        return "webp"
    if file_type == "avif":
        return "avif"
    return "jpeg" if file_type == "jpg" or (file_type == "bmp" and image.mode != "RGBA") else "png"


def _encode_pages(
    frame: _Frame, size: tuple[int, int], source_bytes: int, settings: Images, credit: bytes
) -> Iterator[tuple[Encoding, bytes]]:
    """Yield the encodings for pages, format by format from narrow to wide.

    A format is skipped if its widest encoding is not smaller than the original, which pages show as well.
    """
    widths = find_widths(size[0], settings.widths)
    images = {}
    image = frame.image
    for width in reversed(widths):
        image = images[width] = _resize(image, width, size)
    known = [*(name for name in _ORDER if name in settings.formats), frame.source]
    for name in dict.fromkeys(known):
        files: list[tuple[Encoding, bytes]] = []
        for width in reversed(widths):
            data = _write(images[width], name, settings, frame, credit)
            if not files and len(data) >= source_bytes:
                break
            files.append((Encoding("page", name, width, images[width].height, len(data)), data))
        yield from reversed(files)


def find_widths(width: int, wanted: Iterable[int]) -> tuple[int, ...]:
    """Return the widths in which an image is encoded, in order: none is wider than the image."""
    narrower = {one for one in wanted if one < width}
    widest = max(wanted)
    return tuple(sorted(narrower | ({width} if width <= widest else set())))


def _encode_shared(
    frame: _Frame, size: tuple[int, int], file_type: str, source_bytes: int, settings: Images, credit: bytes
) -> Iterator[tuple[Encoding, bytes]]:
    """Yield the JPEG or PNG for feeds and previews, unless the original is one of suitable size."""
    scale = min(1.0, SHARED_PIXELS / max(size))
    if file_type in ("jpg", "png", "gif") and scale == 1.0:
        return
    image = _resize(frame.image, max(1, round(size[0] * scale)), size)
    name: Format = "png" if image.mode == "RGBA" or (file_type in ("png", "gif") and _has_few_colors(image)) else "jpeg"
    data = _write(image, name, settings, frame, credit)
    if file_type in ("jpg", "png") and len(data) >= source_bytes:
        return
    yield Encoding("share", name, image.width, image.height, len(data)), data


def _has_few_colors(image: Image.Image) -> bool:
    return image.resize((64, 64), Image.Resampling.NEAREST).getcolors(256) is not None


def _resize(image: Image.Image, width: int, size: tuple[int, int] | None = None) -> Image.Image:
    """Return an image of a width; its height follows from `size`, that of the original, to avoid adding up rounding."""
    whole = size or image.size
    height = max(1, round(whole[1] * width / whole[0]))
    if (width, height) == image.size:
        return image
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _find_tone(image: Image.Image) -> str:
    """Return the levels of red, green and blue of an image's average color, "" if it is transparent."""
    if image.mode == "RGBA":
        return ""
    pixel: Any = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return "".join(str(value * _TONES // 256) for value in pixel)


def _write(image: Image.Image, name: Format, settings: Images, frame: _Frame, credit: bytes) -> bytes:
    written = BytesIO()
    quality = settings.quality
    options: dict[str, Any] = {"exif": credit} if credit else {}
    match name:
        case "avif":
            chroma = "4:4:4" if frame.is_graphic else "4:2:0"
            low = max(1, quality - _AVIF_QUALITY_OFFSET)
            # One thread: others encode other images at the same time, and the bytes must not depend on the machine.
            image.save(written, "AVIF", quality=low, speed=8, subsampling=chroma, max_threads=1, **options)
        case "webp":
            image.save(written, "WEBP", quality=quality, method=4, **options)
        case "jpeg":
            if credit:
                options["exif"] = b"Exif\0\0" + credit
            image.save(written, "JPEG", quality=quality, progressive=True, optimize=True, **options)
        case "png":
            image.save(written, "PNG", **options)
    return written.getvalue()


def _encode_animation(image: Image.Image, data: bytes, settings: Images) -> EncodedImage:
    """Return an animated GIF as an animated WebP if that is smaller; other animations are published as they are."""
    width, height = image.size
    media_type = Image.MIME[image.format or "GIF"]
    facts = ImageFacts(media_type, width, height)
    frames: int = getattr(image, "n_frames", 1)
    if image.format != "GIF" or "webp" not in settings.formats or frames * width * height > MAX_ANIMATION_PIXELS:
        return EncodedImage(facts)
    target = min(width, max(settings.widths))
    scaled = (target, max(1, round(height * target / width)))
    durations = []
    for index in range(frames):
        image.seek(index)
        durations.append(image.info.get("duration", 0))
    image.seek(0)
    loop = image.info.get("loop")
    resized = _read_frames(image, scaled)
    written = BytesIO()
    # A GIF without a number of repetitions plays once; a WebP with 0 repeats forever.
    next(resized).save(
        written,
        "WEBP",
        save_all=True,
        append_images=resized,
        duration=durations,
        loop=1 if loop is None else loop + 1 if loop else 0,
        quality=settings.quality,
        method=2,
    )
    encoded = written.getvalue()
    if len(encoded) >= len(data):
        return EncodedImage(facts)
    encoding = Encoding("page", "webp", *scaled, len(encoded))
    return EncodedImage(ImageFacts(media_type, width, height, encodings=(encoding,)), (encoded,))


def _read_frames(image: Image.Image, size: tuple[int, int]) -> Iterator[Image.Image]:
    """Yield the frames of an animation one by one, so that only one of them is in memory."""
    for index in count():
        try:
            image.seek(index)
        except EOFError:
            return
        frame = image.convert("RGBA")
        frame.info.clear()
        yield frame if frame.size == size else frame.resize(size, Image.Resampling.LANCZOS)
