"""Images are decoded and encoded right in every format, or the reason why not is reported."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from sitegen.config.schema import Images
from sitegen.media.encode import encode_image, find_widths
from tests.support.photographs import (
    PRIVATE,
    encode,
    make_exif,
    make_photograph,
    make_private_images,
)

SETTINGS = Images(widths=(16, 40))
PHOTO = make_photograph(3, 64, 48)


def files_of(data: bytes, settings: Images = SETTINGS) -> dict[str, bytes]:
    encoded = encode_image(data, settings)
    assert encoded.facts.error == ""
    names = [f"{one.purpose} {one.format} {one.width}x{one.height}" for one in encoded.facts.encodings]
    return dict(zip(names, encoded.files, strict=True))


def pixels_of(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def closest(data: bytes, at: tuple[int, int]) -> tuple[int, ...]:
    found = pixels_of(data).convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return found


def is_like(found: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 24) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(found, wanted, strict=True))


def test_a_photograph_is_encoded_in_all_formats_and_widths():
    found = files_of(encode(PHOTO, "JPEG", quality=95))
    assert list(found) == [f"page {name} {size}" for name in ("avif", "webp", "jpeg") for size in ("16x12", "40x30")]
    for name, data in found.items():
        image = pixels_of(data)
        assert image.format == name.split()[1].upper()
        assert f"{image.width}x{image.height}" == name.split()[2]


@pytest.mark.parametrize(
    ("width", "wanted", "found"),
    [
        (4000, (480, 960, 1600), (480, 960, 1600)),
        (1200, (480, 960, 1600), (480, 960, 1200)),
        (960, (480, 960, 1600), (480, 960)),
        (300, (480, 960, 1600), (300,)),
        (4000, (960, 480), (480, 960)),
    ],
)
def test_an_image_is_never_enlarged(width, wanted, found):
    assert find_widths(width, wanted) == found


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(64, 48), (48, 64)])
def test_the_orientation_is_applied(image_format, orientation, size):
    upright = Image.new("RGB", size, (20, 20, 200))
    upright.paste((220, 30, 30), (0, 0, size[0] // 2, size[1] // 2))
    stored = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    data = encode(
        upright.transpose(stored) if stored is not None else upright, image_format, exif=make_exif(orientation)
    )
    encoded = encode_image(data + bytes(4000), Images(widths=(32,), formats=("webp",)))
    assert (encoded.facts.width, encoded.facts.height) == size
    image = pixels_of(encoded.files[0])
    assert image.size == (32, round(32 * size[1] / size[0]))
    assert image.getexif().get(0x0112, 1) == 1
    assert is_like(closest(encoded.files[0], (4, 4)), (220, 30, 30))
    assert is_like(closest(encoded.files[0], (image.width - 5, image.height - 5)), (20, 20, 200))


def make_png_of_16_bits(color: tuple[int, int, int]) -> bytes:
    row = b"\0" + struct.pack(">HHH", *(value * 257 for value in color)) * 32
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 32, 32, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 32)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


COLOR = (200, 60, 30)
PLAIN = Image.new("RGB", (32, 32), COLOR)
FORMATS = {
    "gray": (encode(PLAIN.convert("L"), "PNG"), (98, 98, 98)),
    "gray of 16 bits": (encode(Image.new("I;16", (32, 32), 98 * 257), "PNG"), (98, 98, 98)),
    "16 bits": (make_png_of_16_bits(COLOR), COLOR),
    "one bit": (encode(Image.new("1", (32, 32), 1), "PNG"), (255, 255, 255)),
    "palette": (encode(PLAIN.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"), COLOR),
    "CMYK": (encode(PLAIN.convert("CMYK"), "JPEG", quality=95), COLOR),
    "GIF": (encode(PLAIN, "GIF"), COLOR),
    "BMP": (encode(PLAIN, "BMP"), COLOR),
    "WebP": (encode(PLAIN, "WEBP"), COLOR),
    "AVIF": (encode(PLAIN, "AVIF", speed=10), COLOR),
    "progressive": (encode(PLAIN, "JPEG", quality=95, progressive=True), COLOR),
}


@pytest.mark.parametrize("name", FORMATS)
def test_colors_are_right_in_every_format(name):
    data, color = FORMATS[name]
    found = files_of(data + bytes(4000), Images(widths=(16,)))
    assert len(found) >= 2
    for written in found.values():
        assert is_like(closest(written, (8, 8)), color)


def test_a_jpeg_of_cmyk_contains_the_marker_of_adobe():
    assert b"Adobe" in FORMATS["CMYK"][0]


def test_colors_of_another_profile_are_converted_to_srgb():
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    image = ImageCms.profileToProfile(PLAIN, srgb, lab, outputMode="LAB")
    assert image is not None
    back = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert back is not None
    # A profile that exchanges red and blue shows whether profiles are applied at all.
    profile = bytearray(ImageCms.ImageCmsProfile(srgb).tobytes())
    tags = {
        bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)
    }
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    text = profile.find(b"s\0R\0G\0B")
    if text >= 0:
        profile[text : text + 7] = b"t\0e\0s\0t"
    data = encode(PLAIN, "PNG", icc_profile=bytes(profile))
    for written in files_of(data + bytes(4000), Images(widths=(16,))).values():
        assert is_like(closest(written, (8, 8)), COLOR[::-1])
        assert "icc_profile" not in pixels_of(written).info


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF"])
def test_transparency_stays(image_format):
    image = Image.new("RGBA", (64, 64), (*COLOR, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    found = files_of(encode(image, image_format) + bytes(4000), Images(widths=(32,)))
    assert len(found) >= 2
    for written in found.values():
        rgba = pixels_of(written).convert("RGBA")
        assert rgba.getpixel((rgba.width // 8, 16))[3] < 20
        assert rgba.getpixel((rgba.width * 7 // 8, 16))[3] > 235
    assert encode_image(encode(image, image_format), SETTINGS).facts.tone == ""


def test_no_encoded_image_contains_private_metadata():
    for name, data in make_private_images().items():
        encoded = encode_image(data, SETTINGS)
        assert encoded.facts.error == "" or name == "photo.tif"
        for written in encoded.files:
            assert PRIVATE not in written, name
            assert not dict(pixels_of(written).getexif()), name


def test_artist_and_copyright_stay_on_request():
    data = make_private_images()["photo.jpg"]
    for written in encode_image(data, Images(widths=(32,), metadata="credit")).files:
        assert set(pixels_of(written).getexif()) == {0x013B, 0x8298}


def test_an_animated_gif_becomes_an_animated_webp():
    frames = [Image.new("P", (40, 30), number) for number in range(3)]
    noise = [PHOTO.resize((40, 30)).rotate(angle) for angle in (0, 50, 100)]
    for frames, loop in ((noise, 0), (noise, 2)):
        data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[50, 100, 150], loop=loop)
        encoded = encode_image(data, Images(widths=(20,)))
        assert [(one.format, one.width, one.height) for one in encoded.facts.encodings] == [("webp", 20, 15)]
        image = pixels_of(encoded.files[0])
        assert image.n_frames == 3
        durations = []
        for number in range(3):
            image.seek(number)
            image.load()
            durations.append(image.info["duration"])
        assert durations == [50, 100, 150]
        assert image.info["loop"] == (0 if loop == 0 else loop + 1)


def test_other_animations_are_left_as_they_are():
    frames = [PHOTO.rotate(angle) for angle in (0, 50)]
    for image_format in ("WEBP", "PNG"):
        data = encode(frames[0], image_format, save_all=True, append_images=frames[1:])
        assert encode_image(data, SETTINGS).files == ()


def test_a_format_that_is_not_smaller_than_the_original_is_skipped():
    tiny = encode(Image.new("L", (1, 1)), "GIF")
    assert encode_image(tiny, SETTINGS).files == ()


def test_feeds_get_a_jpeg_or_png_of_suitable_size():
    wide = encode(Image.new("RGB", (2600, 40), COLOR), "JPEG", quality=100)
    found = files_of(wide + bytes(9000), Images(widths=(16,), formats=()))
    assert "share jpeg 1200x18" in found
    modern = files_of(encode(PHOTO, "WEBP", quality=100), Images(widths=(16,), formats=()))
    assert pixels_of(modern["share jpeg 64x48"]).format == "JPEG"
    clear = files_of(encode(PHOTO.convert("RGBA"), "WEBP", lossless=True), Images(widths=(16,), formats=()))
    assert any(name.startswith("share ") for name in clear)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><p>Not found", "the file is not an image"),
        (encode(PHOTO, "TIFF"), "most browsers do not show TIFF images"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "most browsers do not show HEIC images"),
        (encode(PHOTO, "JPEG")[:-400], "the image is damaged: image file is truncated"),
        (encode(PHOTO, "PNG")[:-400], "the image is damaged"),
        (encode(PHOTO, "WEBP")[:-400], "the image is damaged"),
        (encode(PHOTO, "AVIF", speed=10)[:-400], "the image is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "the image is damaged"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0) + bytes(30),
            "the image has 60000 × 60000 pixels, more than `max_megapixels = 100`",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
            + (head := struct.pack(">IIBBBBB", 9_000, 9_000, 8, 2, 0, 0, 0))
            + struct.pack(">I", zlib.crc32(b"IHDR" + head))
            + b"\0\0\0\x01IDAT\0"
            + struct.pack(">I", zlib.crc32(b"IDAT\0")),
            "the image has too many pixels to be decoded",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_decoded_is_named(data, error):
    encoded = encode_image(data, SETTINGS)
    assert encoded.facts.error.startswith(error)
    assert encoded.files == ()


def test_a_file_with_the_name_of_another_format_is_decoded_by_its_bytes():
    assert encode_image(encode(PHOTO, "PNG"), SETTINGS).facts.type == "image/png"


def test_a_large_jpeg_is_decoded_at_a_lower_scale():
    data = encode(Image.new("L", (9600, 9600), 90), "JPEG")
    encoded = encode_image(data, Images(widths=(16,), formats=("webp",)))
    assert (encoded.facts.width, encoded.facts.height, encoded.facts.error) == (9600, 9600, "")


def test_the_bytes_are_the_same_each_time():
    data = encode(PHOTO, "JPEG", quality=95)
    assert encode_image(data, SETTINGS) == encode_image(data, SETTINGS)
