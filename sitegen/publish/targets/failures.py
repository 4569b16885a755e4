"""What git, rsync and rclone report, translated into what is wrong and what to do."""

import re
from dataclasses import dataclass

TRANSIENT = re.compile(
    r"could not resolve host|connection (?:timed out|reset|closed|refused)|operation timed out|early eof"
    r"|the remote end hung up|rpc failed|http (?:code )?5\d\d|returned error: 5\d\d|broken pipe|tls handshake"
    r"|temporary failure|network is unreachable|i/o timeout|unexpected eof|too many requests|error: 429"
    r"|\.lock': file exists|\(reference already exists\)",
    re.IGNORECASE,
)
"""Failures of the network, and locks of others, which may succeed when they are tried again."""

DENIED = re.compile(
    r"authentication failed|permission denied(?! \(13\))|could not read (?:username|password)"
    r"|returned error: 40[13]|access ?denied|unable to authenticate|unauthorized|invalid credentials|\b40[13]\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure in the words of the site: what is wrong, and what to do."""

    message: str
    hint: str


def explain(program: str, output: str) -> Explanation | None:
    """Return what a program's error output means, or None if it is not known.

    The pattern matches the output in English (LC_ALL=C). In message and hint, {1} is what its group matched.
    """
    for programs, pattern, message, hint in _KNOWN:
        if program in programs and (found := pattern.search(output)):
            values = (program, *(group or "" for group in found.groups()))
            return Explanation(message.format(*values), hint.format(*values))
    return None


_GIT, _SSH, _RCLONE, _ALL = ("git",), ("git", "rsync"), ("rclone",), ("git", "rsync", "rclone")

_ROWS = (
    (
        _GIT,
        r"dubious ownership in repository at '([^']*)'",
        "git refuses to use this repository, because another user owns it: {1}",
        'run `git config --global --add safe.directory "{1}"` if you trust it, or make yourself its owner',
    ),
    (
        _SSH,
        r"host key verification failed",
        "the server is not known to this machine yet, or its key has changed",
        "connect to it once with `ssh`, compare the key that it shows with the host's, and accept it",
    ),
    (
        _GIT,
        r"support for password authentication was removed",
        "GitHub does not accept passwords for git",
        "run `gh auth login`, or create an SSH key and use the remote git@github.com:YOU/REPOSITORY.git",
    ),
    (
        _GIT,
        r"repository '?([^'\s]*)'? not found|(?:ERROR|remote): repository not found",
        "the remote repository does not exist, or you have no access to it",
        "create it at the host first, and compare its URL with that of `git remote -v`",
    ),
    (
        _SSH,
        r"permission denied \(publickey",
        "the server does not accept your SSH key",
        "add your public key at the host (`ssh-keygen` creates one), or use a URL that starts with https://",
    ),
    (
        _GIT,
        r"could not read (?:username|password)",
        "git needs a user name and a password for this remote, and must not ask for them here",
        "run `git push` by hand once with a credential helper (`gh auth login` at GitHub), or use an SSH remote",
    ),
    (
        _GIT,
        r"protected branch|pre-receive hook declined|push declined|denied by policy|not allowed to (?:force )?push",
        "the host refuses pushes to this branch",
        "allow pushes to it in the repository's settings (branch protection, rules), or publish to another branch",
    ),
    (
        _GIT,
        # From 2.50 on, git does not name the file.
        r"unable to create '([^'\n]*\.lock)': file exists|\(reference already exists\)",
        "another git process uses the repository, or left its lock when it was stopped: {1}",
        "publish again in a minute; if the lock is still there, a file of the repository whose name ends in .lock, "
        "delete it",
    ),
    (
        _GIT,
        r"refusing to update checked out branch",
        "the remote is a repository with files of its own, and this branch is checked out there",
        "publish to another branch, or to a bare repository (`git init --bare`)",
    ),
    (
        _GIT,
        r"file (\S+) is (\S+ MB); this exceeds|exceeds github's file size limit",
        "a file is larger than GitHub accepts: {1} {2}",
        "make it smaller, or serve it from another host",
    ),
    (
        _GIT,
        r"please tell me who you are|empty ident name|unable to auto-detect email|author identity unknown",
        "git does not know who makes the commit",
        'set identity = "Name <name@example.com>" for the target, or run `git config --global user.name "Name"` '
        "and the same with user.email",
    ),
    (
        _GIT,
        r"does not appear to be a git repository|could not read from remote repository",
        "there is no git repository at the remote, or it cannot be reached",
        "compare the URL with that of `git remote -v`, and create the repository at the host if it is missing",
    ),
    (
        _ALL,
        r"no space left|disk quota exceeded|storageQuotaExceeded|insufficient storage|insufficient_space",
        "the disk of the target is full",
        "make room there, and publish again",
    ),
    (
        _RCLONE,
        r"didn't find section in config file(?: \(\"([^\"]*)\"\))?",
        "rclone has no remote of that name: {1}",
        "run `rclone config` to create it, and `rclone listremotes` for the names that there are",
    ),
    (
        _RCLONE,
        r"didn't find backend called \"([^\"]*)\"",
        "this rclone does not know the service of the remote: {1}",
        "run `rclone config` to choose another type, or install a newer rclone",
    ),
    (
        _RCLONE,
        r"empty token found|token expired|invalid_grant|rclone config reconnect",
        "rclone is not signed in to the service any more",
        "run `rclone config reconnect REMOTE:` with the name of the remote",
    ),
    (
        _RCLONE,
        r"unable to decrypt configuration|RCLONE_CONFIG_PASS",
        "the config of rclone is encrypted, and rclone must not ask for its password here",
        "set the environment variable RCLONE_CONFIG_PASS",
    ),
    (
        _RCLONE,
        r"NewFS decrypt password|is it obscured\?",
        "the config of rclone holds a password that was not written by rclone",
        "set it with `rclone config`, or write what `rclone obscure` prints",
    ),
    (
        _RCLONE,
        r"couldn't connect to ssh-agent",
        "rclone found no SSH key: there is no running ssh-agent",
        "start one (`ssh-agent`, `ssh-add`), or set key_file for the remote with `rclone config`",
    ),
    (
        _RCLONE,
        r"knownhosts: key (?:mismatch|is unknown)",
        "the server is not known to this machine yet, or its key has changed",
        "connect to it once with `ssh`, compare the key that it shows with the host's, and accept it",
    ),
    (
        _RCLONE,
        r"NoSuchBucket|bucket does not exist|bucket not found",
        "the bucket does not exist",
        "create it at the service, or correct the name of the target's remote",
    ),
    (
        _RCLONE,
        r"InvalidAccessKeyId|SignatureDoesNotMatch|unable to authenticate|\b401\b|unauthorized|\b530 login",
        "the service does not accept the user name, password or key of the remote",
        "correct them with `rclone config`, and try `rclone lsd REMOTE:`",
    ),
    (
        _RCLONE,
        r"AccessDenied|\b403\b|forbidden|permission denied",
        "you may not write there, or the service does not let you see it",
        "check the rights of the account there, and try `rclone lsd REMOTE:`",
    ),
    (
        _RCLONE,
        r"405 Method Not Allowed",
        "the server does not speak WebDAV at this URL",
        "correct the URL of the remote with `rclone config`; services show it in their settings",
    ),
    (
        ("rsync",),
        r"rsync: (?:command )?not found|remote command not found",
        "rsync is not installed on the server",
        "install it there, for example with `apt install rsync`",
    ),
    (
        ("rsync",),
        r"--mkpath: unknown option",
        "the rsync on the server is too old",
        "install rsync 3.2.3 or later there",
    ),
    (
        ("rsync",),
        r"permission denied \(13\)|read-only file system \(30\)",
        "you may not write to this folder on the server",
        "make your user the owner of the folder there, or choose another one",
    ),
    (
        _ALL,
        r"could not resolve host(?:name)?:? ?([^\s;:]*)|no such host|name or service not known",
        "the host was not found: {1}",
        "check its name, and whether this machine is online",
    ),
    (
        _ALL,
        r"connection refused|connection timed out|operation timed out|i/o timeout|no route to host",
        "the host does not answer",
        "check its name and port, and whether a firewall is between this machine and it; then publish again",
    ),
    (
        _ALL,
        r"certificate (?:verif(?:y|ication) failed|problem|signed by unknown authority|has expired)",
        "the certificate of the host is not valid",
        "check the URL, and the date and the certificates of this machine",
    ),
)

_KNOWN = tuple((programs, re.compile(rule, re.IGNORECASE), message, hint) for programs, rule, message, hint in _ROWS)
