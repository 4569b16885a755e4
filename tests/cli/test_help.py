"""`sitegen help`, and the hints of messages, which name nothing that an installed package lacks."""

import ast
import re
from pathlib import Path

import pytest

from sitegen.check.problem_types import PROBLEM_TYPES
from sitegen.cli import COMMANDS
from sitegen.cli.help import convert_links
from sitegen.scaffold.manual import CONTENTS, find_manual, read_contents, read_entries
from tests.cli.test_commands import run
from tests.support.manual import PAGES
from tests.support.sites import make_site
from tests.test_invalid import CASES

REPOSITORY = Path(__file__).parents[2]


def test_help_lists_every_page_of_the_manual_by_section():
    result = run("help")
    assert result.exit_code == 0
    assert re.search(r"^Reference:\n  commands  ", result.output, re.MULTILINE)
    for name, text in PAGES.items():
        assert re.search(
            rf"^  {name} +{re.escape(text.splitlines()[0].removeprefix('# '))}$", result.output, re.MULTILINE
        )


@pytest.mark.parametrize("name", PAGES)
def test_help_shows_a_page_with_commands_instead_of_links(name):
    result = run("help", name)
    assert result.exit_code == 0
    assert result.output.startswith(PAGES[name].splitlines()[0])
    prose = re.sub(r"```.*?```|^    .*?$|`[^`\n]*`", "", result.output, flags=re.DOTALL | re.MULTILINE)
    assert "](" not in prose
    for page in re.findall(r"`sitegen help ([\w-]+)`", result.output):
        assert page in {*PAGES, *COMMANDS, *PROBLEM_TYPES, *(case.stem for case in CASES)}


def test_links_become_commands_and_code_stays_as_it_is():
    text = "See [Feeds](feeds.md#ids), [here](#a), [`a` b](c.md), [J](https://j.example/) ![a](b.png)and `[x](y.md)`\n"
    shown = "See Feeds (`sitegen help feeds`), here, `a` b (`sitegen help c`), J (https://j.example/) and `[x](y.md)`\n"
    code = "\n    [x](y.md)\n\n```\n[x](y.md)\n```\n"
    assert convert_links(f"{text}{code}{text}", {"feeds", "c"}) == f"{shown}{code}{shown}"
    assert convert_links("[the code](../../ARCHITECTURE.md), [C](../reference/c.md#d)", {"c"}) == (
        "the code, C (`sitegen help c`)"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_shows_its_options_and_a_page(name):
    result = run("help", name)
    assert result.exit_code == 0
    assert "Usage: " in result.output
    assert re.search(r"The manual: sitegen help ([\w-]+)$", result.output.rstrip())[1] in PAGES


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("publshing", 'did you mean "publishing"?'),
        ("ambiguous", "importing: Ambiguous dates"),
        ("xyzzy", "run `sitegen help` for a list"),
        ("Publishing.md", None),
    ],
)
def test_an_unknown_topic_is_answered_with_what_was_probably_meant(topic, said):
    result = run("help", topic)
    assert result.exit_code == (2 if said else 0)
    assert (said or "# Publishing") in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["biuld"], '`biuld` is not a command; did you mean "build"?'),
        (["frobnicate"], "`frobnicate` is not a command; run `sitegen --help` for a list"),
        (["build", "--drafst"], "--drafts"),
        (["--json", "serve"], "write it after the command, as in `sitegen serve --json`"),
        (["--vresion"], "--version"),
    ],
)
def test_a_mistyped_command_or_option_is_answered_with_what_was_probably_meant(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ page.title | upperr }}", 'did you mean "upper"?'),
        ("{{ page.post.date | dat }}", 'did you mean "date"?'),
        ("{% if page is definde %}{% endif %}", 'did you mean "defined"?'),
        ("{% includ 'x.html' %}", 'did you mean "include"?'),
        ("{{ stie.title }}", 'did you mean "site"?'),
        ("{{ page.post.titel }}", 'did you mean "title"?'),
        ("{{ site.psots }}", 'did you mean "posts"?'),
        ("{{ theme.lgoo }}", 'did you mean "logo"?'),
    ],
)
def test_a_mistyped_name_in_a_template_is_answered_with_what_was_probably_meant(tmp_path, template, said):
    make_site(tmp_path, {"templates/post.html": template})
    result = run("build", root=tmp_path)
    assert said in result.stderr
    assert "see `sitegen help templates`" in result.stderr


def strings(path):
    """Return the string literals of a module that are not docstrings, with their lines."""
    tree = ast.parse(path.read_text())
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts
    ]


def test_no_message_names_a_file_of_the_repository_and_each_names_pages_that_exist():
    texts = [(path, *row) for path in (REPOSITORY / "sitegen").rglob("*.py") for row in strings(path)]
    for path, line, text in texts:
        if text == CONTENTS:  # a file of the manual itself, which is in the package
            continue
        assert not re.search(r"docs/|(?<!\w)[\w-]+\.md\b.*\bmanual|README|CONTRIBUTING", text), f"{path}:{line}"
        for page in re.findall(r"`sitegen help ([\w-]+)`", text):
            assert page in {*PAGES, *COMMANDS}, f"{path}:{line}"
    assert sum("sitegen help" in text for _, _, text in texts) >= 5
    for path in (REPOSITORY / "sitegen/skeleton").rglob("*.*"):
        assert b"docs/" not in path.read_bytes()


def test_cells_of_messages_and_checks_keep_their_code_in_backticks():
    entries = read_entries(read_contents(find_manual()))
    assert [(entry.ids, value) for entry in entries for _, value in entry.cells if value.count("`") % 2] == []
