"""The tool that names libraries without wheels, with pip's answers in place of pip."""

import tomllib
from pathlib import Path

import pytest

from tests.tools.wheels import PLATFORMS, PURE, find_without_wheel, list_requirements

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


def answer(missing, asked):
    """Return a replacement for pip, for which some libraries have no wheel; like pip, it names only the first."""

    def ask(arguments):
        asked.append(arguments)
        for name in missing:
            if any(row.startswith(name) for row in arguments):
                return f"ERROR: Could not find a version\nERROR: No matching distribution found for {name}>=1\n"
        return ""

    return ask


def test_every_library_without_a_wheel_is_named():
    asked = []
    found = find_without_wheel(("a>=1", "bb<2,>=1", "c"), "3.14", PLATFORMS["musl"], answer(["bb", "c"], asked))
    assert list(found) == ["bb", "c"]
    assert [arguments[-1] for arguments in asked] == ["c", "c", "a>=1"]
    assert asked[0][:4] == ["--python-version", "3.14", "--platform", "musllinux_1_2_x86_64"]


def test_any_other_error_of_pip_ends_the_search():
    with pytest.raises(RuntimeError, match="no network"):
        list(find_without_wheel(("a",), "3.14", (), lambda _: "no network"))


def test_the_requirements_are_those_of_users_with_what_they_require():
    found = list_requirements(PROJECT, PROJECT["optional-dependencies"])
    names = {row.split(">")[0].split("<")[0].split("=")[0].strip() for row in found}
    assert {"lxml", "pillow", "obstore", "feedparser", "MarkupSafe"} <= names
    assert not {"ruff", "pytest", "mutmut"} & names
    assert names >= PURE
