"""Where this installation of sitegen came from, as a line that pip reads: so that a host installs the same one."""

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from sitegen import DISTRIBUTION

NAME = f"{DISTRIBUTION}[publish]"
UNKNOWN = (
    "# This sitegen was installed from a folder, which no other machine has.\n"
    "# Write here where your host finds it: a repository as below, or the URL of a wheel.\n"
    "{name} @ git+https://git.example.org/sitegen@v{version}\n"
)


def requirement() -> tuple[str, bool]:
    """Return the text of a requirements.txt, and whether other machines can install by it.

    The place is what pip noted down (PEP 610); without such a note it was an index, and the version says it.
    A name alone could be another project's.
    """
    try:
        installed = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return UNKNOWN.format(name=NAME, version="0"), False
    return write_requirement(installed)


def write_requirement(installed: Distribution) -> tuple[str, bool]:
    """Return the same for an installed distribution."""
    try:
        noted: dict[str, Any] = json.loads(installed.read_text("direct_url.json") or "{}")
    except ValueError:
        noted = {}
    url = str(noted.get("url", ""))
    vcs = noted.get("vcs_info")
    if isinstance(vcs, dict) and not url.startswith("file:"):
        return f"{NAME} @ {vcs.get('vcs', 'git')}+{url}@{vcs.get('commit_id', '')}\n", True
    if url.startswith(("https://", "http://")):
        return f"{NAME} @ {url}\n", True
    if url:
        return UNKNOWN.format(name=NAME, version=installed.version), False
    return f"{NAME}=={installed.version}\n", True
