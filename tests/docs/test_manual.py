"""The manual: every command, option, setting and template is in it, its pages are linked, and its examples run."""

import re
from collections import Counter
from xml.etree import ElementTree

import click
import pytest

from sitegen.cli import COMMANDS, main
from sitegen.cli.config import flatten
from sitegen.config.schema import Config, Target
from sitegen.config.setting_names import NAME, list_settings
from sitegen.scaffold.manual import CONTENTS, list_pages, read_contents
from tests.support.manual import DOCS, PAGES, REPOSITORY, find_block, find_heading_ids, remove_code
from tests.support.sites import build, make_site, post

EVERYTHING = "\n".join(PAGES.values())
LINKED = [
    *(DOCS / file for file in list_pages(DOCS)),
    *(REPOSITORY / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    assert f"`sitegen {name}" in PAGES["commands"]
    command = main.get_command(click.Context(main), name)
    for parameter in command.params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            if option.startswith("--") and option != "--help":
                assert f"{option}" in EVERYTHING, option


SETTINGS = [name for name, _ in flatten(Config())]
SETTINGS += [f"{item.table}.{item.name}" for item in list_settings() if NAME in item.table.split(".")]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented(name):
    assert f"`{name}`" in PAGES["configuration"] or name == "publish"


def test_every_documented_setting_exists():
    rows = re.findall(r"^\| ((?:`[\w.]+`(?:, )?)+) \| ", PAGES["configuration"], re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    known = {*SETTINGS, *(f"publish.{name}" for name, _ in flatten(Target()))}
    assert len(named) > 70
    assert sorted(named - known) == []


@pytest.mark.parametrize("name", [name for name, _ in flatten(Target())])
def test_every_setting_of_a_target_is_documented(name):
    assert f"`publish.{name}`" in PAGES["configuration"]


def test_the_example_of_a_configuration_is_one(tmp_path):
    make_site(tmp_path, config=find_block("configuration", "toml"))
    build(tmp_path)
    assert "The Harbour Letter" in (tmp_path / "output/index.html").read_text()


def test_the_worked_example_of_hooks_works(tmp_path):
    files = {
        "hooks.py": find_block("hooks", "python"),
        "templates/untagged.html": find_block("hooks", "jinja"),
        "content/posts/2024-02-01-tenth.md": post('"#10: The tenth"', "2024-02-01", tags=""),
    }
    build(make_site(tmp_path, files))
    page = (tmp_path / "output/untagged/index.html").read_text()
    assert "The tenth" in page
    assert "#10" not in page
    assert 'href="/posts/first/"' not in page


@pytest.mark.parametrize("path", sorted((REPOSITORY / "templates").glob("*.html")), ids=lambda path: path.name)
def test_every_template_is_documented(path):
    assert f"`{path.name}`" in PAGES["templates"]


@pytest.mark.parametrize("page", LINKED, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_links_between_documents_lead_to_files_and_headings(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)", remove_code(text)):
        path, _, heading = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), target
        if heading:
            assert heading in find_heading_ids(file.read_text("utf-8")), target


@pytest.mark.parametrize("topic", PAGES)
def test_every_column_of_a_table_has_a_heading(topic):
    heads = re.findall(r"^(\|.*\|)\n\|(?:[ :-]+\|)+$", PAGES[topic], re.MULTILINE)
    assert [head for head in heads if re.search(r"\|\s*\|", head)] == []


def test_the_table_of_contents_lists_every_page_once_by_its_title():
    pages = read_contents(DOCS)
    assert sorted(page.path.relative_to(DOCS) for page in pages) == [
        file for file in list_pages(DOCS) if file.name != CONTENTS
    ]
    assert len({page.topic for page in pages}) == len(pages)
    for page in pages:
        assert page.read().startswith(f"# {page.title}\n"), page.path


def test_a_page_is_in_the_folder_of_its_section():
    for page in read_contents(DOCS):
        assert page.path.parent.name == page.section.lower().replace(" ", "-")


def test_every_line_of_the_changelog_is_under_added_changed_or_fixed():
    text = (REPOSITORY / "CHANGELOG.md").read_text()
    _, *versions = re.split(r"^## ", text, flags=re.MULTILINE)
    for version in versions:
        before, *parts = re.split(r"^### ", version, flags=re.MULTILINE)
        assert "- " not in before, "put the line under Added, Changed or Fixed"
        assert [part.splitlines()[0] for part in parts] == ["Added", "Changed", "Fixed"]


def test_no_line_of_the_changelog_is_there_twice():
    lines = re.findall(r"^- (.{20,}?)[.:,]?$", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    beginnings = Counter(line[:35] for line in lines)
    assert [beginning for beginning, count in beginnings.items() if count > 1] == []


@pytest.mark.parametrize("image", sorted((DOCS / "pictures").glob("*.svg")), ids=lambda path: path.stem)
def test_an_image_of_a_terminal_shows_a_session_and_loads_nothing(image):
    root = ElementTree.fromstring(image.read_text("utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    shown = "".join(root.itertext())
    assert re.search(r"\$.sitegen.(?:import|build)", shown)
    assert not re.search(r"url\((?!#)|@import|@font-face|href=", image.read_text("utf-8"))
