"""The page about messages: each broken site of tests/invalid has a row, and each row is of a message that exists."""

import ast
import re

import pytest

from sitegen.check.problem_types import PROBLEM_TYPES
from sitegen.scaffold.manual import GAP, find_entries, read_contents, read_entries
from tests.cli.test_commands import run
from tests.support.manual import DOCS, PAGES, REPOSITORY
from tests.test_invalid import CASES, parts_of

ENTRIES = read_entries(read_contents(DOCS))
MESSAGES = {entry.ids[0]: entry for entry in ENTRIES if entry.topic == "messages"}
STEMS = {case.stem: case for case in CASES}


def is_in(text, message):
    """Return whether a string contains the parts of a message in their order."""
    at = 0
    for part in message.replace("`", "").split(GAP):
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def test_every_broken_site_is_explained_with_its_message():
    assert [stem for stem in STEMS if stem not in MESSAGES] == []
    for stem, case in STEMS.items():
        expected = parts_of(case)["expected"].decode().replace("`", "")
        assert is_in(expected, MESSAGES[stem].message), (stem, expected)


def literals():
    """Yield the strings of the code, with a space for each part that is computed."""
    for path in (REPOSITORY / "sitegen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.replace("`", "")


def test_every_message_of_the_manual_is_one_of_the_program():
    texts = "\n".join(literals())
    missing = [
        (name, part)
        for name in MESSAGES.keys() - STEMS.keys()
        for part in MESSAGES[name].message.replace("`", "").split(GAP)
        if len(part) >= 8 and part.strip() not in texts
    ]
    assert missing == []


def test_ids_are_unique_and_those_of_checks_are_complete():
    ids = [(entry.topic, name) for entry in ENTRIES for name in entry.ids]
    assert len(ids) == len(set(ids))
    assert {name for entry in ENTRIES if entry.topic == "checking" for name in entry.ids} == PROBLEM_TYPES.keys()


@pytest.mark.parametrize("stem", STEMS)
def test_help_explains_each_message_that_is_pasted_into_it(stem):
    lines = parts_of(STEMS[stem])["expected"].decode().splitlines()
    found = [entry.message for line in lines for entry in find_entries(ENTRIES, line)]
    assert MESSAGES[stem].message in found or MESSAGES[stem].message.startswith("not valid"), found


def test_help_explains_the_id_of_a_check_and_a_message():
    result = run("help", "broken-link")
    assert result.exit_code == 0
    assert result.output.startswith("type:     broken-link\nseverity: error\nmeaning:  ")
    assert "More: sitegen help checking" in result.output
    result = run("help", "content/a.md:3:", "there", "is", "no", "30", "February", "2024")
    assert "id:      post-impossible-date" in result.output
    assert "fix:     Correct the date." in result.output


def test_the_messages_of_the_page_about_troubleshooting_are_explained():
    rows = re.findall(r"^\| `([^`]+)` \|", PAGES["troubleshooting"], re.MULTILINE)
    shells = ("uv:", "git:", "externally-managed")
    messages = [row for row in rows if not row.startswith(shells)]
    assert len(messages) >= 20
    assert [row for row in messages if not any(is_in(row, entry.message) for entry in MESSAGES.values())] == []
