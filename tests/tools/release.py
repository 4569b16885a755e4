"""Build, check and sign everything that a release consists of.

    python -m tests.tools.release FOLDER [--key FILE] [--url URL] [--rehearsal]

It takes the last commit, not the files of the checkout. The folder then has the wheel, the source archive, a program
in a single file (for this platform and version of Python), a Homebrew formula, `SHA256SUMS`, and, with an SSH key,
its signature `SHA256SUMS.sig`. Wheel and source archive are built twice and must agree in every byte. Each of them
is installed in an empty environment without a network, and builds and checks a site of one post. Exits with 1 if
anything fails. A rehearsal needs no changelog entry and tag.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sitegen import DISTRIBUTION, __version__

ROOT = Path(__file__).parents[2]
SUMS = "SHA256SUMS"
NAMESPACE = "sitegen-release"
"""What the signature is for, in the sense of `ssh-keygen -Y sign`: no other file is accepted with it."""
EXTRAS = "images,import,publish"
"""The extras of the program in a single file."""

CONFIG = 'title = "Letters"\ndescription = "Letters to friends."\nbase_url = "https://letters.example/"\n'
POST = "---\ntitle: One\ndate: 2024-01-01\n---\n\nText.\n"

FORMULA = """\
class Sitegen < Formula
  desc "Static site generator for newsletter archives"
  url "{url}"
  sha256 "{sha256}"
  license all_of: ["MIT", "Unicode-3.0"]

  depends_on "python@3.13"

  def install
    system "python3.13", "-m", "venv", libexec
    system libexec/"bin/python", "-m", "pip", "install", "#{{buildpath}}[import,images,publish]"
    bin.install_symlink libexec/"bin/sitegen"
    man1.install_symlink libexec/"share/man/man1/sitegen.1"
    generate_completions_from_executable(bin/"sitegen", shell_parameter_format: :click)
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/sitegen --version")
  end
end
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One artefact, its size in bytes, and the wall time in seconds from an empty environment to the first page."""

    path: Path
    size: int
    seconds: float


class ReleaseError(Exception):
    """A reason not to release."""


def run(*command: str | Path, folder: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """Run a command and return its output; raise ReleaseError with what it printed if it fails."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def find_mistakes(version: str, changelog: str, tags: Sequence[str], changes: str) -> Iterator[str]:
    """Yield what must be done before a release, from the tags of the commit and what git says of changed files."""
    if changes.strip():
        yield "commit or remove the changes of the checkout first"
    if not re.search(rf"^## {re.escape(version)} [-–— ]*\d{{4}}-\d\d-\d\d", changelog, re.MULTILINE):
        yield f'CHANGELOG.md has no section "## {version} YYYY-MM-DD"'
    if f"v{version}" not in tags:
        yield f"the commit has no tag v{version}"


def export_commit(folder: Path) -> dict[str, str]:
    """Write the files of the last commit into a folder, and return an environment that dates archives by it."""
    archive = folder.with_suffix(".tar")
    run("git", "archive", "--output", archive, "HEAD", folder=ROOT)
    folder.mkdir()
    run("tar", "-xf", archive, folder=folder)  # `tarfile` has the filter for it only from Python 3.11.4 on
    return {**os.environ, "SOURCE_DATE_EPOCH": run("git", "log", "-1", "--format=%ct", folder=ROOT).strip()}


def build_archives(source: Path, folder: Path, environment: dict[str, str]) -> tuple[Path, Path]:
    """Build the wheel and the source archive, and return their files."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source, environment=environment)
    (wheel,), (archive,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, archive


def collect_wheels(wheel: Path, source: Path, folder: Path) -> None:
    """Write the wheels of all libraries into a folder: of each extra, and of what builds the source archive."""
    requirements = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--wheel-dir", folder)
    run(*pip, f"{wheel}[import,fonts,images,publish]", *requirements)


def build_program(wheel: Path, wheels: Path, target: Path, environment: dict[str, str]) -> None:
    """Build the program in a single file, which unpacks itself into the user's cache on its first start."""
    offline = ("--no-index", "--find-links", wheels)
    shiv = (sys.executable, "-m", "shiv", "--reproducible", "--console-script", "sitegen", "--output-file", target)
    run(*shiv, *offline, "--quiet", f"{wheel}[{EXTRAS}]", environment=environment)


def program_name() -> str:
    """Return the name of the program in a single file, with the version of Python and the platform that it needs."""
    platform = re.sub(r"\W", "_", sysconfig.get_platform())
    return f"sitegen-{__version__}-py{sys.version_info.major}{sys.version_info.minor}-{platform}.pyz"


def check_site(command: Sequence[str | Path], folder: Path) -> None:
    """Build and check a site of one post."""
    (folder / "content" / "posts").mkdir(parents=True)
    (folder / "sitegen.toml").write_text(CONFIG, "utf-8")
    (folder / "content" / "posts" / "one.md").write_text(POST, "utf-8")
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "SHIV_ROOT": str(folder / "shiv")}
    environment.pop("PYTHONPATH", None)
    site = partial(run, *command, "-C", folder, environment=environment)
    if __version__ not in run(*command, "--version", environment=environment):
        raise ReleaseError(f"{command} has another version than {__version__}")
    site("build", "--strict", "--verify")
    site("check", "--strict")


def check_installed(artefact: Path, wheels: Path, folder: Path) -> Measured:
    """Install an artefact in an empty environment without a network, and build a site with it."""
    started = time.monotonic()
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (programs / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    run(*pip, "--no-index", "--find-links", wheels, f"{artefact}[import,fonts,images,publish]")
    check_site([programs / "sitegen"], folder / "site")
    return Measured(artefact, artefact.stat().st_size, time.monotonic() - started)


def check_program(program: Path, folder: Path) -> Measured:
    """Build a site with the program in a single file."""
    started = time.monotonic()
    check_site([sys.executable, "-S", "-E", program], folder / "site")
    return Measured(program, program.stat().st_size, time.monotonic() - started)


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sign(path: Path, key: Path) -> None:
    """Sign a file with an SSH key, and check the signature (`ssh-keygen -Y`, PROTOCOL.sshsig of OpenSSH)."""
    run("ssh-keygen", "-Y", "sign", "-f", key, "-n", NAMESPACE, path)
    with path.open("rb") as data:
        check = ("ssh-keygen", "-Y", "check-novalidate", "-n", NAMESPACE, "-s", f"{path}.sig")
        subprocess.run(check, stdin=data, capture_output=True, check=True)


def make_release(target: Path, url: str, key: Path | None) -> list[Measured]:
    """Build everything into a folder, and return what was checked."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        work = Path(name)
        source = work / "source"
        environment = export_commit(source)
        wheel, archive = build_archives(source, target, environment)
        for first, second in zip((wheel, archive), build_archives(source, work / "again", environment), strict=True):
            if first.read_bytes() != second.read_bytes():
                raise ReleaseError(f"{first.name} has other bytes if it is built again")
        wheels = work / "wheels"
        collect_wheels(wheel, source, wheels)
        program = target / program_name()
        build_program(wheel, wheels, program, environment)
        measured = [
            check_installed(wheel, wheels, work / "wheel"),
            check_installed(archive, wheels, work / "archive"),
            check_program(program, work / "program"),
        ]
    formula = target / "sitegen.rb"
    formula.write_text(FORMULA.format(url=f"{url.rstrip('/')}/{archive.name}", sha256=sha256(archive)), "utf-8")
    files = (wheel, archive, program, formula)
    (target / SUMS).write_text("".join(f"{sha256(file)}  {file.name}\n" for file in files), "utf-8")
    if key is not None:
        sign(target / SUMS, key)
    return measured


def main() -> int:
    """Make a release, print a table of its files, and return the exit code."""
    description, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(prog="python -m tests.tools.release", description=description)
    parser.add_argument("folder", type=Path, help="New folder for the files of the release.")
    parser.add_argument("--key", type=Path, metavar="FILE", help="Sign the checksums with this SSH key.")
    parser.add_argument("--url", default="https://example.com", help="Where the files of the release will be.")
    parser.add_argument("--rehearsal", action="store_true", help="Allow a commit without a tag and changelog entry.")
    arguments = parser.parse_args()
    tags = run("git", "tag", "--points-at", "HEAD", folder=ROOT).split()
    changes = run("git", "status", "--porcelain", folder=ROOT)
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    mistakes = [] if arguments.rehearsal else list(find_mistakes(__version__, changelog, tags, changes))
    if mistakes:
        print("\n".join(mistakes), file=sys.stderr)
        return 1
    arguments.folder.mkdir(parents=True)
    try:
        measured = make_release(arguments.folder, arguments.url, arguments.key)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{DISTRIBUTION} {__version__}, Python {sys.version.partition(' ')[0]} on {sysconfig.get_platform()}")
    for one in measured:
        print(f"{one.path.name:60} {one.size / 1e6:6.1f} MB {one.seconds:6.1f} s to the first page")
    return 0


if __name__ == "__main__":
    sys.exit(main())
