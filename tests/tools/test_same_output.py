"""The comparison of two versions finds files that differ, files that only one writes, and other messages."""

import shutil

import pytest

from tests.tools.same_output import ROOT, Case, compare, compare_trees, find_cases


def test_two_folders_differ_by_contents_and_by_names(tmp_path):
    for folder, files in (("a", {"same": "1", "changed": "1", "gone": "1"}), ("b", {"same": "1", "changed": "2"})):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    assert compare_trees(tmp_path / "a", tmp_path / "b") == ["changed", "gone"]


@pytest.fixture
def other(tmp_path):
    """A copy of the program that tests change."""
    for name in ("sitegen", "templates"):
        shutil.copytree(ROOT / name, tmp_path / "other" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "other"


def test_a_version_with_another_template_differs_and_the_same_version_does_not(other, tmp_path):
    template = other / "templates" / "404.html"
    template.write_text(template.read_text().replace("{% block main %}", "{% block main %}<p>New.</p>", 1))
    case = next(case for case in find_cases(1) if case.name == "init")
    number, differences = compare(case, (ROOT, other), tmp_path / "work")
    assert number > 50
    assert differences == ["    output/404.html"]
    assert compare(case, (ROOT, ROOT), tmp_path / "work")[1] == []


def test_other_messages_are_a_difference(other, tmp_path):
    module = other / "sitegen" / "__init__.py"
    module.write_text(module.read_text().replace('__version__ = "0.', '__version__ = "9.'))
    case = Case("version", lambda _: None, (("--version",),))
    assert len(compare(case, (ROOT, other), tmp_path / "work")[1]) == 1
