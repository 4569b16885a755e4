"""Files with data of subscribers are not opened: an import succeeds even if they are unreadable."""

import zipfile

import pytest

from tests.support.importing import import_path, zipped

PRIVATE = {
    "buttondown": ("subscribers.csv", "comments.csv"),
    "beehiiv": ("subscribers_export.csv",),
    "mailchimp": ("lists/readers.csv",),
    "medium": ("profile/profile.html",),
}


@pytest.mark.parametrize("sample", PRIVATE)
def test_unreadable_private_files_do_not_affect_the_import(sample, tmp_path):
    packed = zipped(sample, tmp_path / "export.zip")
    data = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as file:
        private = [info for info in file.infolist() if info.filename.endswith(PRIVATE[sample])]
    for info in private:
        data[info.header_offset : info.header_offset + 4] = b"XXXX"
    packed.write_bytes(data)
    report = import_path(packed, tmp_path / "site")
    assert report.format == sample
    assert report.private_files == len(private) == len(PRIVATE[sample])
    assert report.written > 0
    assert "invalid.example" not in "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.md"))
