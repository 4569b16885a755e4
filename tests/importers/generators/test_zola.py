"""Folders written for Zola become posts."""

from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("zola", tmp_path)


def test_posts_are_imported_if_the_settings_cannot_be_read(tmp_path):
    (tmp_path / "in/content").mkdir(parents=True)
    (tmp_path / "in/config.toml").write_text("base_url = [")
    (tmp_path / "in/content/2020-01-02-a.md").write_text('+++\ntitle = "A"\n+++\nText.\n')
    report = import_path(tmp_path / "in", tmp_path / "site", "zola")
    assert report.written == 1
    assert report.notes[0].message.startswith("the settings were not read")
