"""Nothing from the config or the content becomes an option of git, rsync or rclone, and no credentials are shown."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.config.schema import Target
from sitegen.errors import SiteError
from sitegen.formats.git_refs import is_branch_name
from sitegen.formats.urls import hide_credentials
from tests.support.programs import require_program
from tests.support.publish_servers import find_rclone
from tests.support.publishing import git
from tests.support.sites import make_site, write

OPTIONS = {
    "git": {
        *("--git-dir", "-C", "--absolute-git-dir", "--git-path", "--is-shallow-repository", "--exit-code", "--quiet"),
        *(
            "--bare",
            "--no-tags",
            "--no-prune",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--depth",
            "-F",
            "-",
        ),
        *(
            "--no-auto-maintenance",
            "--objects",
            "--no-walk",
            "-r",
            "-z",
            "--full-tree",
            "-w",
            "--no-filters",
            "--stdin",
        ),
        *("--stdin-paths", "--no-patch", "--format", "--name-only", "--index-info", "-p", "--no-verify", "--no-signed"),
        *("--no-follow-tags", "--recurse-submodules", "--force-with-lease"),
    },
    "rsync": {
        *("--recursive", "--list-only", "--8-bit-output", "--no-motd", "--copy-links", "--times", "--omit-dir-times"),
        *("--ignore-times", "--mkpath", "--chmod", "--force", "--delete-missing-args", "--from0", "--files-from"),
    },
    "rclone": {
        *("--recursive", "--hash", "--copy-links", "--ignore-times", "--no-traverse", "--files-from-raw"),
        "--leave-root",
    },
}
"""Every option that sitegen passes to a program, by the program."""

HOSTILE = ("--upload-pack=touch ran; false", "-e touch ran", "--rsh=touch ran", "-", "--", "--config=x")


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Programs that record their arguments and then run the real ones; a function that reads the calls."""
    log, folder = tmp_path / "calls", tmp_path / "bin"
    folder.mkdir()
    for name in OPTIONS:
        real = find_rclone() if name == "rclone" else require_program(name)
        script = folder / name
        row = "import json, sys; print(json.dumps(sys.argv[1:]))"
        script.write_text(f"#!/bin/sh\n'{sys.executable}' -Sc '{row}' {name} \"$@\" >>'{log}'\nexec '{real}' \"$@\"\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return lambda: [json.loads(row) for row in log.read_text().splitlines()] if log.exists() else []


def site(root, **target):
    rows = "".join(f"{name} = {json.dumps(value)}\n" for name, value in target.items())
    config = f'title = "T"\nbase_url = "https://ex.org/"\n[[publish]]\n{rows}'
    hostile = {f"content/{name}": "x" for name in ("--upload-pack=touch ran", "-e", "--delete", "-x/--config=y")}
    return make_site(
        root / "site", {"content/posts/--delete.md": "---\ntitle: x\ndate: 2024-01-01\n---\n\nx\n", **hostile}, config
    )


def publish(root, *options):
    return CliRunner().invoke(main, ["-C", str(root), "publish", "--yes", *options])


@pytest.mark.parametrize("kind", ["git", "rsync", "rclone"])
def test_values_come_after_the_end_of_options(tmp_path, recorded, kind):
    there = tmp_path / "there"
    root = site(tmp_path, name="web", kind=kind, remote=str(there), identity="A <a@example.org>", message="--amend")
    there.mkdir()
    if kind == "git":
        git(there, "init", "--quiet", "--bare")
    before = len(recorded())
    for text in ("one", "another"):
        write(root, {"content/note.txt": text})
        result = publish(root)
        assert result.exit_code == 0, result.output
    (root / "content/--delete").unlink()
    assert publish(root).exit_code == 0
    assert not list(tmp_path.glob("**/ran"))
    calls = [call[1:] for call in recorded()[before:] if call[0] == kind]
    assert len(calls) > 5
    for call in calls:
        values = call[call.index("--") + 1 :] if "--" in call else []
        given = call[: call.index("--")] if "--" in call else call
        assert not {str(there), f"{there}/"} & set(given), call
        assert not [word for word in given if word.startswith("-") and word.split("=")[0] not in OPTIONS[kind]], call
        assert not [word for word in values if word.startswith("-")], call


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        *(("git", name) for name in ("remote", "branch", "identity", "path", "url", "endpoint", "region")),
        *(("rsync", "remote"), ("rclone", "remote"), ("folder", "path"), ("s3", "region"), ("s3", "endpoint")),
    ],
)
def test_a_value_that_looks_like_an_option_is_refused_before_a_program_runs(tmp_path, recorded, kind, setting, value):
    needed = {"folder": {"path": "p"}, "s3": {"url": "s3://b"}}.get(kind, {"remote": "origin"})
    root = site(tmp_path, **{"name": "web", "kind": kind, **needed, setting: value})
    result = publish(root, "--dry-run")
    assert result.exit_code == 1
    line = (root / "sitegen.toml").read_text().splitlines().index(f"{setting} = {json.dumps(value)}") + 1
    assert f'sitegen.toml:{line}: "{setting}" starts with "-": {value}' in result.output
    assert not recorded()
    assert not list(tmp_path.glob("**/ran"))


@pytest.mark.parametrize(
    ("kind", "remote", "message"),
    [
        ("rsync", "user@-oProxyCommand=touch ran:/www", "the host of the remote starts with a hyphen"),
        ("rsync", "rsync://-x/www", "the host of the remote starts with a hyphen"),
        ("git", "ssh://-oProxyCommand=touch ran/x", "the host of the remote starts with a hyphen"),
        ("git", "git@-x:y", "the host of the remote starts with a hyphen"),
        ("rclone", ":sftp,ssh=touch ran:www", "the remote contains options for rclone"),
        ("rclone", "dav,header=x:www", "the remote contains options for rclone"),
        ("git", "or\nigin", "contains a control character"),
        ("rsync", "a\x00b", "contains a control character"),
    ],
)
def test_a_remote_that_hides_an_option_is_refused(tmp_path, kind, remote, message):
    with pytest.raises(SiteError, match=message):
        read_config(site(tmp_path, name="web", kind=kind, remote=remote))


@pytest.mark.parametrize(
    ("kind", "remote"),
    [
        ("rsync", "editor@server.example.com:/var/www/a-b"),
        ("rsync", "server::module/-x"),
        ("rclone", "mydav:news/a,b"),
        ("rclone", "/var/www/a,b:c"),
        ("rclone", "folder"),
        ("git", "git@host.example:you/-x.git"),
        ("git", "https://host.example/@-x.git"),
        ("git", "../a@-b.git"),
    ],
)
def test_a_plain_remote_is_accepted(tmp_path, kind, remote):
    assert read_config(site(tmp_path, name="web", kind=kind, remote=remote)).config.publish[0].remote == remote


def test_every_setting_of_a_target_is_covered():
    """A new setting must be refused or passed safely: this list is what the tests above were written for."""
    text = {"name", "kind", "path", "remote", "branch", "identity", "message", "url", "endpoint", "region"}
    assert set(Target.__struct_fields__) == text | {"squash", "compress"}


PASSWORD = "S3cretPassword"


@pytest.mark.parametrize(
    "target",
    [
        {"kind": "git", "remote": f"https://ann:{PASSWORD}@127.0.0.1:9/x.git"},
        {"kind": "git", "remote": f"--x=https://ann:{PASSWORD}@127.0.0.1:9/x.git"},
        {"kind": "rsync", "remote": f"rsync://ann:{PASSWORD}@127.0.0.1:9/x"},
        {"kind": "rclone", "remote": f":webdav,url=https://ann:{PASSWORD}@127.0.0.1:"},
        {"kind": "s3", "url": "s3://b", "endpoint": f"-https://ann:{PASSWORD}@127.0.0.1/"},
    ],
    ids=str,
)
def test_credentials_in_a_remote_are_shown_nowhere(tmp_path, monkeypatch, target):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    root = site(tmp_path, name="web", **target)
    for options in ((), ("--json",)):
        result = publish(root, *options)
        assert result.exit_code == 1
        assert "127.0.0.1" in result.output
        assert PASSWORD not in result.output
        shown = CliRunner().invoke(main, ["-C", str(root), "config", *options])
        assert PASSWORD not in shown.output
    assert PASSWORD not in "".join(str(path) for path in root.rglob("*"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a:b@host/x", "https://host/x"),
        ("fatal: unable to access 'https://a:b@h/': ssh://c@d/", "fatal: unable to access 'https://h/': ssh://d/"),
        ("https://host/@user", "https://host/@user"),
        ("https://a@b@host", "https://host"),
        ("git@host:x", "git@host:x"),
        ("no URL @ all", "no URL @ all"),
    ],
)
def test_hiding_credentials_keeps_the_rest(text, shown):
    assert hide_credentials(text) == shown


def test_git_is_the_oracle_of_branch_names(tmp_path):
    names = [
        *(
            "gh-pages",
            "a/b",
            "v1.0",
            "é",
            "a@b",
            "x{y",
            "a.b/c",
            "feature/x.y",
            "-",
            "-x",
            "+x",
            "@",
            "HEAD",
            "refs/heads/x",
        ),
        *("a b", "a..b", "x.lock", "a.lock/b", "@{-1}", "a@{b", "*", "a*", "a?", "a[b", "a\\b", "a^", "a~1", "a:b", ""),
        *("/a", "a/", "a//b", ".a", "a/.b", "a.", "a\tb", "a\x7fb", "lock", "a.lockx"),
    ]
    stricter = {"+x", "refs/heads/x", "HEAD"}
    for name in names:
        done = subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=False, capture_output=True)
        accepted = done.returncode == 0 and not name.startswith("-") and name not in stricter | {"@"}
        assert is_branch_name(name) == accepted, name
        if name and "*" not in name and not accepted:
            with pytest.raises(SiteError):
                read_config(site(tmp_path / str(names.index(name)), name="web", kind="git", remote="o", branch=name))
