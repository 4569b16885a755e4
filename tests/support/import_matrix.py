"""Takes exports through import, build, check and publish, as their owner would.

`python -m tests.support.import_matrix FOLDER...` does it for whole archives and prints a line of counts for each.
"""

import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from sitegen.cli import main

CONFIG = """\
title = "Archive"
base_url = "https://archive.example/"

[[publish]]
name = "folder"
kind = "folder"
path = "../www"

[[publish]]
name = "git"
kind = "git"
remote = "../remote.git"
branch = "pages"
identity = "Ann <ann@archive.example>"
"""


@dataclass(frozen=True, slots=True)
class Trip:
    """The result of an export: its posts by state, problems of `check` by severity, and the files at both targets."""

    posts: int
    drafts: int
    pages: int
    pages_with_drafts: int
    problems: Counter[str]
    errors: tuple[str, ...]
    output: frozenset[str]
    in_folder: frozenset[str]
    in_git: frozenset[str]


def travel(export: Path, root: Path) -> Trip:
    """Import, build (also with drafts), check and publish an export in the empty folder `root`.

    Raises AssertionError with the output of the first command that fails; `check` may find errors, and then
    nothing is published.
    """
    site = root / "site"
    site.mkdir()
    (site / "sitegen.toml").write_text(CONFIG)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", root / "remote.git"], check=True)
    report = json.loads(run(site, "import", str(export), "--json"))
    run(site, "build", "--drafts")
    with_drafts = pages(site / "output")
    run(site, "build")
    without = pages(site / "output")
    problems = json.loads(run(site, "check", "--json", may_fail=True))["problems"]
    errors = tuple(
        f"{item['path']}: {item['id']}: {item['message']}" for item in problems if item["severity"] == "error"
    )
    if not errors:
        run(site, "publish", "folder", "--yes")
        run(site, "publish", "git", "--yes")
    listed = "" if errors else git(root / "remote.git", "ls-tree", "-r", "--name-only", "-z", "pages")
    return Trip(
        posts=len(report["created"]),
        drafts=len(report["drafts"]),
        pages=without,
        pages_with_drafts=with_drafts,
        problems=Counter(item["severity"] for item in problems),
        errors=errors,
        output=files(site / "output"),
        in_folder=files(root / "www"),
        in_git=frozenset(name for name in listed.split("\0") if name),
    )


def run(site: Path, *arguments: str, may_fail: bool = False) -> str:
    """Run a command of sitegen and return what it printed on standard output."""
    result = CliRunner().invoke(main, ["--root", str(site), *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert may_fail or result.exit_code == 0, f"{' '.join(arguments)}:\n{result.output}"
    return result.stdout


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout


def pages(output: Path) -> int:
    """Count the pages of posts that were rendered; redirects from old URLs are pages too, but not articles."""
    return sum(1 for path in output.rglob("*.html") if b'<article class="post' in path.read_bytes())


def files(folder: Path) -> frozenset[str]:
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    import sys
    import tempfile

    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            trip = travel(Path(name), Path(folder))
        counts = f"{trip.posts} posts, {trip.drafts} drafts, {trip.pages} pages, {dict(trip.problems)}"
        lines = f"{Path(name).name}: {counts}, {len(trip.in_folder)} files published", *trip.errors
        sys.stdout.write("\n    ".join(lines) + "\n")
