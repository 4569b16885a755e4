"""The scripts of the benchmark and of the manual's images can be imported, because no other test runs them."""

import importlib.util
import sys

import pytest

from tests.support.manual import REPOSITORY

SCRIPTS = sorted([*(REPOSITORY / "bench").glob("*.py"), *(REPOSITORY / "docs").glob("*.py")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_script_imports_exists(script, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(script.parent), *sys.path])
    specification = importlib.util.spec_from_file_location(f"script_{script.stem}", script)
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    specification.loader.exec_module(module)
    assert callable(module.main)
