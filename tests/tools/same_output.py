"""Build and import the same sites with two versions of sitegen, and compare all files byte for byte.

    python -m tests.tools.same_output REVISION [OTHER] [--posts 500] [--only NAME ...]

A version is a revision of this repository or a folder that holds a checkout; OTHER is this checkout as it is.
The sites are the demo, each golden site, the new site of `sitegen init`, and the benchmark's site and the
default theme over invented posts. Each sample export and each archive of `../shared/corpora` is imported, and
what was written is built. Exits with 1 and the first differences if any file differs.
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
CONFIG = 'title = "Archive"\ndescription = "Letters."\nbase_url = "https://archive.example/"\n'
MAX_LINES = 20
"""The number of differing files that are named for each site."""


@dataclass(frozen=True, slots=True)
class Case:
    """A site: what makes it in a folder, and the commands whose output, messages and exit codes must agree."""

    name: str
    prepare: Callable[[Path], None]
    commands: tuple[tuple[str, ...], ...] = (("build",),)


def find_cases(posts: int) -> Iterator[Case]:
    """Yield all cases; `posts` is the number of invented ones."""
    yield Case("demo", _copy_demo)
    for folder in sorted((ROOT / "tests" / "sites").iterdir()):
        yield Case(f"golden {folder.name}", lambda root, folder=folder: _copy_golden(folder, root))
    yield Case("init", _nothing, (("init", ".", "--title", "Letters"), ("build",)))
    yield Case("bench site", lambda root: _invent(root, posts, bench=True))
    yield Case("bench posts with the theme", lambda root: _invent(root, posts, bench=False))
    for folder in sorted((ROOT / "tests" / "exports").iterdir()):
        yield _import(f"export {folder.name}", folder / "input")
    for folder in sorted(CORPORA.iterdir()) if CORPORA.is_dir() else ():
        if folder.is_dir():
            yield _import(f"archive {folder.name}", folder)


def _import(name: str, source: Path) -> Case:
    return Case(name, _write_config, (("import", str(source)), ("build",), ("build", "--drafts")))


def _nothing(root: Path) -> None:
    """Leave the folder empty."""


def _write_config(root: Path) -> None:
    (root / "sitegen.toml").write_text(CONFIG, "utf-8")
    (root / "content").mkdir()


def _copy_demo(root: Path) -> None:
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "pyproject.toml", root)


def _copy_golden(folder: Path, root: Path) -> None:
    shutil.copytree(folder, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected", ".sitegen"))


def _invent(root: Path, posts: int, *, bench: bool) -> None:
    if bench:
        shutil.copytree(ROOT / "bench" / "site", root, dirs_exist_ok=True)
    else:
        (root / "sitegen.toml").write_text(CONFIG, "utf-8")
    generator = ROOT / "bench" / "gen.py"
    subprocess.run([sys.executable, generator, str(posts), root / "content" / "posts"], check=True, capture_output=True)


def run_case(case: Case, version: Path, root: Path) -> str:
    """Run the commands of a case in a new folder with a version; return what they printed, without the times."""
    root.mkdir(parents=True)
    case.prepare(root)
    environment = {**os.environ, "PYTHONPATH": str(version), "PYTHONDONTWRITEBYTECODE": "1"}
    printed = []
    for command in case.commands:
        arguments = [sys.executable, "-m", "sitegen", *command]
        process = subprocess.run(arguments, cwd=root, env=environment, capture_output=True, text=True, check=False)
        # The last line of a build contains its time.
        lines = [line.partition(" in ")[0] for line in (process.stdout + process.stderr).splitlines()]
        printed.append("\n".join([f"$ sitegen {' '.join(command)}: exit code {process.returncode}", *lines]))
    return "\n".join(printed).replace(str(root), "ROOT")


def compare_trees(first: Path, second: Path) -> list[str]:
    """Return the paths of the files that only one folder has, or that differ; caches aside."""
    trees = [
        {path.relative_to(top) for path in top.rglob("*") if path.is_file() and ".sitegen" not in path.parts}
        for top in (first, second)
    ]
    different = trees[0] ^ trees[1]
    different |= {path for path in trees[0] & trees[1] if not filecmp.cmp(first / path, second / path, shallow=False)}
    return sorted(map(str, different))


def compare(case: Case, versions: tuple[Path, Path], folder: Path) -> tuple[int, list[str]]:
    """Return the number of files of a case and the differences between both versions, one a line."""
    roots = (folder / "first" / case.name, folder / "second" / case.name)
    printed = [run_case(case, version, root) for version, root in zip(versions, roots, strict=True)]
    different = compare_trees(*roots)
    number = sum(1 for path in roots[0].rglob("*") if path.is_file())
    lines = [f"    {path}" for path in different[:MAX_LINES]]
    if len(different) > MAX_LINES:
        lines.append(f"    and {len(different) - MAX_LINES} more files")
    if printed[0] != printed[1]:
        rows = zip(*(text.splitlines() for text in printed), strict=False)
        lines += [f"    printed: {old!r}\n        now: {new!r}" for old, new in rows if old != new][:MAX_LINES] or [
            "    one version printed more lines"
        ]
    for root in roots:
        shutil.rmtree(root)
    return number, lines


def check_out(version: str, folder: Path) -> Path:
    """Return the folder of a version: itself, or a revision's files written into `folder`."""
    if Path(version).is_dir():
        return Path(version).resolve()
    archive = subprocess.run(
        ["git", "archive", version, "sitegen", "templates"], cwd=ROOT, check=True, capture_output=True
    )
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-xf", "-"], cwd=folder, check=True, input=archive.stdout)
    return folder


def main() -> int:
    """Compare the versions that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", metavar="REVISION")
    parser.add_argument("second", metavar="OTHER", nargs="?", default=str(ROOT))
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--only", nargs="*", default=())
    options = parser.parse_args()
    failures = 0
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as threads:
        temporary = Path(folder)
        versions = (check_out(options.first, temporary / "old"), check_out(options.second, temporary / "new"))
        cases = [case for case in find_cases(options.posts) if not options.only or case.name in options.only]
        results = threads.map(lambda case: compare(case, versions, temporary), cases)
        for case, (number, lines) in zip(cases, results, strict=True):
            verdict = "different" if lines else f"{number} files, the same"
            sys.stdout.writelines(f"{line}\n" for line in (f"{case.name}: {verdict}", *lines))
            sys.stdout.flush()
            failures += bool(lines)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
