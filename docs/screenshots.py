"""Makes the pictures of the README: `python docs/screenshots.py` builds the demo archive and photographs it.

Needs Chromium, and Pillow, which stores the pictures with few colours.
"""

import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.demo import build_demo  # noqa: E402 - the tests and this script build the demo the same way
from tests.support.programs import CHROMIUM_ARGUMENTS  # noqa: E402
from tests.support.search_client import serve  # noqa: E402

SHOTS = (
    ("home", "", (1024, 960), "both"),
    ("post", "posts/letters-under-the-street/", (1280, 960), "light"),
    ("archive", "archive/", (1280, 960), "light"),
    ("figures", "figures/", (1280, 960), "dark"),
    ("search", "search/?q=pigeon", (1280, 960), "light"),
    ("phone-post", "posts/arms-on-the-hill/", (390, 844), "light"),
    ("phone-persian", "posts/kaghaz-e-akhbar/", (390, 844), "dark"),
)
"""Name, page, size of the window and palette of each picture; "both" sets light and dark side by side."""


def photograph(browser: Browser, url: str, size: tuple[int, int], scheme: str) -> Image.Image:
    """Return the window of a page in one palette; a search is waited for."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(url)
    if "?q=" in url:
        page.locator("[data-search=context] mark").first.wait_for()
    data = page.screenshot()
    context.close()
    return Image.open(BytesIO(data)).convert("RGB")


def main() -> None:
    """Photograph every page of SHOTS."""
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        output = Path(folder, "output")
        output.mkdir()
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        with serve(output) as address:
            build_demo(Path(folder, "work"), output, address)
            for name, path, (width, height), scheme in SHOTS:
                schemes = ("light", "dark") if scheme == "both" else (scheme,)
                picture = Image.new("RGB", (width * len(schemes), height))
                for place, one in enumerate(schemes):
                    picture.paste(photograph(browser, address + path, (width, height), one), (place * width, 0))
                few = picture.convert("P", palette=Image.Palette.ADAPTIVE)
                few.save(pictures / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
