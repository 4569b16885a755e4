"""The scripts of the benchmark and of the manual's images can be imported, because no other test runs them."""

import importlib.util
import subprocess
import sys

import pytest

from tests.support.manual import REPOSITORY
from tests.support.sites import CONFIG, build, write

SCRIPTS = sorted([*(REPOSITORY / "bench").glob("*.py"), *(REPOSITORY / "docs").glob("*.py")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_script_imports_exists(script, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(script.parent), *sys.path])
    specification = importlib.util.spec_from_file_location(f"script_{script.stem}", script)
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    specification.loader.exec_module(module)
    assert callable(module.main)


def test_generated_translations_have_the_name_of_their_original(tmp_path):
    arguments = ["6", str(tmp_path), "--languages", "en,de,fa"]
    subprocess.run([sys.executable, REPOSITORY / "bench/gen.py", *arguments], check=True, capture_output=True)
    names = sorted(path.name.split(".", 1) for path in tmp_path.rglob("*.md"))
    assert len(names) == 6
    assert [ending for _, ending in names] == ["de.md", "fa.md", "md"] * 2
    assert len({name for name, _ in names}) == 2


def test_generated_posts_are_originals_with_the_generated_sources(tmp_path):
    write(tmp_path, {"sitegen.toml": CONFIG})
    command = [
        REPOSITORY / "bench/gen.py",
        "6",
        tmp_path / "content/posts",
        "--sources",
        tmp_path / "content/sources.toml",
    ]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    build(tmp_path)
    assert (tmp_path / "output/sitemap.xml").read_text().count("/posts/") == 6
