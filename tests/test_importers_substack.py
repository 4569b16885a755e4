"""A Substack export becomes posts; its subscribers stay unread."""

import zipfile
from datetime import UTC

import pytest

from sitegen.importers.items import Options
from sitegen.importers.run import run_import
from sitegen.importers.substack_text import original_image
from tests.importing import check_sample, import_path, zipped


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("substack", tmp_path)
    assert report.withheld == 3


def test_a_zip_that_wraps_all_in_a_folder_gives_the_same(tmp_path):
    report = import_path(zipped("substack", tmp_path / "e.zip"), tmp_path / "zip")
    same = import_path((tmp_path / "e.zip"), tmp_path / "again", "substack")
    assert (report.written, report.created) == (6, same.created)


def test_a_zip_whose_subscribers_cannot_be_read_is_imported_all_the_same(tmp_path):
    path = zipped("substack", tmp_path / "e.zip")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        starts = [
            info.header_offset for info in file.infolist() if "email_list" in info.filename or "opens" in info.filename
        ]
    broken = bytearray(data)
    for start in starts:
        broken[start : start + 4] = b"XXXX"  # opening such a member raises
    path.write_bytes(broken)
    report = import_path(path, tmp_path / "site")
    assert (report.written, report.withheld) == (6, 3)


def test_posts_for_paying_readers_are_published_only_when_asked(tmp_path):
    path = zipped("substack", tmp_path / "e.zip")
    (tmp_path / "site").mkdir()
    run_import([path], tmp_path / "site", "content/posts", Options(UTC, include_paid=True))
    text = (tmp_path / "site/content/posts/2023-02-01-for-members.md").read_text()
    assert "draft" not in text
    assert "paid: true" in text


def test_older_tables_and_a_bom_are_read(tmp_path):
    folder = tmp_path / "e"
    (folder / "posts").mkdir(parents=True)
    table = "\ufeffpost_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
    (folder / "posts.csv").write_text(table + "7.old,2019-01-01T00:00:00.000Z,TRUE,,newsletter,everyone,Old,,\n")
    (folder / "posts/7.old.html").write_text("<p>Text</p>")
    assert import_path(folder, tmp_path / "site").created == ("content/posts/2019-01-01-old.md",)


@pytest.mark.parametrize(
    ("url", "real"),
    [
        (
            "https://substackcdn.com/image/fetch/w_1,c_limit/https%3A%2F%2Fa.example%2Fx%20y.png",
            "https://a.example/x y.png",
        ),
        ("https://substackcdn.com/image/fetch/$s_!a!,w_1/https://a.example/x.png", "https://a.example/x.png"),
        ("https://a.example/x.png", "https://a.example/x.png"),
    ],
)
def test_the_real_address_of_a_picture_is_kept(url, real):
    assert original_image(url) == real
