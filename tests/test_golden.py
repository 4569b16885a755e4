"""Golden sites: each folder of `sites/` is built, and every byte of its output compared with `expected/`.

`SITEGEN_RECORD=1 pytest tests/test_golden.py` writes what is built as what is expected; read the difference
before you commit it.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.sites import build, tree

SITES = sorted(path for path in (Path(__file__).parent / "sites").iterdir() if path.is_dir())


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_golden_site_comes_out_byte_for_byte(site, tmp_path):
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("expected", ".sitegen"))
    build(tmp_path / "site")
    # The theme's files are tested by the theme's tests; the names of its assets would change with each edit.
    found = {
        path: data for path, data in tree(tmp_path / "site/output").items() if not path.startswith("assets/search.")
    }
    found = {path: data for path, data in found.items() if not path.startswith("assets/") or "style." in path}
    if os.environ.get("SITEGEN_RECORD"):
        shutil.rmtree(site / "expected", ignore_errors=True)
        for path, data in found.items():
            target = site / "expected" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    expected = tree(site / "expected")
    assert found.keys() == expected.keys()
    for path, data in found.items():
        assert data == expected[path], path
