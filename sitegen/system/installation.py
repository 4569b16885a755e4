"""How sitegen was installed, and the command that adds packages to this installation."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
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


PACKAGE = Path(__file__).parents[1]
"""The folder of the running modules."""

CONTAINER_FILES = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""The files by which Docker and Podman mark a container."""


class Installer(Enum):
    """What installed the running sitegen."""

    PIP = "pip"
    UV = "uv, in an environment without pip"
    UV_TOOL = "uv tool"
    UVX = "uvx"
    PIPX = "pipx"
    SYSTEM = "pip of a Python that the system manages, and that refuses to install more (PEP 668)"
    SINGLE_FILE = "a program in a single file"
    HOMEBREW = "Homebrew"
    CONTAINER = "the image of a container"


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

    installer = find_installer(Path(sys.prefix), PACKAGE, Path(sys.argv[0]))
    if installer in _FIXED:
        return _FIXED[installer](extra, packages)
    try:
        installed = distribution(DISTRIBUTION)
    except PackageNotFoundError:  # it runs from a folder, whose requirements were installed by hand
        return _say(installer, DISTRIBUTION if not extra else f"{DISTRIBUTION}[{extra}]", packages)
    extras = [name for name in EXTRAS if name == extra or _has_extra(installed, name)]
    origin, is_editable, is_local = _read_origin(installed)
    name = f"[{','.join(extras)}]" if extras else ""
    specification = f"{origin}{name}" if is_local else f"{DISTRIBUTION}{name}{origin and f' @ {origin}'}"
    hint = _say(installer, specification, packages, is_editable=is_editable)
    if is_local and not Path(origin).exists():
        hint += f"; {origin} is missing, so download sitegen again first and write its path"
    return hint


def _say(installer: Installer, specification: str, packages: tuple[str, ...], *, is_editable: bool = False) -> str:
    """Return the words with the command line; its quotation marks are right for shells and for Windows."""
    editable = "--editable " if is_editable else ""
    others = "".join(f' --with "{package}"' for package in packages)
    if installer is Installer.UV_TOOL:
        return f'run uv tool install --force {editable}"{specification}"{others}'
    if installer is Installer.UVX:
        return f'run uvx --from "{specification}"{others} sitegen'
    if installer is Installer.PIPX and packages:
        return f"run pipx runpip {DISTRIBUTION} install {_quote(packages)}"
    if installer is Installer.PIPX:
        return f'run pipx install --force {editable}"{specification}"'
    if installer is Installer.SYSTEM:  # its pip refuses to install anything
        hint = f'run pipx install {editable}"{specification}"'
        return f"{hint}, then pipx runpip {DISTRIBUTION} install {_quote(packages)}" if packages else hint
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    command = f"uv pip install --python {python}" if installer is Installer.UV else f"{python} -m pip install"
    return f"run {command} {_quote(packages) if packages else f'{editable}{_quote([specification])}'}"


def _say_for_single_file(extra: str, packages: tuple[str, ...]) -> str:
    if extra:
        return f'run uv tool install "{DISTRIBUTION}[{extra}]": a single file cannot get other packages'
    if packages:
        return "download the single file of a newer version"
    return f"delete {PACKAGE.parents[1]}, which is unpacked again at the next start"


def _say_for_homebrew(extra: str, packages: tuple[str, ...]) -> str:  # noqa: ARG001 - the formula has all extras
    return f"run brew {'upgrade' if packages else 'reinstall'} sitegen"


def _say_for_container(extra: str, packages: tuple[str, ...]) -> str:
    if extra or packages:
        added = f"the extra `{extra}`" if extra else _quote(packages)
        return f"add {added} to the line with `pip` in the Dockerfile, and build the image again"
    return "build the image again"


_FIXED: Mapping[Installer, Callable[[str, tuple[str, ...]], str]] = {
    Installer.SINGLE_FILE: _say_for_single_file,
    Installer.HOMEBREW: _say_for_homebrew,
    Installer.CONTAINER: _say_for_container,
}
"""What to do where no installer can add packages to what is there."""


def _quote(values: Iterable[str]) -> str:
    return " ".join(f'"{value}"' for value in values)


def find_installer(prefix: Path, package: Path, program: Path) -> Installer:
    """Return what installed sitegen, by the files that it left.

    `prefix` is the environment (`sys.prefix`), `package` the folder of the modules, `program` what was started.
    """
    from sysconfig import get_path  # noqa: PLC0415 - rarely needed

    has_pip = find_spec("pip") is not None
    settings = prefix / "pyvenv.cfg"
    is_environment = settings.is_file()
    is_of_uv = is_environment and "uv = " in settings.read_text("utf-8", "replace")
    is_in_container = any(map(Path.is_file, CONTAINER_FILES))
    unpacked = package.parents[1].name if package.parent.name == "site-packages" else ""
    evidence = {
        Installer.SINGLE_FILE: unpacked.startswith(f"{program.resolve().name}_"),  # shiv: NAME_BUILD/site-packages
        Installer.HOMEBREW: "Cellar" in prefix.resolve().parts,
        Installer.UV_TOOL: (prefix / "uv-receipt.toml").is_file(),
        Installer.PIPX: (prefix / "pipx_metadata.json").is_file(),
        Installer.UVX: prefix.parent.name.startswith("archive-v"),  # the cache of uv
        Installer.CONTAINER: not has_pip and not is_of_uv and is_in_container,
        Installer.UV: not has_pip,
        Installer.SYSTEM: not is_environment and (Path(get_path("stdlib")) / "EXTERNALLY-MANAGED").is_file(),
    }
    return next((installer for installer, is_found in evidence.items() if is_found), Installer.PIP)


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
