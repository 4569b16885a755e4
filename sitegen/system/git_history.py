"""Read the day of the first commit of each file of a folder from its git history."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sitegen.errors import Problem, SiteError

_REPOSITORY = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS",
)  # fmt: skip
"""Variables by which a git that runs us would make ours use its repository or configuration."""

_OFFLINE = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
_NO_CONFIG = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
_LOG = (
    "log",
    "-z",
    "--topo-order",
    "--reverse",
    "--format=%x01%ad",
    "--date=short",
    "--name-status",
    "--diff-filter=AR",
    "--find-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--end-of-options",
)
_HINT = "give the folder of a git clone with its whole history, or a start and an interval: --dates 2018-04-20+7d"


def first_commit_days(folder: Path, environment: Mapping[str, str]) -> dict[str, date]:
    """Return the day of the first commit of each file in the history of HEAD, by its path from `folder`.

    A renamed file keeps the day of its first name. The day is the author's, in the author's own time zone. Files
    outside of `folder` are skipped. The repository's own configuration is not read while its history is, so that a
    hostile one cannot name a program to run; nothing is fetched. Raises SiteError for a folder that is not in a git
    repository, or in a shallow clone.
    """
    clean = {name: value for name, value in environment.items() if name not in _REPOSITORY} | _OFFLINE

    def ask(*arguments: str) -> str:
        return _run(("-C", str(folder), "rev-parse", *arguments), folder, clean).removesuffix("\n")

    prefix = ask("--show-prefix")
    if ask("--is-shallow-repository") == "true":
        message = "the git repository is a shallow clone, which lacks the first commits"
        raise SiteError([Problem(folder.name, 0, message, "run `git fetch --unshallow` in it")])
    objects, head = Path(folder, ask("--git-path", "objects")), ask("--verify", "--end-of-options", "HEAD^{commit}")
    with tempfile.TemporaryDirectory(prefix="sitegen-") as scratch:
        form = ("--object-format=sha256",) if len(head) == 64 else ()
        _run(("init", "--quiet", "--bare", "--template=", *form, scratch), folder, clean | _NO_CONFIG)
        # The empty repository borrows the objects alone: neither configuration nor hooks nor a remote come with them.
        borrowed = clean | _NO_CONFIG | {"GIT_OBJECT_DIRECTORY": str(objects.resolve())}
        log = _run((f"--git-dir={scratch}", *_LOG, head), folder, borrowed)
    return {name[len(prefix) :]: day for name, day in _first_days(log).items() if name.startswith(prefix)}


def _first_days(log: str) -> dict[str, date]:
    days: dict[str, date] = {}
    day = date.min
    tokens = iter(log.split("\0"))
    for token in tokens:
        status = token.lstrip("\n")
        if status.startswith("\x01"):
            day = date.fromisoformat(status[1:].strip())
        elif status.startswith("R"):
            old, new = _two(tokens)
            days[new] = days.get(old, day)
        elif status:
            days.setdefault(next(tokens), day)
    return days


def _two(tokens: Iterator[str]) -> tuple[str, str]:
    return next(tokens), next(tokens)


def _run(arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        message = "the program git is not installed"
        raise SiteError([Problem("", 0, message, "install git, for example by your system's packages")]) from None
    if done.returncode:
        reported = done.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        if "not a git repository" in reported[0]:
            raise SiteError([Problem(folder.name, 0, "the folder is not in a git repository", _HINT)])
        if "Needed a single revision" in reported[0]:
            raise SiteError([Problem(folder.name, 0, "the git repository has no commits", _HINT)])
        if "dubious ownership" in reported[0]:
            message = "the git repository belongs to another user, and git does not read it"
            hint = f"run `git config --global --add safe.directory {folder}` if you trust it"
            raise SiteError([Problem(folder.name, 0, message, hint)])
        raise SiteError([Problem(folder.name, 0, f"git failed: {reported[-1]}", _HINT)])
    return done.stdout.decode("utf-8", "surrogateescape")
