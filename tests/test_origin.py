"""What a host is told to install is what is installed here."""

import json
import re
import tomllib
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from sitegen import DISTRIBUTION
from sitegen.origin import requirement, write_requirement


class Installed(Distribution):
    """A distribution whose installer noted something down."""

    def __init__(self, noted):
        self.noted = noted

    def read_text(self, filename):
        return {"METADATA": "Name: sitegen-newsletter\nVersion: 1.2.3\n", "direct_url.json": self.noted}.get(filename)

    def locate_file(self, path):
        raise NotImplementedError(path)


@pytest.mark.parametrize(
    ("noted", "line"),
    [
        (
            {"url": "https://git.example.org/s.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "sitegen-newsletter[publish] @ git+https://git.example.org/s.git@abc\n",
        ),
        (
            {"url": "https://e.example/s-1.whl", "archive_info": {}},
            "sitegen-newsletter[publish] @ https://e.example/s-1.whl\n",
        ),
        (None, "sitegen-newsletter[publish]==1.2.3\n"),
    ],
)
def test_the_place_is_the_one_that_pip_noted_down(noted, line):
    assert write_requirement(Installed(noted and json.dumps(noted))) == (line, True)


@pytest.mark.parametrize(
    "noted",
    [
        {"url": "file:///home/ann/sitegen", "dir_info": {"editable": True}},
        {"url": "file:///home/ann/sitegen", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
    ],
)
def test_a_folder_of_this_machine_is_told_to_nobody(noted):
    text, known = write_requirement(Installed(json.dumps(noted)))
    assert not known
    assert "/home/ann" not in text
    assert text.splitlines()[-1] == "sitegen-newsletter[publish] @ git+https://git.example.org/sitegen@v1.2.3"


def test_a_damaged_note_is_none():
    assert write_requirement(Installed("{")) == ("sitegen-newsletter[publish]==1.2.3\n", True)


def test_this_very_installation_has_a_line():
    assert "sitegen-newsletter[publish]" in requirement()[0]


def test_one_name_of_the_distribution_is_used_everywhere():
    root = Path(__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
    files = [*root.glob("sitegen/**/*.py"), *root.glob("docs/*.md"), root / "README.md", root / "pyproject.toml"]
    for path in files:
        assert not re.search(r"\bsitegen(?:\[\w|==|>=)|pip install '?sitegen(?!-)\b", path.read_text()), path
