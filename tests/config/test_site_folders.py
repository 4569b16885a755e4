"""Folders that the config names, and that are missing."""

import pytest

from sitegen.config.site_folders import find_missing_folders
from sitegen.errors import Problem
from tests.support.sites import write


def find(root, content="content", templates="templates"):
    return list(find_missing_folders(root, content, templates))


def describe(path, line, setting, folder, excerpt=""):
    hint = f'create it, or name another: {setting} = "..."'
    return Problem(path, line, f"the {setting} folder is missing: {folder}", hint, excerpt)


def test_a_missing_content_folder_is_a_problem_and_one_of_templates_if_it_is_not_the_default(tmp_path):
    write(tmp_path, {"sitegen.toml": 'title = "T"\n'})
    assert find(tmp_path) == [describe("content", 0, "content", "content")]
    write(tmp_path, {"content": "a file"})
    assert find(tmp_path) == [describe("content", 0, "content", "content")]
    write(tmp_path, {"letters/a.md": "", "look/base.html": ""})
    assert find(tmp_path, "letters", "look") == []
    assert find(tmp_path, "letters", "looks") == [describe("looks", 0, "templates", "looks")]


@pytest.mark.parametrize(("file", "table"), [("sitegen.toml", ""), ("pyproject.toml", "[tool.sitegen]\n")])
def test_a_setting_that_names_a_missing_folder_is_reported_at_its_line(tmp_path, file, table):
    write(tmp_path, {file: f'{table}title = "T"\ncontent = "letters"\ntemplates = "look"\n'})
    line = table.count("\n") + 2
    assert find(tmp_path, "letters", "look") == [
        describe(file, line, "content", "letters", 'content = "letters"'),
        describe(file, line + 1, "templates", "look", 'templates = "look"'),
    ]
