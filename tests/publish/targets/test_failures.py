"""What git, rsync and rclone print becomes a message with what to do."""

import pytest

from sitegen.publish.targets.failures import explain
from sitegen.publish.targets.subprocess import Program

OUTPUTS = {
    "git": [
        ("fatal: detected dubious ownership in repository at '/srv/site'", 'safe.directory "/srv/site"'),
        ("Host key verification failed.\nfatal: Could not read from remote repository.", "connect to it once"),
        ("remote: Support for password authentication was removed on August 13, 2021.", "gh auth login"),
        ("remote: Repository not found.\nfatal: repository 'https://h/x.git/' not found", "create it at the host"),
        ("git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", "ssh-keygen"),
        ("fatal: could not read Username for 'https://h': terminal prompts disabled", "credential helper"),
        ("remote: error: GH006: Protected branch update failed for refs/heads/gh-pages.", "branch protection"),
        ("! [remote rejected] a -> gh-pages (pre-receive hook declined)", "branch protection"),
        (
            "remote: error: cannot lock ref 'HEAD': Unable to create '/srv/x.git/./HEAD.lock': File exists.",
            "delete it",
        ),
        ("! [remote rejected] 91c6b2d -> gh-pages (reference already exists)", "publish again in a minute"),
        ("remote: error: refusing to update checked out branch: refs/heads/main", "git init --bare"),
        (
            "remote: error: File a.mp4 is 123.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
            "make it smaller",
        ),
        ("Author identity unknown\n\n*** Please tell me who you are.", "set identity"),
        ("fatal: 'x' does not appear to be a git repository", "git remote -v"),
        ("fatal: unable to access 'https://h.example/': Could not resolve host: h.example", "online"),
        ("fatal: unable to access 'https://h/': server certificate verification failed", "certificates"),
        ("SSL certificate problem: unable to get local issuer certificate", "certificates"),
    ],
    "rsync": [
        ("Host key verification failed.\nrsync: connection unexpectedly closed", "connect to it once"),
        ("bash: line 1: rsync: command not found", "apt install rsync"),
        ("rsync: on remote machine: --mkpath: unknown option", "3.2.3"),
        ('rsync: [Receiver] mkdir "/var/www" failed: Permission denied (13)', "owner of the folder"),
        ("rsync: write failed: No space left on device (28)", "make room"),
    ],
    "rclone": [
        ('Failed to create file system for "badtype:x": didn\'t find backend called "nosuch"', "choose another type"),
        (
            "drive: failed when making oauth client: failed to create oauth client: empty token found - please run"
            ' "rclone config reconnect drv:"',
            "rclone config reconnect",
        ),
        ('couldn\'t fetch token: invalid_grant: maybe token expired? - try "rclone config reconnect g:"', "reconnect"),
        ("unable to decrypt configuration and not allowed to ask for password", "RCLONE_CONFIG_PASS"),
        ("NewFS decrypt password: input too short when revealing password - is it obscured?", "rclone obscure"),
        ("couldn't connect to ssh-agent: SSH agent requested but SSH_AUTH_SOCK not-specified", "ssh-add"),
        ("couldn't connect SSH: ssh: handshake failed: knownhosts: key mismatch", "compare the key"),
        ("couldn't connect SSH: ssh: handshake failed: ssh: unable to authenticate, attempted methods", "rclone lsd"),
        ("NoSuchBucket: The specified bucket does not exist. status code: 404", "create it"),
        ("AccessDenied: Access Denied status code: 403", "rights of the account"),
        ("read metadata failed: Unauthorized: 401 Unauthorized", "correct them"),
        ('Propfind "https://dav.example/x": 405 Method Not Allowed', "correct the URL"),
        ('Propfind "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused', "firewall"),
        ("googleapi: Error 403: storageQuotaExceeded", "make room"),
        (
            'CRITICAL: Failed to create file system for "dav:x": didn\'t find section in config file ("dav")',
            "rclone config",
        ),
        ("dial tcp: lookup dav.example: no such host", "online"),
    ],
}


@pytest.mark.parametrize(
    ("program", "output", "hint"), [(program, *row) for program, rows in OUTPUTS.items() for row in rows]
)
def test_output_of_a_program_is_explained(program, output, hint):
    explained = explain(program, output)
    assert explained is not None
    assert hint in explained.hint
    assert "{" not in explained.message + explained.hint


def test_output_that_is_not_known_is_not_explained():
    assert explain("git", "fatal: broke") is None
    assert explain("git", "rsync: command not found") is None


def test_an_unknown_failure_shows_the_output_and_no_credentials():
    program = Program(("git",), "origin gh-pages", {}, lambda _seconds: None, -1)
    problem = program.problem(("push",), "one\ntwo\nfatal: 'https://ann:pw@h/x' broke")
    assert str(problem).splitlines()[0] == "origin gh-pages: git push failed: fatal: 'https://h/x' broke"
    assert "one" in problem.excerpt


def test_an_explained_failure_keeps_the_output_below_it():
    program = Program(("git",), "origin gh-pages", {}, lambda _seconds: None, -1)
    problem = program.problem(("push",), "fatal: repository 'https://ann:pw@h/x.git' not found")
    assert problem.excerpt == "fatal: repository 'https://h/x.git' not found"
