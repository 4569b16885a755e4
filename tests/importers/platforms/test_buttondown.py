"""Exports of Buttondown are imported as posts."""

import json

from tests.support.importing import check_sample, import_path, import_sample, written, zipped


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("buttondown", tmp_path)


def test_a_zip_with_a_top_level_folder_gives_the_same_posts(tmp_path):
    folder = written(tmp_path / "a", import_sample("buttondown", tmp_path / "a"))
    packed = zipped("buttondown", tmp_path / "export.zip")
    report = import_path(packed, tmp_path / "b", "buttondown")
    posts = written(tmp_path / "b", report)
    assert {name: text for name, text in posts.items() if name != "report.txt"} == {
        name: text for name, text in folder.items() if name != "report.txt"
    }
    assert report.private_files == 2


def test_a_json_list_is_read_without_a_csv_file(tmp_path):
    (tmp_path / "in" / "emails").mkdir(parents=True)
    emails = [
        {"id": "e1", "subject": "One", "publish_date": "2024-01-01T10:00:00Z", "slug": "one", "status": "sent"},
        7,
    ]
    (tmp_path / "in" / "emails.json").write_text(json.dumps(emails))
    (tmp_path / "in" / "emails" / "one.md").write_text("Text with [a link](javascript:alert)")
    report = import_path(tmp_path / "in", tmp_path / "site", "buttondown")
    assert [item.reason for item in report.skipped] == ["it is not an e-mail"]
    assert "[a link](javascript:alert)" not in (tmp_path / "site/content/posts/2024-01-01-one.md").read_text()


def test_rows_before_the_cut_of_a_truncated_csv_file_are_imported(tmp_path):
    (tmp_path / "in" / "emails").mkdir(parents=True)
    table = 'id,subject,publish_date,slug,email_type\ne1,One,2024-01-01,one,public\ne2,"Tw'
    (tmp_path / "in" / "emails.csv").write_text(table)
    (tmp_path / "in" / "emails" / "one.md").write_text("One.")
    report = import_path(tmp_path / "in", tmp_path / "site", "buttondown")
    assert report.written == 1
    assert [item.reason for item in report.skipped] == ["the row is cut off"]
