import json
import shutil

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.render.theme import find_theme
from sitegen.scaffold import theme_files
from sitegen.scaffold.theme_files import copy_original, diff_originals, list_theme, read_original
from tests.support.sites import build, make_site, tree

FOOTER = "partials/footer.html"


def run(root, *arguments):
    return CliRunner().invoke(main, ["-C", str(root), "theme", *arguments])


def states(templates):
    return {file.name: file.state for file in list_theme(templates)}


@pytest.fixture
def newer_theme(tmp_path, monkeypatch):
    """Return a copy of the theme that takes its place: that of a newer version."""
    theme = tmp_path / "theme"
    shutil.copytree(find_theme(), theme)
    return lambda: monkeypatch.setattr(theme_files, "find_theme", lambda: theme) or theme


def test_all_files_of_the_theme_are_listed(tmp_path):
    theme = find_theme()
    assert {*states(tmp_path)} == {path.relative_to(theme).as_posix() for path in theme.rglob("*") if path.is_file()}
    assert {*states(tmp_path).values()} == {"theme"}


def test_the_original_is_shown(tmp_path):
    assert read_original(FOOTER) == (find_theme() / FOOTER).read_text("utf-8")


@pytest.mark.parametrize("name", ["partials/foter.html", "../pyproject.toml", "/etc/passwd", "partials", ""])
def test_a_name_that_the_theme_does_not_have_is_a_problem(name, tmp_path):
    for work in (lambda: read_original(name), lambda: copy_original(tmp_path, name)):
        with pytest.raises(SiteError, match="the theme has no file"):
            work()
    assert not any(tmp_path.iterdir())


def test_a_copy_builds_the_same_site(tmp_path):
    site = make_site(tmp_path)
    build(site)
    before = tree(site / "output")
    for name in (FOOTER, "home.html", "assets/style.css"):
        copy_original(site / "templates", name)
        assert states(site / "templates")[name] == "replaced"
    build(site, fresh=True)
    assert tree(site / "output") == before


def test_a_file_of_the_site_is_not_overwritten(tmp_path):
    copy = copy_original(tmp_path, FOOTER)
    copy.write_text("mine")
    with pytest.raises(SiteError, match="the site has this file already"):
        copy_original(tmp_path, FOOTER)
    assert copy.read_text() == "mine"


def test_changes_of_the_original_since_the_copy_are_shown(tmp_path, newer_theme):
    templates = tmp_path / "templates"
    for name in (FOOTER, "home.html", "tag.html"):
        copy_original(templates, name).write_text("mine")
    assert list(diff_originals(templates)) == []
    theme = newer_theme()
    (theme / FOOTER).write_text("new line\n" + read_original(FOOTER))
    (theme / "tag.html").unlink()
    (footer, text), gone = diff_originals(templates)
    assert footer == FOOTER
    assert [row for row in text.splitlines() if row.startswith("+")] == [f"+++ {FOOTER} (now)", "+new line"]
    assert gone == ("tag.html", "")
    assert [name for name, state in states(templates).items() if state == "changed"] == [FOOTER]


def test_a_copy_that_was_deleted_is_not_compared(tmp_path, newer_theme):
    copy_original(tmp_path / "t", FOOTER).unlink()
    (newer_theme() / FOOTER).write_text("other")
    assert list(diff_originals(tmp_path / "t")) == []
    copy_original(tmp_path / "t", FOOTER)
    assert list(diff_originals(tmp_path / "t")) == []


def test_the_commands_print_what_they_did(tmp_path):
    site = make_site(tmp_path)
    assert run(site, "copy", FOOTER).output == f"Wrote templates/{FOOTER}: it replaces the theme's file\n"
    assert "partials/footer.html" in run(site, "list").output
    assert json.loads(run(site, "list", "--json").output)["files"][FOOTER] == "replaced"
    assert run(site, "show", FOOTER).output == read_original(FOOTER)
    assert run(site, "diff").output == "The originals of your copies have not changed\n"
    failed = run(site, "show", "partials/foter.html")
    assert failed.exit_code == 1
    assert 'did you mean "partials/footer.html"?' in failed.output
