"""The libraries that sitegen imports, anywhere in its modules, are those that pyproject.toml names."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
NAME = re.compile(r"[\w.-]+")


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    """Return the names of the libraries that users get: of the core, of each extra but those of developers."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [rows for extra, rows in project["optional-dependencies"].items() if extra not in {"dev", "mutation"}]
    named = {normalize(NAME.match(row)[0]) for rows in (project["dependencies"], *extras) for row in rows}
    # What these always bring, such as MarkupSafe with Jinja.
    brought = {NAME.match(row)[0] for name in named for row in requires(name) or () if "extra ==" not in row}
    return named | {normalize(name) for name in brought}


def imported():
    """Yield the top-level packages that modules import, also within functions, with the module."""
    for path in sorted((REPOSITORY / "sitegen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            yield from ((name.partition(".")[0], path.relative_to(REPOSITORY).as_posix()) for name in names)


def test_no_module_imports_a_library_that_is_not_installed_with_sitegen():
    libraries, known = packages_distributions(), declared()
    wrong = {
        (name, path)
        for name, path in imported()
        if name != "sitegen"
        and name not in sys.stdlib_module_names
        and not {normalize(distribution) for distribution in libraries.get(name, ())} & known
    }
    assert sorted(wrong) == []
