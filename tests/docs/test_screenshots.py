"""The screenshots of the manual: each can be taken again, and none is too large for a repository."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
SCREENSHOTS = sorted((DOCS / "pictures").glob("*.png"))
MAX_BYTES = 160_000


def test_each_screenshot_is_one_that_the_script_takes():
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    spec = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.find_names() == {path.stem for path in SCREENSHOTS}


@pytest.mark.parametrize("path", SCREENSHOTS, ids=lambda path: path.stem)
def test_a_screenshot_is_small_and_has_few_colours(path):
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    assert path.stat().st_size <= MAX_BYTES
    with image.open(path) as opened:
        assert opened.mode == "P"
