"""Exports of beehiiv are imported as posts."""

from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("beehiiv", tmp_path)
    assert report.private_files == 1


def test_the_audience_of_a_post_marks_it_as_paid(tmp_path):
    table = "id,web_title,status,web_audiences,content_html,created_at\n"
    rows = "1,Free,confirmed,free,<p>a</p>,2024-01-01 10:00:00\n2,Paid,confirmed,premium,<p>b</p>,2024-01-02 10:00:00\n"
    (tmp_path / "posts.csv").write_text(table + rows)
    report = import_path(tmp_path / "posts.csv", tmp_path / "site", "beehiiv")
    assert [draft.path.rsplit("/", 1)[-1] for draft in report.drafts] == ["2024-01-02-paid.md"]


def test_a_row_with_deeply_nested_content_is_skipped(tmp_path):
    table = "id,web_title,status,audience,content_html,created_at\n"
    rows = f"1,Deep,confirmed,free,{'<div>' * 5000}x,2024-01-01\n2,Good,confirmed,free,<p>fine</p>,2024-01-02\n"
    (tmp_path / "posts.csv").write_text(table + rows)
    report = import_path(tmp_path / "posts.csv", tmp_path / "site", "beehiiv")
    assert report.written == 1
    assert len(report.skipped) == 1


def test_a_post_with_an_invalid_date_becomes_a_draft_with_a_note(tmp_path):
    table = "id,web_title,status,audience,content_html,created_at\n1,One,confirmed,free,<p>a</p>,2024-02-30\n"
    (tmp_path / "posts.csv").write_text(table)
    report = import_path(tmp_path / "posts.csv", tmp_path / "site", "beehiiv")
    assert [str(note.where) for note in report.notes] == ["posts.csv:2"]
    assert len(report.drafts) == 1
