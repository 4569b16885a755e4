"""User names and passwords in URLs, which no command prints."""

import json

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from tests.support.sites import make_site, post, write

SECRET = "https://ada:SECRETPW@127.0.0.1:1/x.png"


def run(root, *arguments):
    result = CliRunner().invoke(main, ["-C", str(root), *arguments])
    assert not isinstance(result.exception, AssertionError | ValueError | TypeError)
    return result.stdout + result.stderr


@pytest.mark.parametrize("mode", [(), ("--json",), ("-v",)], ids=" ".join)
@pytest.mark.parametrize("images", ["copy", "download"])
def test_an_import_shows_no_credentials(tmp_path, mode, images):
    text = f'---\ntitle: One\ndate: 2024-01-02\n---\n\n![x]({SECRET}) [y]({SECRET})\n\n<img src="{SECRET}">\n'
    write(tmp_path, {"export/one.md": text})
    make_site(tmp_path / "site")
    shown = run(tmp_path / "site", "import", str(tmp_path / "export"), "--images", images, *mode)
    (report,) = (tmp_path / "site/.sitegen/imports").glob("*.txt")
    printed = shown + report.read_text()
    assert "127.0.0.1:1/x.png" in printed
    assert "SECRETPW" not in printed
    assert "ada:" not in printed
    if mode == ("--json",):
        json.loads(shown)


@pytest.mark.parametrize("mode", [(), ("--json",)], ids=" ".join)
def test_a_check_shows_no_credentials(tmp_path, mode):
    links = f"[x]({SECRET}) ![]({SECRET}) <a href='{SECRET}'></a>"
    make_site(tmp_path, {"content/posts/2024-01-05-links.md": post("Links", "2024-01-05", links)})
    shown = run(tmp_path, "check", *mode)
    assert "127.0.0.1" in shown
    assert "SECRETPW" not in shown


def test_the_settings_show_no_credentials(tmp_path):
    config = 'title = "T"\nbase_url = "https://ex.org/"\n[[publish]]\nname = "p"\nkind = "git"\n'
    make_site(tmp_path, config=f'{config}remote = "https://ada:SECRETPW@h.example/x"\n')
    for command in (("config",), ("config", "--json")):
        shown = run(tmp_path, *command)
        assert "h.example" in shown
        assert "SECRETPW" not in shown
