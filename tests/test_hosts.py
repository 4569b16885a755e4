"""What `init --host` writes: files that the hosts can read, and a target that the workflow publishes to."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.hosts import HOSTS
from sitegen.settings import read_config
from tests.publishing import git


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("host", HOSTS)
def test_a_new_site_for_a_host_has_its_files_and_a_target_that_they_publish_to(tmp_path, host):
    result = run("init", tmp_path / "site", "--host", host, "--base-url", "https://news.example.com/")
    assert result.exit_code == 0, result.output
    (target,) = read_config(tmp_path / "site").config.publish
    assert target.name == host
    for path, text in HOSTS[host].files:
        assert (tmp_path / "site" / path).read_text() == text
        loaded = tomllib.loads(text) if path.endswith(".toml") else yaml.safe_load(text)
        assert loaded
        assert f"sitegen publish {host} --yes" in text


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_installs_what_requirements_name_and_never_a_mere_name(tmp_path, host):
    run("init", tmp_path / "site", "--host", host)
    ((_, text),) = HOSTS[host].files
    assert "pip install -r requirements.txt" in text
    line = (tmp_path / "site/requirements.txt").read_text().splitlines()[-1]
    assert line.startswith("sitegen-newsletter[publish]")
    assert "@" in line or "==" in line


def test_requirements_that_are_there_stay(tmp_path):
    (tmp_path / "requirements.txt").write_text("mine\n")
    run("init", tmp_path)
    assert run("init", tmp_path, "--host", "netlify").exit_code == 0
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"


@pytest.mark.parametrize("host", ["netlify", "cloudflare", "gitlab"])
def test_what_the_workflow_runs_puts_the_site_where_the_host_takes_it(tmp_path, host):
    run("init", tmp_path / "site", "--host", host, "--base-url", "https://news.example.com/")
    result = run("-C", tmp_path / "site", "publish", host, "--yes")
    assert result.exit_code == 0, result.output
    folder = read_config(tmp_path / "site").config.publish[0].path
    assert folder in HOSTS[host].files[0][1]
    assert (tmp_path / "site" / folder / "index.html").exists()


def test_the_github_workflow_publishes_to_a_branch_and_pushes_the_ledger(tmp_path):
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    site = tmp_path / "site"
    run("init", site, "--host", "github", "--base-url", "https://news.example.com/")
    git(site, "init", "--quiet", "--initial-branch=main")
    git(site, "add", "-A")
    git(site, "commit", "--quiet", "-m", "Begin")
    git(site, "remote", "add", "origin", str(remote))
    git(site, "push", "--quiet", "origin", "main")
    run_workflow(tmp_path / "clone", remote)
    assert "index.html" in git(remote, "ls-tree", "--name-only", "gh-pages").splitlines()
    assert "published.json" in git(remote, "ls-tree", "--name-only", "main").splitlines()
    assert git(remote, "rev-list", "--count", "main") == "2"
    git(site, "pull", "--quiet", "--rebase", "origin", "main")
    (site / "content/pages/about.md").write_text("---\ntitle: About us\n---\n\nWho we are.\n")
    git(site, "commit", "--quiet", "-a", "-m", "Say who we are")
    git(site, "push", "--quiet", "origin", "main")
    run_workflow(tmp_path / "another", remote)
    assert "Who we are." in git(remote, "show", "gh-pages:about/index.html")
    assert git(remote, "rev-list", "--count", "gh-pages") == "2"


def run_workflow(clone, remote):
    """Do what the workflow does on a machine that knows nothing of earlier runs."""
    git(clone.parent, "clone", "--quiet", "--depth=1", f"file://{remote}", str(clone))
    steps = yaml.safe_load((clone / ".github/workflows/publish.yml").read_text())["jobs"]["publish"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step and not step["run"].startswith("pip ")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for script in scripts:
        command = ["bash", "-e", "-c", script]
        done = subprocess.run(command, cwd=clone, check=False, capture_output=True, env={**os.environ, "PATH": path})
        assert done.returncode == 0, done.stderr.decode()


def test_an_existing_site_only_gets_what_the_host_needs(tmp_path):
    run("init", tmp_path)
    before = (tmp_path / "sitegen.toml").read_text()
    posts = sorted(path.name for path in (tmp_path / "content/posts").iterdir())
    assert run("init", tmp_path, "--host", "netlify").exit_code == 0
    assert (tmp_path / "sitegen.toml").read_text().startswith(before)
    assert sorted(path.name for path in (tmp_path / "content/posts").iterdir()) == posts
    again = run("init", tmp_path, "--host", "netlify")
    assert again.exit_code == 1
    assert "netlify.toml: the file is there already" in again.output


def test_a_config_in_pyproject_gets_the_target_too(tmp_path):
    run("init", tmp_path)
    own = (tmp_path / "sitegen.toml").read_text()
    (tmp_path / "pyproject.toml").write_text("[tool.sitegen]\n" + own)
    (tmp_path / "sitegen.toml").unlink()
    assert run("init", tmp_path, "--host", "gitlab").exit_code == 0
    assert read_config(tmp_path).config.publish[0].compress


def test_a_config_that_cannot_take_the_target_is_left_as_it_is(tmp_path):
    run("init", tmp_path)
    config = tmp_path / "sitegen.toml"
    for text, message in (
        ('publish = [{name = "a", kind = "folder", path = "x"}]\n', "a target cannot be added here"),
        ('[[publish]]\nname = "netlify"\nkind = "folder"\npath = "x"\n', 'there is a target "netlify" already'),
    ):
        config.write_text(text)
        result = run("init", tmp_path, "--host", "netlify")
        assert message in result.output
        assert config.read_text() == text
        assert not (tmp_path / "netlify.toml").exists()
