"""The fingerprint of code covers the modules that make pages, and no others."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.system import fingerprints
from sitegen.system.code_modules import read_modules
from tests.support.sites import make_site

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sitegen"

LOADED = """
import json, sys
from sitegen.cli import main
try:
    main(["build"])
except SystemExit as end:
    assert not end.code
print(json.dumps([name for name in sys.modules if name.partition(".")[0] == "sitegen"]))
"""


FOUND = """
import json, sys
from pathlib import Path
from sitegen.system.hook_recorder import Recorder
recorder = Recorder(Path.cwd())
with recorder:
    import sitegen.importers.convert.escape
    import sitegen.formats.slugs
print(json.dumps(list(recorder.found)))
"""


def run(code, folder):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(process.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package, to change."""
    folder = tmp_path_factory.mktemp("copy") / "sitegen"
    return Path(shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__", "theme", "manual")))


def fingerprint(package):
    return fingerprints.of_modules(read_modules(package, fingerprints.BUILD), package)


def imported(source):
    """Return the names that a module imports, by its syntax tree."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import that is relative"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_modules_are_those_of_all_import_statements():
    modules = fingerprints.code_modules()
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in PACKAGE.rglob("*.py")
    }
    for name, source in modules.items():
        assert {item for item in imported(source) if item in files} <= modules.keys(), name


def test_each_module_that_a_build_loads_is_covered(tmp_path):
    config = 'base_url = "https://a.example/"\n[feeds]\nformats = ["rss", "atom", "json"]\n'
    files = {
        "sitegen.toml": config,
        "content/posts/2024-01-01-a.md": "---\ntitle: A\n---\n![x](dot.svg)\n\n```python\n1\n```\n",
        "content/posts/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        "content/data/x.yaml": "a: 1\n",
        "content/sources.toml": '["Wire"]\nurl = "https://wire.example/"\n',
        "hooks.py": "def finish(path, data):\n    return data\n",
    }
    loaded = set(run(LOADED, make_site(tmp_path, files)))
    assert "sitegen.feeds.rss.item" in loaded
    assert "sitegen.render.json_ld" in loaded
    other = {name for name in loaded - fingerprints.code_modules().keys() if not name.startswith("sitegen.cli")}
    assert other == set()


def test_packages_that_make_no_pages_are_not_covered():
    packages = {name.split(".")[1] for name in fingerprints.code_modules() if "." in name}
    assert packages & {"importers", "check", "publish", "serve", "watch", "cli", "scaffold"} == set()
    assert packages >= {
        "content",
        "markdown",
        "feeds",
        "render",
        "site",
        "search",
        "formats",
        "config",
        "model",
    }


@pytest.mark.parametrize(
    ("file", "covered"),
    [
        ("render/renderer.py", True),
        ("feeds/rss/item.py", True),
        ("markdown/engines/commonmark.py", True),
        ("render/__init__.py", True),
        ("config/i18n/de.toml", True),
        ("importers/platforms/medium.py", False),
        ("cli/build.py", False),
        ("serve/session.py", False),
        ("check/run.py", False),
        ("publish/plan.py", False),
    ],
)
def test_a_change_of_code_counts_only_if_it_makes_pages(copy, file, covered):
    before = fingerprint(copy)
    path = copy / file
    text = path.read_bytes()
    try:
        path.write_bytes(text + b"\n# changed\n")
        assert (fingerprint(copy) != before) is covered
    finally:
        path.write_bytes(text)
    assert fingerprint(copy) == before


def test_modules_are_found_in_all_forms_of_imports(tmp_path):
    package = tmp_path / "sitegen"
    for name in ("a", "b", "c", "d", "e", "f", "unused"):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "start.py").write_text(
        "import sitegen.a\nfrom sitegen.b import x, y as z\nfrom sitegen import (\n    c,\n    d,\n)\n"
        "def f():\n    from sitegen.e.lazy import g\n"
    )
    (package / "b" / "x.py").write_text("from sitegen import start\n")
    (package / "b" / "y.py").write_text("")
    (package / "e" / "lazy.py").write_text("if TYPE_CHECKING:\n    import sitegen.f as h\n")
    found = read_modules(package, "sitegen.start")
    wanted = ["a", "b", "b.x", "b.y", "c", "d", "e", "e.lazy", "f", "start"]
    assert list(found) == ["sitegen", *(f"sitegen.{name}" for name in wanted)]


def test_a_module_that_makes_no_pages_is_recorded_if_a_hook_imports_it(tmp_path):
    found = run(FOUND, tmp_path)
    assert any(name.endswith("sitegen/importers/convert/escape.py") for name in found)
    assert not any("slugs" in name for name in found)
