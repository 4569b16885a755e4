"""The command that a message names fits how sitegen was installed: by pip, uv or pipx, from an index or a folder."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sitegen import DISTRIBUTION
from sitegen.system import installation
from sitegen.system.installation import (
    Installer,
    find_installer,
    install_hint,
    is_installed,
    read_requirements,
    reinstall_hint,
    version_hint,
)

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
        monkeypatch.setattr(installation, "CONTAINER_FILES", ())
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


LATER = "markdown>=3.11,<3.12"


@pytest.mark.parametrize(
    ("installer", "extra", "version", "again"),
    [
        (
            Installer.SINGLE_FILE,
            f'run uv tool install "{DISTRIBUTION}[import]": a single file cannot get other packages',
            "download the single file of a newer version",
            f"delete {PACKAGE.parents[1]}, which is unpacked again at the next start",
        ),
        (Installer.HOMEBREW, "run brew reinstall sitegen", "run brew upgrade sitegen", "run brew reinstall sitegen"),
        (
            Installer.CONTAINER,
            "add the extra `import` to the line with `pip` in the Dockerfile, and build the image again",
            'add "markdown>=3.11,<3.12" to the line with `pip` in the Dockerfile, and build the image again',
            "build the image again",
        ),
        (
            Installer.UVX,
            f'run uvx --from "{DISTRIBUTION}[import,images]" sitegen',
            f'run uvx --from "{DISTRIBUTION}[images]" --with "markdown>=3.11,<3.12" sitegen',
            f'run uvx --from "{DISTRIBUTION}[images]" sitegen',
        ),
        (
            Installer.SYSTEM,
            f'run pipx install "{DISTRIBUTION}[import,images]"',
            f'run pipx install "{DISTRIBUTION}[images]", then pipx runpip {DISTRIBUTION} install "{LATER}"',
            f'run pipx install "{DISTRIBUTION}[images]"',
        ),
    ],
)
def test_no_hint_names_pip_where_pip_cannot_help(install, monkeypatch, installer, extra, version, again):
    install("pip")
    monkeypatch.setattr(installation, "find_installer", lambda *_: installer)
    assert (install_hint("import"), version_hint(LATER), reinstall_hint()) == (extra, version, again)


def make_files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


@pytest.mark.parametrize("installer", Installer)
@pytest.mark.parametrize("in_container", [False, True])
def test_the_installer_is_found_by_the_files_that_it_leaves(tmp_path, monkeypatch, installer, in_container):
    prefix, program = tmp_path / "env", tmp_path / "bin" / "sitegen"
    package = prefix / "lib/python3.12/site-packages/sitegen"
    marks = {
        Installer.UV_TOOL: ("pyvenv.cfg", "uv-receipt.toml"),
        Installer.PIPX: ("pyvenv.cfg", "pipx_metadata.json"),
        Installer.SYSTEM: (),
    }
    if installer is Installer.HOMEBREW:
        prefix = tmp_path / "Cellar/sitegen/0.1.0/libexec"
    if installer is Installer.UVX:
        prefix = tmp_path / "uv/archive-v0/jrSjibASje49HgD9"
    if installer is Installer.SINGLE_FILE:
        program = tmp_path / "sitegen-0.1.0-py311.pyz"
        package = tmp_path / f".shiv/{program.name}_0a1b/site-packages/sitegen"
    make_files(prefix, "bin/python", *marks.get(installer, ("pyvenv.cfg",)))
    make_files(tmp_path / "stdlib", *(("EXTERNALLY-MANAGED",) if installer is Installer.SYSTEM else ()))
    without_pip = installer in {Installer.UV, Installer.CONTAINER, Installer.UV_TOOL, Installer.UVX}
    container = make_files(tmp_path, *((".dockerenv",) if in_container else ())) / ".dockerenv"
    monkeypatch.setattr(installation, "find_spec", lambda _: None if without_pip else object())
    monkeypatch.setattr(installation, "CONTAINER_FILES", (container,))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path / "stdlib"))
    if installer is Installer.UV:  # also in a container, as for developers
        (prefix / "pyvenv.cfg").write_text("home = /usr/bin\nuv = 0.9.1\n")
    expected = Installer.UV if installer is Installer.CONTAINER and not in_container else installer
    assert find_installer(prefix, package, program) is expected


def test_requirements_are_read_with_their_extras_and_without_those_of_other_systems():
    rows = ["jinja2<4,>=3.1", "tzdata; sys_platform == 'win32'", 'obstore>=0.9; extra == "publish"', "lxml>=5"]
    assert read_requirements(rows) == (("jinja2", "lxml"), {"publish": ("obstore",)})


def test_a_distribution_is_installed_or_not():
    assert is_installed("jinja2")
    assert not is_installed("no-such-package")


def test_no_other_module_names_a_command_that_installs_extras():
    found = {path.name for path in PACKAGE.rglob("*.py") if f"{DISTRIBUTION}[" in path.read_text("utf-8")}
    assert found == set()
