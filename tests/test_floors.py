"""The order of the modules: each imports only from floors below its own, and there are no exceptions."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sitegen"

FLOORS = [
    "errors",
    "formats",
    "__init__ alarms collector digest imagesize lock manual parallel paths plain podcasts sharing skeleton slugs store"
    " system theme yaml_rows",
    "dates ledger manifest media model obstacles scan stage template_cache template_errors toml wheel yaml12",
    "config counts hook_recorder links months origin output_record pages permalinks related search settlement survey"
    " trace words",
    "assemble citation feeds figures hooks hosts keys listing macros markup new output output_folder packing"
    " selection setting_names setting_values sitemap sources structured target_settings",
    "basis check compiler examine filters handlers headers indexes mentions recording redirects schema"
    " settings site_hooks term_lines values watch",
    "content frontmatter plan publish takedown templates",
    "compose data metadata",
    "importers parse render",
    "draw standing",
    "build",
    "serve verify",
    "cli",
    "__main__",
]
"""The modules and packages of sitegen, the lowest floor first."""

LEVEL = {name: number for number, floor in enumerate(FLOORS) for name in floor.split()}


def modules():
    """Return the files of each module or package by its name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        inside = path.relative_to(PACKAGE)
        found.setdefault(inside.parts[0].removesuffix(".py"), []).append(path)
    return found


def imports(path):
    """Return the modules and packages of sitegen that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sitegen":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names if alias.name in LEVEL}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("sitegen.")}
    return names


def test_every_module_has_a_floor():
    assert sorted(LEVEL) == sorted(modules())


@pytest.mark.parametrize("name", sorted(LEVEL))
def test_a_module_imports_only_from_floors_below_its_own(name):
    for path in modules()[name]:
        for other in imports(path) - {name}:
            assert LEVEL[other] < LEVEL[name], f"{path.name} imports {other}"


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
