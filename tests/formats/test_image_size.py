import struct
from io import BytesIO

import pytest
from PIL import Image

from sitegen.formats.image_size import ImageSize, read_image


def make_image(image_format: str, size: tuple[int, int] = (37, 21), **options: object) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(stream, image_format, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("image_format", "type_", "options"),
    [
        ("PNG", "image/png", {}),
        ("GIF", "image/gif", {}),
        ("JPEG", "image/jpeg", {}),
        ("JPEG", "image/jpeg", {"progressive": True}),
        ("WEBP", "image/webp", {}),
        ("WEBP", "image/webp", {"lossless": True}),
        ("WEBP", "image/webp", {"exif": b"Exif\0\0II*\0"}),
        ("AVIF", "image/avif", {}),
    ],
)
def test_the_size_is_what_pillow_says(image_format, type_, options):
    for size in ((37, 21), (1, 1), (1000, 3)):
        assert read_image(make_image(image_format, size, **options)) == ImageSize(type_, *size)


def test_width_and_height_are_swapped_for_a_rotated_image():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_image(make_image("JPEG", (40, 30), exif=exif.tobytes())) == ImageSize("image/jpeg", 30, 40)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg" width="12" height="7"/>', (12, 7)),
        ("<?xml version='1.0'?>\n<!-- a -->\n<svg height='7.6px' width='12px'><g/></svg>", (12, 8)),
        ('<svg viewBox="0 0 640 480"></svg>', (640, 480)),
        ('<svg viewBox="0,0,640,480" width="100%"></svg>', (640, 480)),
        ("<svg></svg>", (0, 0)),
    ],
)
def test_an_svg_gives_its_width_and_height_or_its_view_box(text, size):
    assert read_image(text.encode()) == ImageSize("image/svg+xml", *size)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<html><body></body></html>", b"%PDF-1.7", b"\xff\xd8\xff\x00", b"svg"]
)
def test_a_file_that_is_not_an_image_has_no_size(data):
    assert read_image(data) is None


@pytest.mark.parametrize("image_format", ["PNG", "GIF", "JPEG", "WEBP", "AVIF"])
def test_a_header_cut_anywhere_is_none_or_the_right_size(image_format):
    whole = make_image(image_format)
    expected = read_image(whole)
    for length in range(min(len(whole), 700)):
        assert read_image(whole[:length]) in (None, expected)


def test_boxes_of_no_length_do_not_hang():
    broken = struct.pack(">I4s4sI4s", 20, b"ftyp", b"avif", 0, b"avif") + struct.pack(">I4s", 1, b"meta") + b"\0" * 40
    assert read_image(broken) is None
