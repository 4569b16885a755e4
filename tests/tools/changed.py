"""Run the tests that your change most likely breaks, in about a minute.

    python -m tests.tools.changed [BASE] [-- PYTEST OPTIONS]

These are the tests of the packages with files that differ from BASE (`main` by default, otherwise the last commit), the
tests that were changed, and the quick tests of everything: golden sites, messages, the manual and import order.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
ALWAYS = ("tests/test_golden.py", "tests/test_invalid.py", "tests/test_layers.py", "tests/docs")


def find_tests(changed: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return the test files and folders for changed files: paths below the root, with forward slashes.

    A module's tests are in the folder of `tests/` with the name of its package, or of the nearest one above.
    """
    found = dict.fromkeys(ALWAYS)
    for name in changed:
        path = PurePosixPath(name)
        if path.parts[0] == "tests" and path.name.startswith("test_") and (root / path).is_file():
            found[name] = None
        elif path.parts[0] == "sitegen" and len(path.parts) > 2:
            folder = PurePosixPath("tests", *path.parts[1:-1])
            while not (root / folder).is_dir():
                folder = folder.parent
            if folder != PurePosixPath("tests"):
                found[str(folder)] = None
    folders = [PurePosixPath(name) for name in found]
    return [str(path) for path in folders if not any(parent in folders for parent in path.parents)]


def find_changed(base: str) -> list[str]:
    """Return the files that differ from a revision, and those that git does not know yet."""
    commands = (["git", "diff", "--name-only", base], ["git", "ls-files", "--others", "--exclude-standard"])
    return [
        name
        for command in commands
        for name in subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    ]


def main() -> int:
    """Run pytest for the changed files; return its exit code."""
    arguments, _, options = " ".join(sys.argv[1:]).partition("--")
    base = arguments.strip() or ("main" if _is_revision("main") else "HEAD")
    tests = find_tests(find_changed(base))
    sys.stdout.write(f"pytest {' '.join(tests)}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "not slow", *options.split(), *tests]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _is_revision(name: str) -> bool:
    command = ["git", "rev-parse", "--verify", "--quiet", name]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
