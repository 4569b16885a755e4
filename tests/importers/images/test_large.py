"""Which images are large, and what smaller ones would save."""

import json
from io import BytesIO

import pytest
from PIL import Image

from sitegen.importers.images.large import SizeLimits, find_large
from sitegen.media.reduce import reduce_image
from tests.cli.test_commands import run
from tests.support.photographs import encode, make_photograph
from tests.support.sites import make_site, tree

PHOTOGRAPH = make_photograph(3, 400, 300)
SMALL_IMAGE = encode(make_photograph(4, 90, 60), "JPEG")


def large(root, **limits):
    files = {path.relative_to(root).as_posix(): path.stat().st_size for path in root.rglob("*") if path.is_file()}
    found = find_large(root, files, SizeLimits(**{"bytes": 100_000, "pixels": 100} | limits), 1, lambda *_: None)
    return {image.path: image for image in found}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_image_with_too_many_pixels_is_large_and_what_it_would_save_is_measured(tmp_path, file_format):
    data = encode(PHOTOGRAPH, file_format)
    (tmp_path / "a.jpg").write_bytes(data)
    (image,) = large(tmp_path).values()
    assert (image.width, image.height, image.bytes) == (400, 300, len(data))
    assert image.saved == len(data) - len(reduce_image(data, 100, 85))
    assert 0 < image.saved < len(data)


def test_the_larger_side_counts_and_a_small_image_is_not_large(tmp_path):
    (tmp_path / "small.jpg").write_bytes(SMALL_IMAGE)
    (tmp_path / "tall.jpg").write_bytes(encode(make_photograph(5, 60, 101), "JPEG"))
    assert list(large(tmp_path)) == ["tall.jpg"]


def test_a_damaged_image_with_too_many_bytes_is_large_and_other_files_are_not(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff" + bytes(500))
    (tmp_path / "a.gif").write_bytes(b"GIF89a" + bytes(400))
    (tmp_path / "film.mp4").write_bytes(bytes(600))
    found = large(tmp_path, bytes=300)
    assert list(found) == ["broken.jpg", "a.gif"]
    assert [image.saved for image in found.values()] == [None, None]


def test_the_orientation_is_applied_to_the_smaller_image():
    exif = Image.Exif()
    exif[0x0112] = 6
    reduced = reduce_image(encode(PHOTOGRAPH, "JPEG", exif=exif), 100, 85)
    image = Image.open(BytesIO(reduced))
    assert (image.size, dict(image.getexif())) == ((75, 100), {})


def test_the_command_lists_the_images_and_writes_nothing(tmp_path):
    data = encode(PHOTOGRAPH, "PNG")
    root = make_site(tmp_path, {"content/posts/a.png": data, "content/posts/b.jpg": SMALL_IMAGE})
    before = tree(root)
    output = run("images", "large", "--pixels", "100", root=root).output
    saved = f"{(len(data) - len(reduce_image(data, 100, 85))) / 1e6:.1f} MB"
    size = f"{len(data) / 1e6:.1f} MB"
    assert output == (
        f"content/posts/a.png: {size}, 400 × 300 pixels, {saved} to save\nLarge: 1 image ({size}), {saved} to save\n"
    )
    values = json.loads(run("images", "large", "--kilobytes", "1", "--json", root=root).stdout)
    assert [file["path"] for file in values["files"]] == ["content/posts/a.png", "content/posts/b.jpg"]
    assert tree(root) == before
