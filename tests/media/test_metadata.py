"""Private metadata are removed from files of every format; pixels, frames, color profile and orientation stay."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.media.metadata.exif import PublicTags, read_public_tags, write_exif
from sitegen.media.metadata.strip import HEAD_BYTES, has_metadata_format, strip_metadata
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
