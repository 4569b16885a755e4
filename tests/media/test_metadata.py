"""Private metadata are removed from files of every format; pixels, frames, color profile and orientation stay."""

import struct
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif
from sitegen.media.metadata.formats import HEAD_BYTES, has_metadata_format
from sitegen.media.metadata.strip import strip_metadata
from tests.support.photographs import ARTIST, OWNER, PRIVATE, encode, make_exif, make_photograph, make_private_images

IMAGES = make_private_images()


def open_image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def frames_of(data: bytes) -> list[bytes]:
    image = open_image(data)
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append(image.convert("RGBA").tobytes())
    return found


def test_the_samples_contain_private_metadata():
    without = {name for name, data in IMAGES.items() if PRIVATE not in data}
    assert without == set()


@pytest.mark.parametrize("name", IMAGES)
def test_private_metadata_are_removed(name):
    data = IMAGES[name]
    assert has_metadata_format(data[:HEAD_BYTES])
    stripped = strip_metadata(data, credit=False)
    assert PRIVATE not in stripped
    assert ARTIST.encode() not in stripped
    exif = open_image(stripped).getexif()
    assert not exif.get_ifd(0x8825), "a GPS directory is left"
    assert not exif.get_ifd(0x8769), "an Exif directory is left"


@pytest.mark.parametrize("name", [name for name in IMAGES if name != "several.jpg"])
def test_every_frame_has_the_same_pixels(name):
    assert frames_of(strip_metadata(IMAGES[name], credit=False)) == frames_of(IMAGES[name])


def test_only_the_first_of_several_images_in_a_jpeg_is_published():
    assert frames_of(strip_metadata(IMAGES["several.jpg"], credit=False)) == frames_of(IMAGES["several.jpg"])[:1]


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp", "photo.avif"])
def test_the_color_profile_stays(name):
    before, after = open_image(IMAGES[name]), open_image(strip_metadata(IMAGES[name], credit=False))
    assert after.info["icc_profile"] == before.info["icc_profile"]


@pytest.mark.parametrize("name", IMAGES)
def test_stripping_twice_changes_nothing(name):
    stripped = strip_metadata(IMAGES[name], credit=False)
    assert strip_metadata(stripped, credit=False) == stripped


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_without_metadata_is_the_same_byte_for_byte(image_format):
    data = encode(make_photograph(2, 40, 30), image_format)
    assert strip_metadata(data, credit=False) == data


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_stays(image_format, orientation):
    data = encode(make_photograph(2, 40, 30), image_format, exif=make_exif(orientation))
    assert open_image(strip_metadata(data, credit=False)).getexif().get(0x0112, 1) == orientation


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp", "photo.tif"])
def test_artist_and_copyright_stay_on_request(name):
    stripped = strip_metadata(IMAGES[name], credit=True)
    assert PRIVATE not in stripped
    exif = open_image(stripped).getexif()
    assert (exif[0x013B], exif[0x8298]) == (ARTIST, OWNER)


@pytest.mark.parametrize("name", IMAGES)
@given(st.data())
def test_a_damaged_file_raises_nothing(name, data):
    damaged = bytearray(IMAGES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(12, min(len(damaged), 1500) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    strip_metadata(bytes(damaged), credit=True)
    strip_metadata(cut, credit=False)


@given(st.integers(1, 8), st.binary(max_size=40), st.binary(max_size=40))
def test_written_exif_is_read_back(orientation, artist, owner):
    tags = PublicTags(orientation, artist.replace(b"\0", b"").strip(), owner.replace(b"\0", b"").strip())
    assert read_public_tags(write_exif(tags), credit=True) == tags


@given(st.binary(max_size=200))
def test_damaged_exif_is_as_none(data):
    assert read_public_tags(b"Exif\0\0MM\0*" + data, credit=True).orientation in range(1, 9)


def test_garbage_between_segments_is_dropped():
    data = IMAGES["progressive.jpg"]
    after_first = 4 + int.from_bytes(data[4:6], "big")
    padded = data[:after_first] + PRIVATE + data[after_first:]
    assert strip_metadata(padded, credit=False) == strip_metadata(data, credit=False)


def png_chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", crc32(name + payload))


def test_the_orientation_of_a_png_stays_where_it_follows_the_image_data():
    data = encode(make_photograph(2, 40, 30), "PNG")
    exif = make_exif(6).tobytes().removeprefix(b"Exif\0\0")
    stripped = strip_metadata(data[:-12] + png_chunk(b"eXIf", exif) + data[-12:], credit=False)
    assert open_image(stripped).getexif()[0x0112] == 6
    assert PRIVATE not in stripped


def make_directory(order: str, entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    rows = b"".join(struct.pack(f"{order}HHII", *entry) for entry in entries)
    return struct.pack(f"{order}H", len(entries)) + rows + struct.pack(f"{order}I", following)


@pytest.mark.parametrize("order", ["<", ">"])
def test_private_tags_of_each_of_several_subordinate_directories_are_blank(order):
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    main = 8 + len(make_directory(order, [(330, 4, 2, 0)]))
    inside = make_directory(order, [(271, 2, len(PRIVATE), 0)])
    offsets = [main + 8, main + 8 + len(inside)]
    end = offsets[1] + len(inside)
    data = head + make_directory(order, [(330, 4, 2, main)]) + struct.pack(f"{order}2I", *offsets)
    for number in range(2):
        data += make_directory(order, [(271, 2, len(PRIVATE), end + number * len(PRIVATE))])
    stripped = strip_metadata(data + PRIVATE * 2, credit=False)
    assert PRIVATE not in stripped
    assert len(stripped) == len(data) + 2 * len(PRIVATE)


def test_a_tiff_whose_tags_all_name_the_whole_file_is_blanked_once():
    row = 2 + 12 * 4000 + 4
    directories = [
        make_directory("<", [(40000, 1, 0xFFFFFFFF, 8)] * 4000, 8 + row * (number + 1)) for number in range(30)
    ]
    data = b"II*\0\x08\0\0\0" + b"".join(directories)
    assert strip_metadata(data, credit=False) == data[:8] + bytes(len(data) - 8)


def image_box(name: bytes, *contents: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, contents)), name) + b"".join(contents)


def make_avif(location: bytes, items: int) -> bytes:
    """Return an AVIF with items of XMP at the locations of an `iloc` box."""
    entries = [
        image_box(b"infe", b"\x02\0\0\0", struct.pack(">HH4s", number, 0, b"mime"), b"\0") for number in range(items)
    ]
    information = image_box(b"iinf", bytes(4), struct.pack(">H", items), *entries)
    meta = image_box(b"meta", bytes(4), information, image_box(b"iloc", location))
    return image_box(b"ftyp", b"avif", bytes(4), b"avif") + meta + PRIVATE


def test_extents_that_need_no_bytes_are_not_counted_to_the_end():
    # Version 1 with sizes of zero: each item has 65,535 extents of the whole file in eight bytes.
    rows = b"".join(struct.pack(">HHHH", number, 0, 0, 0xFFFF) for number in range(4000))
    data = make_avif(b"\x01\0\0\0" + bytes(2) + struct.pack(">H", 4000) + rows, 4000)
    assert len(strip_metadata(data, credit=False)) == len(data)


def test_extents_of_the_whole_file_are_blanked_once():
    rows = b"".join(struct.pack(">HHHHI", number, 0, 0, 1, 0) for number in range(9000))
    data = make_avif(b"\x01\0\0\0\x40\0" + struct.pack(">H", 9000) + rows, 9000)
    assert PRIVATE not in strip_metadata(data, credit=False)


@pytest.mark.parametrize("signature", [b"JXL \r\n\x87\n", b"jP  \r\n\x87\n"])
@pytest.mark.parametrize("name", [b"Exif", b"xml ", b"brob", b"jumb", b"uuid"])
def test_metadata_of_jpeg_xl_and_jpeg_2000_are_blank_and_the_image_stays(signature, name):
    start = struct.pack(">I", 12) + signature
    image = image_box(b"jxlc", b"the image")
    wide = struct.pack(">I4sQ", 1, name, 16 + len(PRIVATE)) + PRIVATE
    data = start + image_box(name, PRIVATE) + wide + image
    assert has_metadata_format(data[:HEAD_BYTES])
    stripped = strip_metadata(data, credit=False)
    assert PRIVATE not in stripped
    assert (len(stripped), stripped.endswith(image), stripped[:12]) == (len(data), True, start)
    assert strip_metadata(stripped, credit=False) == stripped
