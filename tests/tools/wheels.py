"""Show for which versions of Python and systems all libraries of sitegen have wheels.

    python -m tests.tools.wheels [--python 3.14] [--platform musl]

It asks the package index, by pip, for the newest versions that `pyproject.toml` allows, of the core and of all extras;
nothing is downloaded or installed. A library without a wheel is built where it is installed. That needs no compiler
if it is in `PURE`: its source archive has Python code only, or C code for another system. Exits with 1 if any other
library has no wheel.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import requires
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
PLATFORMS = {
    "glibc": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "musl": ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64"),
    "musl-arm": ("musllinux_1_2_aarch64", "musllinux_1_1_aarch64"),
    "macos": ("macosx_14_0_arm64", "macosx_11_0_arm64", "macosx_10_9_universal2"),
    "windows": ("win_amd64",),
}
"""The tags of wheels that a system accepts (PEP 600, PEP 656), the newest first."""

PURE = frozenset(("feedgen", "watchdog"))
"""The libraries whose source archive needs no compiler: the C code of watchdog is for macOS, where it has wheels."""

_NAME = re.compile(r"[\w.-]+")
_MISSING = re.compile(r"No matching distribution found for ([\w.-]+)")


def list_requirements(project: dict[str, list[str]], extras: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the requirements of the core and of the extras for users, and what these require in turn, for Linux."""
    rows = [
        *project["dependencies"],
        *(row for name in extras if name not in {"dev", "mutation"} for row in extras[name]),
    ]
    found: dict[str, str] = {}
    while rows:
        row = rows.pop(0)
        requirement, _, marker = row.partition(";")
        name = _NAME.match(requirement)
        if name is None or "extra" in marker or "win32" in marker or name[0].lower() in found:
            continue
        found[name[0].lower()] = requirement.strip()
        rows += requires(name[0]) or ()
    return tuple(found.values())


def find_without_wheel(
    requirements: Sequence[str], python: str, tags: Sequence[str], ask: Callable[[list[str]], str]
) -> Iterator[str]:
    """Yield the libraries without a wheel for a version of Python and the tags of a system.

    `ask` runs pip with some arguments, and returns what it printed if it failed, otherwise "".
    """
    rest = list(requirements)
    while rest:
        platform = [word for tag in tags for word in ("--platform", tag)]
        failed = ask(["--python-version", python, *platform, *rest])
        if not failed:
            return
        missing = _MISSING.search(failed)
        if missing is None:
            raise RuntimeError(failed)
        yield missing[1]
        rest = [row for row in rest if (name := _NAME.match(row)) is None or name[0] != missing[1]]


def ask_pip(arguments: list[str]) -> str:
    """Let pip choose wheels without downloading them, and return its errors, "" for none."""
    with TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
        choose = ["--ignore-installed", "--no-deps", "--only-binary=:all:", "--target", folder]
        done = subprocess.run([*pip, *choose, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def main() -> int:
    """Print a row for each system and version of Python, and return the exit code."""
    description, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(prog="python -m tests.tools.wheels", description=description)
    parser.add_argument("--python", action="append", metavar="VERSION", help="Version of Python. [default: all]")
    parser.add_argument("--platform", action="append", choices=PLATFORMS, help="System. [default: all]")
    arguments = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = list_requirements(project, project["optional-dependencies"])
    failed = False
    for platform in arguments.platform or PLATFORMS:
        for python in arguments.python or PYTHONS:
            missing = sorted(find_without_wheel(requirements, python, PLATFORMS[platform], ask_pip))
            failed |= not PURE.issuperset(missing)
            shown = ", ".join(name if name in PURE else f"{name} (needs a compiler)" for name in missing)
            print(
                f"{platform:9} {python:5} {len(requirements)} libraries; without a wheel: {shown or 'none'}", flush=True
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
