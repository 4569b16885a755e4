"""How sitegen was installed, and the command that adds packages to this installation."""

import json
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sitegen import DISTRIBUTION
from sitegen.formats import lazy_regex

if TYPE_CHECKING:
    from importlib.metadata import Distribution

EXTRAS = {
    "import": "RSS and Atom feeds cannot be imported",
    "fonts": "fonts of your own cannot be used",
    "images": "icons and images cannot be converted",
    "publish": "S3 buckets cannot be published to, nor files compressed with Brotli",
}
"""The optional packages of the distribution, and what does not work without them."""

_REQUIREMENT = lazy_regex.compile(r"""\A(?P<name>[\w.-]+)[^;]*(?:;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["'])?""")


def install_hint(extra: str) -> str:
    """Return what to run to add the packages of an extra, which depends on how sitegen was installed."""
    return _hint(extra, ())


def version_hint(requirement: str) -> str:
    """Return what to run to install another version of a library, such as `markdown>=3.11,<3.12`."""
    return _hint("", (requirement,))


def reinstall_hint() -> str:
    """Return what to run to install sitegen again, with the packages that it requires."""
    return _hint("", ())


def read_requirements(rows: Iterable[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the packages that are always required, and those of each extra (PEP 508), without other markers."""
    packages: list[str] = []
    extras: dict[str, tuple[str, ...]] = {}
    for row in rows:
        match = _REQUIREMENT.match(row)
        if match is None or (";" in row and match["extra"] is None):
            continue
        if match["extra"] is None:
            packages.append(match["name"])
        else:
            extras[match["extra"]] = (*extras.get(match["extra"], ()), match["name"])
    return tuple(packages), extras


def is_installed(name: str) -> bool:
    """Return whether a distribution is installed."""
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - takes 20 ms, rarely needed

    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _hint(extra: str, packages: tuple[str, ...]) -> str:
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - takes 20 ms, rarely needed

    try:
        installed = distribution(DISTRIBUTION)
    except PackageNotFoundError:  # it runs from a folder, whose requirements were installed by hand
        return _say("pip", DISTRIBUTION if not extra else f"{DISTRIBUTION}[{extra}]", packages)
    extras = [name for name in EXTRAS if name == extra or _has_extra(installed, name)]
    installer = _find_installer(Path(sys.prefix))
    origin, is_editable, is_local = _read_origin(installed)
    name = f"[{','.join(extras)}]" if extras else ""
    specification = f"{origin}{name}" if is_local else f"{DISTRIBUTION}{name}{origin and f' @ {origin}'}"
    hint = _say(installer, specification, packages, is_editable=is_editable)
    if is_local and not Path(origin).exists():
        hint += f"; {origin} is missing, so download sitegen again first and write its path"
    return hint


def _say(installer: str, specification: str, packages: tuple[str, ...], *, is_editable: bool = False) -> str:
    """Return the words with the command line; its quotation marks are right for shells and for Windows."""
    editable = "--editable " if is_editable else ""
    if installer == "uv tool":
        others = "".join(f' --with "{package}"' for package in packages)
        return f'run uv tool install --force {editable}"{specification}"{others}'
    if installer == "pipx":
        if packages:
            return f"run pipx runpip {DISTRIBUTION} install {_quote(packages)}"
        return f'run pipx install --force {editable}"{specification}"'
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    command = f"{python} -m pip install" if installer == "pip" else f"uv pip install --python {python}"
    return f"run {command} {_quote(packages) if packages else f'{editable}{_quote([specification])}'}"


def _quote(values: Iterable[str]) -> str:
    return " ".join(f'"{value}"' for value in values)


def _find_installer(prefix: Path) -> str:
    """Return the installer of an environment: "uv tool", "pipx", "pip", or "uv" if it has no pip."""
    if (prefix / "uv-receipt.toml").is_file():
        return "uv tool"
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx"
    return "uv" if find_spec("pip") is None else "pip"


def _read_origin(installed: "Distribution") -> tuple[str, bool, bool]:
    """Return the origin of a distribution, whether it is editable, and whether the origin is a path.

    It is what the installer recorded (PEP 610, which forbids credentials): a path, a URL, or "" for an index.
    """
    try:
        recorded = json.loads(installed.read_text("direct_url.json") or "{}")
        url, version_control = str(recorded.get("url", "")), recorded.get("vcs_info")
        is_editable = bool(recorded.get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return "", False, False
    if url.startswith("file:"):
        from urllib.request import url2pathname  # noqa: PLC0415 - loads HTTP, and is rarely needed

        return url2pathname(urlsplit(url).path), is_editable, True
    if isinstance(version_control, dict):
        commit = version_control.get("commit_id", "")
        return f"{version_control.get('vcs', 'git')}+{url}{commit and f'@{commit}'}", False, False
    return url, False, False


def _has_extra(installed: "Distribution", extra: str) -> bool:
    packages = read_requirements(installed.requires or ())[1].get(extra, ())
    return bool(packages) and all(map(is_installed, packages))
