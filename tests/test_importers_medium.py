"""Medium's export becomes posts."""

from tests.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("medium", tmp_path)
    assert report.withheld == 1


def test_a_story_in_another_encoding_keeps_its_letters(tmp_path):
    page = '<section data-field="body"><p class="p-name">x</p><p>Grüße aus Köln</p></section>'
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_Gruss-0123456789ab.html").write_bytes(page.encode("cp1252"))
    import_path(tmp_path / "posts", tmp_path / "site", "medium")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "Grüße aus Köln" in post.read_text("utf-8")


def test_markup_that_nests_without_end_is_skipped(tmp_path):
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_Deep-0123456789ab.html").write_text('<section data-field="body">' + "<div>" * 4000)
    report = import_path(folder, tmp_path / "site", "medium")
    assert (report.written, len(report.skipped)) == (0, 1)
