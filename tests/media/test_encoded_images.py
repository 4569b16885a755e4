"""The folder of encoded images saves work, and nothing in it is trusted."""

from pathlib import Path

import pytest

from sitegen.config.schema import Images
from sitegen.media import encoded_images
from sitegen.media.encoded_images import EncodedImages
from tests.support.photographs import encode, make_photograph

SETTINGS = Images(widths=(16,))
DATA = encode(make_photograph(4, 48, 32), "JPEG", quality=95)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def no_read() -> bytes:
    raise AssertionError("the image was encoded again")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    EncodedImages(SETTINGS, tmp_path).encode("d1", DATA)
    return tmp_path


def test_an_image_is_encoded_once(folder):
    again = EncodedImages(SETTINGS, folder)
    facts = again.find_facts("d1")
    assert facts is not None
    for encoding in facts.encodings:
        assert again.get("d1", facts.encodings, encoding, no_read)
    assert not again.has_new


def test_other_settings_and_images_have_other_files(folder):
    assert EncodedImages(SETTINGS, folder).find_facts("d2") is None
    for settings in (Images(widths=(20,)), Images(widths=(16,), quality=60), Images(widths=(16,), metadata="credit")):
        assert EncodedImages(settings, folder).find_facts("d1") is None


def test_another_version_of_the_encoder_has_other_files(folder, monkeypatch):
    monkeypatch.setattr(encoded_images, "installed_version", lambda _: "0.1")
    assert EncodedImages(SETTINGS, folder).find_facts("d1") is None


@pytest.mark.parametrize("how", ["cut", "bit", "empty", "folder", "other"])
def test_a_damaged_file_is_encoded_again(folder, how):
    encoded = EncodedImages(SETTINGS, folder)
    facts = encoded.find_facts("d1")
    assert facts is not None
    good = {encoding: encoded.get("d1", facts.encodings, encoding, no_read) for encoding in facts.encodings}
    files = files_in(folder)
    contents = [path.read_bytes() for path in files]
    for path, data, following in zip(files, contents, contents[1:] + contents[:1], strict=True):
        path.unlink()
        match how:
            case "cut":
                path.write_bytes(data[: len(data) // 2])
            case "bit":
                path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
            case "empty":
                path.write_bytes(b"")
            case "folder":
                path.mkdir()
            case "other":
                path.write_bytes(following)
    fresh = EncodedImages(SETTINGS, folder)
    assert fresh.find_facts("d1") is None
    for encoding, data in good.items():
        assert fresh.get("d1", facts.encodings, encoding, lambda: DATA) == data
    assert [path.read_bytes() for path in files_in(folder)] == contents


def test_a_file_with_a_right_digest_that_is_not_the_image_is_rejected(folder):
    encoded = EncodedImages(SETTINGS, folder)
    facts = encoded.find_facts("d1")
    assert facts is not None
    encoding = facts.encodings[0]
    good = encoded.get("d1", facts.encodings, encoding, no_read)
    encoded.write(encoded.key_of("d1", encoding), b"<script>".ljust(encoding.bytes))
    assert EncodedImages(SETTINGS, folder).get("d1", facts.encodings, encoding, lambda: DATA) == good


def test_without_a_folder_an_image_is_encoded_once_for_all_its_files():
    encoded = EncodedImages(SETTINGS, None)
    facts = encoded.encode("d1", DATA)
    assert len(facts.encodings) > 1
    for encoding in facts.encodings:
        assert len(encoded.get("d1", facts.encodings, encoding, no_read)) == encoding.bytes


def test_files_that_are_not_used_are_removed_if_there_are_many(folder):
    encoded = EncodedImages(SETTINGS, folder)
    facts = encoded.find_facts("d1")
    assert facts is not None
    used = {encoded.key_of("d1"), *(encoded.key_of("d1", encoding) for encoding in facts.encodings)}
    encoded.write(encoded.key_of("d9"), b"x")
    encoded.remove_unused(used)
    assert len(files_in(folder)) == len(used) + 1
    for number in range(110):
        encoded.write(encoded.key_of(f"d{number + 100}"), b"x")
    encoded.remove_unused(used)
    assert {path.name for path in files_in(folder)} == used
