"""`sitegen doctor`: each thing that is missing or wrong is found, with what to do."""

import json
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen import DISTRIBUTION
from sitegen.cli import main
from sitegen.errors import ERROR, WARNING
from sitegen.scaffold.diagnosis import NOTE, OK, Machine, diagnose
from sitegen.system.installation import EXTRAS
from tests.support.sites import build, make_site, write

BASE = 'base_url = "https://letters.example/"\n'


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Return the environment of a user without settings of git."""
    values = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return values


def run_checks(root, environment, programs=("git", "rsync", "rclone")):
    """Return state, text and hint of each finding."""
    machine = Machine("3.11.9", "Linux x86_64", environment, lambda name: f"/bin/{name}" if name in programs else None)
    return [(found.state, found.text, found.hint) for found in diagnose(root, machine)]


def git(root, *words):
    subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)


def test_a_site_that_is_set_up_has_neither_warnings_nor_errors(tmp_path, environment):
    root = make_site(tmp_path / "site", config=f'{BASE}[[publish]]\nname = "www"\nkind = "folder"\npath = "../www"\n')
    build(root)
    git(root, "init", "-q")
    found = run_checks(root, environment)
    assert {state for state, _, _ in found} <= {OK, NOTE}
    texts = "\n".join(text for _, text, _ in found)
    for part in (
        f"{DISTRIBUTION} {distribution(DISTRIBUTION).version}",
        "Python 3.11.9 on Linux x86_64",
        "posts: 3, pages: 1",
        "nothing was published yet",
        "the output folder output/ has ",
        'target "www" (folder): ../www',
        "the site is in a git repository",
    ):
        assert part in texts


def target(kind, more):
    return f'{BASE}[[publish]]\nname = "a"\nkind = "{kind}"\n{more}\n'


@pytest.mark.parametrize(
    ("config", "state", "text", "hint"),
    [
        ("", WARNING, "the base URL http://localhost:8000/ is an address of your own machine", "base_url = "),
        ('tittle = "T"\n', ERROR, 'sitegen.toml:1: unknown setting "tittle"', 'did you mean "title"?'),
        (f'{BASE}content = "texts"\n', ERROR, "the content folder is missing: texts", "create it"),
        (BASE, NOTE, "the site has no target to publish to", "--host github"),
        (target("git", 'remote = "origin"'), ERROR, 'git has no remote "origin" here', "git remote add origin"),
        (target("rsync", 'remote = "h:w"'), ERROR, "the program rsync is not installed", "install rsync"),
        (target("rclone", 'remote = "h:w"'), ERROR, "the program rclone is not installed", "install rclone"),
    ],
)
def test_what_is_missing_is_found_with_what_to_do(tmp_path, environment, config, state, text, hint):
    root = make_site(tmp_path / "site", config=config)
    git(root, "init", "-q")
    matching = [found for found in run_checks(root, environment, programs=("git",)) if text in found[1]]
    assert [(found[0], hint in found[2]) for found in matching] == [(state, True)]


def test_a_remote_is_shown_without_its_password(tmp_path, environment):
    root = make_site(tmp_path / "site", config=target("git", 'remote = "origin"'))
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", "https://me:secret@git.example/site.git")
    texts = [text for _, text, _ in run_checks(root, environment)]
    assert 'target "a" (git): https://git.example/site.git, branch gh-pages' in texts


def test_a_ledger_that_git_ignores_or_that_is_not_committed_is_a_warning(tmp_path, environment):
    root = make_site(tmp_path / "site", {"published.json": '{"version": 1, "posts": []}\n'}, config=BASE)
    git(root, "init", "-q")
    texts = {text: state for state, text, _ in run_checks(root, environment)}
    assert texts["published.json has changes that are not committed"] == WARNING
    write(root, {".gitignore": "published.json\n"})
    texts = {text: state for state, text, _ in run_checks(root, environment)}
    assert texts["git ignores published.json"] == WARNING


@pytest.mark.parametrize("programs", [(), ("git",)])
def test_a_site_outside_of_a_repository_is_a_note(tmp_path, environment, programs):
    root = make_site(tmp_path / "site", config=BASE)
    notes = [text for state, text, _ in run_checks(root, environment, programs) if state == NOTE]
    assert "the site is not in a git repository" in notes


def test_a_damaged_ledger_is_an_error(tmp_path, environment):
    root = make_site(tmp_path / "site", {"published.json": "["}, config=BASE)
    assert any(state == ERROR and text.startswith("published.json") for state, text, _ in run_checks(root, environment))


def test_a_folder_without_a_site_ends_with_the_installation_and_a_hint(tmp_path, environment):
    state, text, hint = run_checks(tmp_path, environment)[-1]
    assert (state, "is not a site" in text, "sitegen init" in hint) == (WARNING, True, True)


@pytest.mark.parametrize("host", ["netlify", "cloudflare"])
def test_a_host_that_installs_another_version_is_a_warning(tmp_path, environment, host):
    root = make_site(tmp_path / "site", config=BASE)
    CliRunner().invoke(main, ["init", str(root), "--host", host], catch_exceptions=False)
    assert any("installs the same sitegen" in text for _, text, _ in run_checks(root, environment))
    write(root, {"requirements.txt": f"{DISTRIBUTION}==0.0.1\n"})
    (found,) = [found for found in run_checks(root, environment) if "installs another sitegen" in found[1]]
    assert (found[0], f"sitegen init . --host {host}" in found[2]) == (WARNING, True)


def test_every_extra_for_users_says_what_it_is_for():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(EXTRAS) == project["optional-dependencies"].keys() - {"dev", "mutation"}


def test_the_command_prints_topics_states_and_hints_and_fails_on_an_error(tmp_path):
    root = make_site(tmp_path / "site", config="tittle = 1\n")
    shown = CliRunner().invoke(main, ["-C", str(root), "doctor"])
    assert shown.exit_code == 1
    assert "Installation\n  ok      sitegen-newsletter" in shown.output
    assert 'Site\n  error   sitegen.toml:1: unknown setting "tittle"\n          did you mean "title"?' in shown.output
    data = json.loads(CliRunner().invoke(main, ["-C", str(root), "doctor", "--json"]).stdout)
    assert data["ok"] is False
    assert {found["state"] for found in data["checks"]} >= {"ok", "error"}
