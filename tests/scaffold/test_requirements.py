"""requirements.txt names the version of sitegen that is installed here."""

import io
import json
import re
import tomllib
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

from sitegen import DISTRIBUTION
from sitegen.errors import SiteError
from sitegen.scaffold.requirements import Requirement, describe_installation, find_requirement
from sitegen.scaffold.wheel import pack_wheel


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
            "sitegen-newsletter[images,publish] @ git+https://git.example.org/s.git@abc",
        ),
        (
            {"url": "https://e.example/s-1.whl", "archive_info": {}},
            "sitegen-newsletter[images,publish] @ https://e.example/s-1.whl",
        ),
        (None, "sitegen-newsletter[images,publish]==1.2.3"),
    ],
)
def test_the_origin_is_the_one_that_pip_recorded(noted, line):
    assert describe_installation(Installed(noted and json.dumps(noted))) == Requirement(line)


@pytest.mark.parametrize(
    "noted",
    [
        {"url": "file:///home/ann/sitegen", "dir_info": {"editable": True}},
        {"url": "file:///home/ann/sitegen", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        {"url": "file:///home/ann/sitegen-1.whl", "archive_info": {}},
        {"url": "ssh://git@git.example.org/s.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        {"url": "http://localhost:8080/s-1.whl"},
        {"url": "http://10.0.0.3/s-1.whl"},
        {"url": "https://nexus.corp/s-1.whl"},
        {"url": "https://[::1/s-1.whl"},
    ],
)
def test_a_sitegen_that_other_machines_cannot_download_is_copied_as_a_wheel(noted):
    found = describe_installation(Installed(json.dumps(noted)))
    assert found.line == "./vendor/sitegen_newsletter-1.2.3-py3-none-any.whl[images,publish]"
    assert found.wheel == "vendor/sitegen_newsletter-1.2.3-py3-none-any.whl"
    assert b"/home/ann" not in found.data
    assert found.checkout == ("dir_info" in noted)


def test_a_damaged_record_is_none():
    assert describe_installation(Installed("{")) == Requirement("sitegen-newsletter[images,publish]==1.2.3")


def test_the_wheel_of_a_checkout_is_the_one_that_the_build_makes_and_the_same_each_time():
    name, data = pack_wheel(distribution(DISTRIBUTION))
    assert pack_wheel(distribution(DISTRIBUTION)) == (name, data)
    root = Path(__file__).parents[2]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        record = archive.read(next(name for name in names if name.endswith("/RECORD"))).decode().splitlines()
        assert sorted(row.split(",")[0] for row in record) == sorted(names)
        for path in (root / "sitegen").rglob("*.py"):
            assert archive.read(path.relative_to(root).as_posix()) == path.read_bytes()
        for path in (root / "docs").glob("*.md"):
            assert archive.read(f"sitegen/manual/{path.name}") == path.read_bytes()
        assert archive.read("sitegen/theme/base.html") == (root / "templates/base.html").read_bytes()
        assert not [name for name in names if "__pycache__" in name or "direct_url" in name]


def test_a_sitegen_that_was_not_installed_is_a_problem(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("sitegen.scaffold.requirements.distribution", missing)
    with pytest.raises(SiteError, match="was not installed"):
        find_requirement()


def test_one_name_of_the_distribution_is_used_everywhere():
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
    files = [*root.glob("sitegen/**/*.py"), *root.glob("docs/**/*.md"), root / "README.md", root / "pyproject.toml"]
    for path in files:
        assert not re.search(r"\bsitegen(?:\[\w|==|>=)|pip install '?sitegen(?!-)\b", path.read_text()), path
