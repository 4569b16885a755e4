"""Images for tests and benchmarks: made by a script, with the private metadata that cameras and programs write."""

import random
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw, ImageFilter, PngImagePlugin

PRIVATE = b"Private7"
"""What no published file may contain: each of the metadata contains it."""

ARTIST, OWNER = "Ada Artist", "Copyright Ada"


def make_photograph(seed: int, width: int, height: int) -> Image.Image:
    """Return an image with the gradients, edges and texture of a photograph, the same for the same seed."""
    generator = random.Random(seed)
    bands = [Image.linear_gradient("L").rotate(generator.choice((0, 90, 180, 270))) for _ in range(3)]
    image = Image.merge("RGB", bands).resize((width, height))
    for size, share in ((8, 0.45), (24, 0.35), (80, 0.25), (260, 0.16), (900, 0.08)):
        across, down = min(size, width), max(1, min(size * height // width, height))
        noise = Image.frombytes("RGB", (across, down), generator.randbytes(across * down * 3))
        image = Image.blend(image, noise.resize((width, height), Image.Resampling.BICUBIC), share)
    canvas = ImageDraw.Draw(image)
    for _ in range(30):
        left, top = generator.randrange(width), generator.randrange(height)
        side = generator.randrange(width // 40, width // 8 + 2)
        canvas.ellipse((left, top, left + side, top + side * 0.7), fill=tuple(generator.randbytes(3)))
    return image.filter(ImageFilter.GaussianBlur(0.8))


@cache
def make_exif(orientation: int = 1) -> Image.Exif:
    """Return Exif data with an orientation, whom to credit, and private tags in all directories."""
    text = PRIVATE.decode()
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x8298] = orientation, ARTIST, OWNER
    exif[0x010F] = exif[0x0110] = text
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 29: text})
    exif.get_ifd(0x8769).update({0xA431: text, 0x9286: PRIVATE})
    return exif


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><GPS>%b</GPS></x:xmpmeta>' % PRIVATE


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """Return an image in a format."""
    written = BytesIO()
    image.save(written, image_format, **options)
    return written.getvalue()


def make_private_images() -> dict[str, bytes]:
    """Return an image in each format with private metadata everywhere, by a name for its file."""
    image = make_photograph(1, 64, 48)
    frames = [image.rotate(angle) for angle in (20, 40)]
    exif = make_exif()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PRIVATE.decode())
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    text.add_text("Raw profile type iptc", PRIVATE.decode(), zip=True)
    animation: dict[str, Any] = {"save_all": True, "append_images": frames}
    jpeg = encode(image, "JPEG", exif=exif, xmp=XMP, comment=PRIVATE, icc_profile=profile)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x5a\0\x08" + PRIVATE + b"\0"
    iptc_segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    return {
        "photo.jpg": jpeg[:2] + iptc_segment + jpeg[2:] + PRIVATE,
        "progressive.jpg": encode(image, "JPEG", exif=exif, progressive=True),
        "several.jpg": encode(image, "MPO", exif=exif, save_all=True, append_images=frames),
        "photo.png": encode(image, "PNG", exif=exif, pnginfo=text, icc_profile=profile) + PRIVATE,
        "photo.webp": encode(image, "WEBP", exif=exif, xmp=XMP, icc_profile=profile),
        "moving.webp": encode(image, "WEBP", exif=exif, xmp=XMP, **animation),
        "moving.gif": encode(image, "GIF", comment=PRIVATE, loop=0, **animation) + PRIVATE,
        "moving.png": encode(image, "PNG", exif=exif, pnginfo=text, **animation),
        "photo.avif": encode(image, "AVIF", exif=exif, xmp=XMP, icc_profile=profile, speed=10),
        "moving.avif": encode(image, "AVIF", exif=exif, xmp=XMP, speed=10, **animation),
        "photo.tif": encode(image, "TIFF", exif=exif),
    }
