"""The documentation: every command, option, setting and template is in it, and its examples run."""

import re
from pathlib import Path

import click
import pytest

from sitegen.cli import COMMANDS, main
from sitegen.cli.config import flatten
from sitegen.config.schema import Config, Target
from tests.support.sites import build, make_site, post, write

REPOSITORY = Path(__file__).parents[2]
DOCS = {path.name: path.read_text() for path in sorted((REPOSITORY / "docs").glob("*.md"))}
EVERYTHING = "\n".join(DOCS.values())


def block(name, language, number=0):
    """Return a block of code of a page of the documentation."""
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS[name], re.MULTILINE | re.DOTALL)[number]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    assert f"`sitegen {name}" in DOCS["commands.md"]
    command = main.get_command(click.Context(main), name)
    for parameter in command.params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            if option.startswith("--") and option != "--help":
                assert f"{option}" in EVERYTHING, option


@pytest.mark.parametrize("name", [name for name, _ in flatten(Config())])
def test_every_setting_is_documented(name):
    assert f"`{name}`" in DOCS["configuration.md"] or name == "publish"


@pytest.mark.parametrize("name", [name for name, _ in flatten(Target())])
def test_every_setting_of_a_target_is_documented(name):
    assert f"`publish.{name}`" in DOCS["configuration.md"]


def test_the_example_of_a_configuration_is_one(tmp_path):
    make_site(tmp_path, config=block("configuration.md", "toml"))
    build(tmp_path)
    assert "The Harbour Letter" in (tmp_path / "output/index.html").read_text()


def test_the_worked_example_of_hooks_works(tmp_path):
    files = {
        "hooks.py": block("hooks.md", "python"),
        "templates/untagged.html": block("hooks.md", "jinja"),
        "content/posts/2024-02-01-tenth.md": post('"#10: The tenth"', "2024-02-01", tags=""),
    }
    build(make_site(tmp_path, files))
    page = (tmp_path / "output/untagged/index.html").read_text()
    assert "The tenth" in page
    assert "#10" not in page
    assert 'href="/posts/first/"' not in page


@pytest.mark.parametrize("path", sorted((REPOSITORY / "templates").glob("*.html")), ids=lambda path: path.name)
def test_every_template_is_documented(path):
    assert f"`{path.name}`" in DOCS["templates.md"]


@pytest.mark.parametrize("page", [*DOCS, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(page):
    folder = REPOSITORY / "docs" if page in DOCS else REPOSITORY
    text = DOCS.get(page) or (REPOSITORY / page).read_text()
    text = re.sub(r"^```[^`]*^```|^    .*$", "", text, flags=re.MULTILINE)
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", re.sub(r"`[^`]*`", "", text)):
        assert (folder / target).exists(), target


def test_every_page_of_the_documentation_is_in_the_readme():
    readme = (REPOSITORY / "README.md").read_text()
    for name in DOCS:
        assert f"docs/{name}" in readme


def test_the_first_command_of_the_readme_builds_a_site_with_what_it_says(tmp_path):
    readme = (REPOSITORY / "README.md").read_text()
    sample = re.search(r"^```markdown\n(---.*?)^```", readme, re.MULTILINE | re.DOTALL)[1]
    build(write(make_site(tmp_path), {"content/posts/2023-01-01-sample.md": sample}))
    assert (tmp_path / "output/posts/sample/index.html").is_file()
