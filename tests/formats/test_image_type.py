from io import BytesIO

import pytest
from PIL import Image

from sitegen.formats.image_size import read_image
from sitegen.formats.image_type import image_type


def brands(*names):
    box = b"ftyp" + names[0] + b"\0\0\0\0" + b"".join(names[1:])
    return (len(box) + 4).to_bytes(4, "big") + box


@pytest.mark.parametrize(
    ("image_format", "ending"),
    [
        ("PNG", "png"),
        ("GIF", "gif"),
        ("JPEG", "jpg"),
        ("WEBP", "webp"),
        ("AVIF", "avif"),
        ("BMP", "bmp"),
        ("TIFF", "tiff"),
        ("ICO", "ico"),
    ],
)
def test_the_format_of_an_image_is_known_by_its_first_64_bytes(image_format, ending):
    stream = BytesIO()
    Image.new("RGB", (37, 21)).save(stream, image_format)
    assert image_type(stream.getvalue()[:64]) == ending


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (brands(b"avif", b"mif1", b"miaf"), "avif"),
        (brands(b"mif1", b"avif"), "avif"),
        (brands(b"heic", b"mif1"), "heic"),
        (brands(b"mif1", b"heic"), "heic"),
        (brands(b"isom", b"mp42"), ""),
        (brands(b"isom") + b"avif" * 4, ""),
    ],
)
def test_avif_and_heic_are_known_by_all_their_brands(data, ending):
    assert image_type(data) == ending


@pytest.mark.parametrize(
    "data",
    [
        b"<svg/>",
        b"\xef\xbb\xbf \n<?xml version='1.0'?><?xml-stylesheet href='a'?><!-- a -- b -->\n<svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg width='3'>",
        b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
    ],
)
def test_an_svg_may_have_a_prologue_and_a_prefix(data):
    assert image_type(data) == "svg"
    assert read_image(data).type == "image/svg+xml"


@pytest.mark.parametrize(
    "data",
    [b"", b"text <svg/>", b"<html><svg width='3' height='4'/></html>", b"<svgx/>", b"<!-- <svg/> -->", b"%PDF", b"BMx"],
)
def test_what_only_contains_or_resembles_an_image_is_not_one(data):
    assert image_type(data) == ""
    assert read_image(data) is None
