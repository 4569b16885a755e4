"""How another machine installs the sitegen that runs here: a line for pip, with a wheel where it needs one."""

import json
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sitegen import DISTRIBUTION
from sitegen.errors import Problem, SiteError
from sitegen.scaffold.wheel import pack_wheel
from sitegen.system.public_addresses import is_public

VENDOR = "vendor"
"""The folder of a site that holds the wheel."""

EXTRAS = "[images,publish]"
"""What a build on another machine needs to write the same files as here."""

_PRIVATE_ENDINGS = ("localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".test")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line for pip, with a wheel to put beside it if other machines cannot reach the origin of this sitegen.

    `wheel` is its path from the site's root and `data` its bytes, both empty if the line needs none.
    `checkout` says that sitegen runs from a folder that may change at any time (an editable installation).
    """

    line: str
    wheel: str = ""
    data: bytes = b""
    checkout: bool = False


def find_requirement() -> Requirement:
    """Return how to install the running sitegen; raise SiteError if it was not installed at all."""
    if (requirement := find_installed_requirement()) is None:
        message = "sitegen was not installed, so requirements.txt cannot name its source"
        raise SiteError([Problem("", 0, message, "install it, as `sitegen help install` shows, and try again")])
    return requirement


def find_installed_requirement() -> Requirement | None:
    """Return how to install the running sitegen, None if it was not installed at all."""
    try:
        return describe_installation(distribution(DISTRIBUTION))
    except PackageNotFoundError:
        return None


def describe_installation(installed: Distribution) -> Requirement:
    """Return how to install a distribution on another machine.

    Its origin is what the installer recorded (PEP 610). Without such a record it is an index, where name and version
    are enough; the name alone could be another project's.
    """
    try:
        recorded: dict[str, Any] = json.loads(installed.read_text("direct_url.json") or "{}")
    except ValueError:
        recorded = {}
    url = str(recorded.get("url", ""))
    name = f"{DISTRIBUTION}{EXTRAS}"
    if not url:
        return Requirement(f"{name}=={installed.version}")
    version_control = recorded.get("vcs_info")
    if _is_reachable(url):
        if isinstance(version_control, dict):
            system, commit = version_control.get("vcs", "git"), version_control.get("commit_id", "")
            return Requirement(f"{name} @ {system}+{url}@{commit}")
        return Requirement(f"{name} @ {url}")
    wheel, data = pack_wheel(installed)
    editable = bool((recorded.get("dir_info") or {}).get("editable"))
    return Requirement(f"./{VENDOR}/{wheel}{EXTRAS}", f"{VENDOR}/{wheel}", data, editable)


def _is_reachable(url: str) -> bool:
    """Return whether a host of websites can fetch a URL: over HTTP, without a key, from a public server."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return "." in host and not host.endswith(_PRIVATE_ENDINGS)
    return is_public(host)
