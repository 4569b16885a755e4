"""The order of the packages: each imports only from packages below it, and no modules import each other in a circle."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sitegen"


def test_the_packages_import_only_in_the_order_of_pyproject():
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    process = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr


def packages():
    """Return the files of each package by the dotted names of its modules."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def test_no_modules_import_each_other_in_a_circle():
    files = packages()
    needs = {}
    for name, path in files.items():
        needs[name] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sitegen"):
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    needs[name].add(full if full in files else node.module)
            elif isinstance(node, ast.Import):
                needs[name].update(alias.name for alias in node.names if alias.name in files)
        needs[name].discard(name)
    done: set[str] = set()

    def visit(name, above):
        assert name not in above, " -> ".join([*above, name])
        if name not in done:
            for other in sorted(needs.get(name, ())):
                visit(other, [*above, name])
            done.add(name)

    for name in sorted(files):
        visit(name, [])


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_reads_the_clock_and_the_environment_prints_and_exits(path):
    if path.relative_to(PACKAGE).parts[0] in ("cli", "__main__.py"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "sys.exit", "exit", "input", "os.getenv", "time.time", "time.time_ns"), (
                called
            )
            assert not called.endswith(("datetime.now", "date.today", "datetime.today", "utcnow")), called
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) != "os.environ"


def test_a_class_name_exists_once():
    names = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in names.items() if count > 1} == set()
