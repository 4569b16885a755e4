"""Account exports of Mailchimp are imported as posts."""

from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.platforms.mailchimp import clean
from tests.support.importing import check_sample, import_path, zipped


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("mailchimp", tmp_path)
    assert report.private_files == 1


def test_lists_of_subscribers_in_a_zip_are_not_opened(tmp_path):
    report = import_path(zipped("mailchimp", tmp_path / "export.zip"), tmp_path / "site")
    assert report.format == "mailchimp"
    assert report.private_files == 1


def test_dropping_the_footer_preserves_the_text_of_the_campaign():
    html = "<table><tr><td><p>Keep this.</p><p>Copyright © 2020 Us</p></td></tr></table>"
    converted = convert_html(HtmlBody(html, clean=clean))
    assert converted.text.strip() == "Keep this."
    assert converted.dropped["e-mail footer"] == 1


def test_campaigns_are_imported_if_the_csv_file_has_no_titles(tmp_path):
    folder = tmp_path / "in" / "campaigns_content"
    folder.mkdir(parents=True)
    (tmp_path / "in" / "campaigns.csv").write_text("Opens,Clicks\n1,2\n")
    (folder / "2021-05-06_spring.html").write_text("<p>Blossom.</p>")
    report = import_path(tmp_path / "in", tmp_path / "site", "mailchimp")
    assert [item.reason for item in report.skipped] == ["none of its columns is a title or a subject"]
    assert [path.rsplit("/", 1)[-1] for path in report.created] == ["2021-05-06-spring.md"]
