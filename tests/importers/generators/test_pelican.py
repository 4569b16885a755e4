"""Folders written for Pelican become posts."""

from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("pelican", tmp_path)


def test_settings_are_read_without_executing_them(tmp_path):
    marker = tmp_path / "was-run"
    (tmp_path / "in/content").mkdir(parents=True)
    program = f"SITEURL = 'https://x.example'\nopen({str(marker)!r}, 'w').close()\nTIMEZONE = __import__('os').sep\n"
    (tmp_path / "in/pelicanconf.py").write_text(program)
    (tmp_path / "in/content/a.md").write_text("Title: A\nDate: 2020-01-01\n\nText.\n")
    report = import_path(tmp_path / "in", tmp_path / "site", "pelican")
    assert report.written == 1
    assert not marker.exists()
    assert "id: tag:x.example,2020-01-01:/a.html\n" in (tmp_path / "site/content/posts/2020-01-01-a.md").read_text()


def test_deeply_nested_settings_are_reported(tmp_path):
    (tmp_path / "in/content").mkdir(parents=True)
    (tmp_path / "in/pelicanconf.py").write_text("X = " + "(" * 5000)
    (tmp_path / "in/content/a.md").write_text("Title: A\nDate: 2020-01-01\n\nText.\n")
    report = import_path(tmp_path / "in", tmp_path / "site", "pelican")
    assert report.written == 1
    assert report.notes[0].message.startswith("the settings were not read")
