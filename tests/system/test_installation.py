"""The command that a message names fits how sitegen was installed: by pip, uv or pipx, from an index or a folder."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sitegen import DISTRIBUTION
from sitegen.system.installation import install_hint, is_installed, read_requirements, reinstall_hint, version_hint

PACKAGE = Path(__file__).parents[2] / "sitegen"
METADATA = f"""Metadata-Version: 2.4
Name: {DISTRIBUTION}
Version: 0.1.0
Requires-Dist: jinja2
Requires-Dist: pytest ; extra == 'images'
Requires-Dist: no-such-package ; extra == 'import'
Requires-Dist: no-other-package ; extra == 'publish'
"""
RECEIPTS = {"uv tool": "uv-receipt.toml", "pipx": "pipx_metadata.json", "pip": "pyvenv.cfg"}
GIT = {"url": "https://git.example/sitegen.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that describes an installation to this process: installer and recorded origin."""

    def install(installer, recorded=None):
        folder = tmp_path / "site-packages" / "sitegen_newsletter-0.1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(METADATA)
        if recorded is not None:
            (folder / "direct_url.json").write_text(recorded if isinstance(recorded, str) else json.dumps(recorded))
        monkeypatch.syspath_prepend(str(folder.parent))
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        (tmp_path / RECEIPTS[installer]).write_text("")

    return install


@pytest.mark.parametrize(
    ("installer", "command"),
    [
        ("uv tool", "uv tool install --force"),
        ("pipx", "pipx install --force"),
        ("pip", f"{sys.executable} -m pip install"),
    ],
)
@pytest.mark.parametrize(
    ("recorded", "origin"),
    [
        (None, ""),
        ("{", ""),
        ("[]", ""),
        (GIT, " @ git+https://git.example/sitegen.git@abc"),
        ({"url": "https://a.example/s.whl", "archive_info": {}}, " @ https://a.example/s.whl"),
    ],
)
def test_an_extra_is_installed_by_the_installer_of_sitegen(install, installer, command, recorded, origin):
    install(installer, recorded)
    hint = install_hint("import")
    assert hint == f'run {command} "{DISTRIBUTION}[import,images]{origin}"', "images is installed, and remains"
    assert Requirement(shlex.split(hint)[-1]).extras == {"import", "images"}


@pytest.mark.parametrize("installer", RECEIPTS)
@pytest.mark.parametrize("is_editable", [False, True])
def test_sitegen_of_a_folder_is_installed_from_there_again(install, tmp_path, installer, is_editable):
    folder = tmp_path / "my downloads" / "sitegen-main"
    install(installer, {"url": folder.as_uri(), "dir_info": {"editable": is_editable}})
    assert install_hint("publish").endswith(
        f"; {folder} is missing, so download sitegen again first and write its path"
    )
    folder.mkdir(parents=True)
    words = shlex.split(install_hint("publish"))
    assert words[-1] == f"{folder}[images,publish]"
    assert ("--editable" in words) is is_editable


@pytest.mark.parametrize(
    ("installer", "command"),
    [
        ("uv tool", f'run uv tool install --force "{DISTRIBUTION}[images]" --with "markdown>=3.11,<3.12"'),
        ("pipx", f'run pipx runpip {DISTRIBUTION} install "markdown>=3.11,<3.12"'),
        ("pip", f'run {sys.executable} -m pip install "markdown>=3.11,<3.12"'),
    ],
)
def test_a_version_of_a_library_is_installed_into_the_environment_of_sitegen(install, installer, command):
    install(installer)
    assert version_hint("markdown>=3.11,<3.12") == command


def test_an_environment_without_pip_is_changed_by_uv(install, monkeypatch):
    install("pip")
    monkeypatch.setattr(sys, "executable", "/home/A Smith/python")
    monkeypatch.setattr("sitegen.system.installation.find_spec", lambda _: None)
    assert reinstall_hint() == f'run uv pip install --python "/home/A Smith/python" "{DISTRIBUTION}[images]"'


def test_requirements_are_read_with_their_extras_and_without_those_of_other_systems():
    rows = ["jinja2<4,>=3.1", "tzdata; sys_platform == 'win32'", 'obstore>=0.9; extra == "publish"', "lxml>=5"]
    assert read_requirements(rows) == (("jinja2", "lxml"), {"publish": ("obstore",)})


def test_a_distribution_is_installed_or_not():
    assert is_installed("jinja2")
    assert not is_installed("no-such-package")


def test_no_other_module_names_a_command_that_installs_extras():
    found = {path.name for path in PACKAGE.rglob("*.py") if f"{DISTRIBUTION}[" in path.read_text("utf-8")}
    assert found == set()
