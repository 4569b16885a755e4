"""The repository of a site on a host, from the configuration of git."""

import re
from dataclasses import dataclass
from pathlib import Path

BACKENDS = {"github.com": "github", "gitlab.com": "gitlab"}
"""The hosts of repositories that editors in the browser can sign in to, each with its name in their configuration."""

_URL = re.compile(r"(?:https://|ssh://)?(?:[^@/\s]+@)?(?P<host>[\w.-]+)[/:](?P<path>[\w.-]+(?:/[\w.-]+)+)/?")
_HEAD = re.compile(r"ref: refs/heads/(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: the backend of an editor, the path on the host, such as "ada/letters", and the branch."""

    backend: str
    path: str
    branch: str


UNKNOWN = Repository("github", "OWNER/REPOSITORY", "main")
"""What a configuration has where no repository is known."""


def find_repository(root: Path) -> Repository | None:
    """Return the repository that the remote "origin" names, None if there is none on a known host."""
    config = root / ".git" / "config"
    url = _URL.fullmatch(_find_origin(config.read_text("utf-8", "replace"))) if config.is_file() else None
    if url is None or url["host"].lower() not in BACKENDS:
        return None
    head = _HEAD.fullmatch((root / ".git" / "HEAD").read_text("utf-8", "replace"))
    return Repository(
        BACKENDS[url["host"].lower()], url["path"].removesuffix(".git"), head[1] if head else UNKNOWN.branch
    )


def _find_origin(config: str) -> str:
    """Return the URL of the remote "origin" in a configuration of git, "" if there is none."""
    section = ""
    for row in config.splitlines():
        name, _, value = row.partition("=")
        if row.lstrip().startswith("["):
            section = row.strip()
        elif section == '[remote "origin"]' and name.strip().lower() == "url":
            return value.strip()
    return ""
