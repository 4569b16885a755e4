"""Take the screenshots of the README and the manual: `python docs/screenshots.py [NAME ...]`, by default all.

They show the demo archive, and each preset of the theme with invented posts (`preset-newspaper` and so on). Needs
Chromium, and Pillow, which stores the pictures with few colours.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sitegen.cli.font_folders import find_font_folders  # noqa: E402
from tests.support.demo import build_demo  # noqa: E402 - the tests and this script build the demo the same way
from tests.support.programs import CHROMIUM_ARGUMENTS  # noqa: E402
from tests.support.search_client import serve  # noqa: E402
from tests.support.sites import build, write  # noqa: E402
from tests.support.theme_sites import PRESETS, make_theme_site  # noqa: E402
from tests.tools.contact_sheet import find_pages  # noqa: E402

CARDS = "share-cards"
"""The name of the picture of share cards."""

ENGLISH_COMMENTS = """\
- id: substack-1
  author: Miriam Okafor
  date: 2024-05-24T18:12:00Z
  on: Substack
  url: https://letters.example.com/p/frost/comment/1
  likes: 12
  text: |
    My grandmother kept the ferns that the frost drew on her kitchen window in a sketchbook, one page for each winter.
- id: substack-2
  author: Jonas Weber
  date: 2024-05-24T19:40:00Z
  reply_to: substack-1
  on: Substack
  url: https://letters.example.com/p/frost/comment/2
  text: |
    Does the book still exist? The *museum of the valley* collects such things.
- id: substack-3
  author: Miriam Okafor
  date: 2024-05-25T07:03:00Z
  reply_to: substack-2
  on: Substack
  url: https://letters.example.com/p/frost/comment/3
  likes: 5
  text: |
    It does. I will write to them.
- id: mail-1
  author: T. Lindqvist
  date: 2024-06-02T10:30:00Z
  text: |
    We never had ferns, only long feathers. The glass was older there.
"""
PERSIAN_COMMENTS = """\
- id: ghost-1
  author: مهشید
  date: 2024-05-24T18:12:00Z
  on: Ghost
  likes: 9
  text: مادربزرگم نقش یخ را از روی شیشهٔ آشپزخانه در دفتری می‌کشید، برای هر زمستان یک صفحه.
- id: ghost-2
  author: Jonas Weber
  date: 2024-05-24T19:40:00Z
  reply_to: ghost-1
  on: Ghost
  text: Does the book still exist? I would love to see it.
- id: ghost-3
  author: مهشید
  date: 2024-05-25T07:03:00Z
  reply_to: ghost-2
  on: Ghost
  likes: 3
  text: بله، هنوز هست. چند صفحه از آن را برایتان می‌فرستم.
- id: mail-1
  author: رضا
  date: 2024-06-02T10:30:00Z
  text: ما هیچ‌وقت سرخس نداشتیم، فقط پرهای بلند. شیشه‌های آنجا کهنه‌تر بود.
"""

COMMENTED_SITES = {
    "en": ("Letters", "Frost", "Substack", ENGLISH_COMMENTS),
    "fa": ("نامه‌ها", "یخ‌نقش", "Ghost", PERSIAN_COMMENTS),
}
"""Title of the site, title of the post, platform and comments of each language."""

COMMENT_SHOTS = {
    "comments": (("en", 700, "light"), ("en", 700, "dark")),
    "comments-phone": (("en", 390, "light"), ("en", 390, "dark")),
    "comments-persian": (("fa", 390, "light"), ("fa", 390, "dark")),
}
"""Language, width and palette of the parts of each picture of comments, from left to right."""

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


PRESET_SHOTS = (("home", (1200, 1100), "light"), ("post", (390, 1100), "dark"))
"""Type of page, size of the window and palette of the parts of a preset's picture, from left to right."""

CARD_CONFIG = 'title = "The Dispatch Box"\nbase_url = "https://archive.example.com/"\n'
CARD_TITLES = (
    ("en", "How the news travelled before the telegraph, by couriers and a tired horse"),
    ("ar", "كيف سافرت الأخبار قبل التلغراف"),
    ("ja", "電報以前のニュースはどう旅したか"),
    ("hi", "टेलीग्राफ से पहले समाचार कैसे यात्रा करते थे"),
)
"""Language and title of the share card of each preset."""

PRESET_SCALE, PRESET_GAP = 0.55, 24


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


def photograph_preset(browser: Browser, folder: Path, preset: str) -> Image.Image:
    """Return a picture of a preset: two pages of a site of invented posts side by side, made smaller."""
    build(make_theme_site(folder / preset, "English", preset))
    output = folder / preset / "output"
    pages = find_pages(output)
    with serve(output) as address:
        parts = [photograph(browser, address + pages[name], size, scheme) for name, size, scheme in PRESET_SHOTS]
    gaps = PRESET_GAP * (len(parts) - 1)
    picture = Image.new("RGB", (sum(part.width for part in parts) + gaps, parts[0].height), "#888")
    x = 0
    for part in parts:
        picture.paste(part, (x, 0))
        x += part.width + PRESET_GAP
    size = (round(picture.width * PRESET_SCALE), round(picture.height * PRESET_SCALE))
    return picture.resize(size, Image.Resampling.LANCZOS)


def combine_cards(folder: Path) -> Image.Image:
    """Return a picture of share cards, one of each preset, made smaller."""
    cards = []
    for preset, (language, title) in zip(PRESETS, CARD_TITLES, strict=True):
        site = folder / f"cards-{preset}"
        theme = f'[theme]\npreset = "{preset}"\n[cards]\nenabled = true\n'
        text = f"---\ntitle: {title}\ndate: 2024-05-24\nlanguage: {language}\n---\n\nWords.\n"
        write(site, {"sitegen.toml": f"{CARD_CONFIG}{theme}", "content/posts/a.md": text})
        build(site, font_folders=find_font_folders())
        cards.append(Image.open(site / "output/cards/posts/a.png").convert("RGB"))
    width, height = 600, 315
    picture = Image.new("RGB", (2 * width + PRESET_GAP, 2 * height + PRESET_GAP), "#888")
    for number, card in enumerate(cards):
        at = number % 2 * (width + PRESET_GAP), number // 2 * (height + PRESET_GAP)
        picture.paste(card.resize((width, height), Image.Resampling.LANCZOS), at)
    return picture


def photograph_comments(browser: Browser, folder: Path, name: str) -> Image.Image:
    """Return a picture of comments, with its parts side by side."""
    shots = COMMENT_SHOTS[name]
    parts = [photograph_thread(browser, folder / f"{name}-{n}", *shot) for n, shot in enumerate(shots)]
    picture = Image.new("RGB", (sum(part.width for part in parts), max(part.height for part in parts)))
    for number, part in enumerate(parts):
        picture.paste(part, (number * part.width, 0))
    return picture


def photograph_thread(browser: Browser, site: Path, language: str, width: int, scheme: str) -> Image.Image:
    """Return the comments on an invented post, with the button for new ones."""
    title, of_post, platform, comments = COMMENTED_SITES[language]
    (site / "output").mkdir(parents=True)
    with serve(site / "output") as address:
        giscus = 'system = "giscus"\nrepo = "ada/letters"\nrepo_id = "R_1"\ncategory = "Posts"\ncategory_id = "D_1"\n'
        base = f'title = "{title}"\nlanguage = "{language}"\nbase_url = "{address}"\n'
        front = f"title: {of_post}\ndate: 2024-05-24\ncomments: {{count: 7, on: {platform}, at: 2024-06-01}}"
        files: dict[str, str | bytes] = {
            "sitegen.toml": f"{base}[theme.comments]\n{giscus}",
            "content/posts/frost.md": f"---\n{front}\nslug: frost\n---\n\nWords.\n",
            "content/posts/frost.comments.yaml": comments,
        }
        build(write(site, files))
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{address}posts/frost/")
        top = page.locator(".comments").bounding_box()["y"]
        bottom = page.locator(".comment-form").bounding_box()
        clip = {"x": 0, "y": top - 24, "width": width, "height": bottom["y"] + bottom["height"] + 48 - top}
        data = page.screenshot(full_page=True, clip=clip)
        context.close()
    return Image.open(BytesIO(data)).convert("RGB")


def photograph_demo(browser: Browser, folder: Path, names: Collection[str]) -> Iterator[tuple[str, Image.Image]]:
    """Yield the pictures of the demo archive that are wanted, by name."""
    output = folder / "output"
    output.mkdir()
    with serve(output) as address:
        build_demo(folder / "work", output, address)
        for name, path, (width, height), scheme in SHOTS:
            if name not in names:
                continue
            schemes = ("light", "dark") if scheme == "both" else (scheme,)
            picture = Image.new("RGB", (width * len(schemes), height))
            for place, one in enumerate(schemes):
                picture.paste(photograph(browser, address + path, (width, height), one), (place * width, 0))
            yield name, picture


def save(picture: Image.Image, name: str) -> None:
    """Store a picture of the manual with few colours."""
    few = picture.convert("P", palette=Image.Palette.ADAPTIVE)
    few.save(ROOT / "docs" / "pictures" / f"{name}.png", optimize=True)


def find_names() -> set[str]:
    """Return the names of all pictures."""
    return {CARDS, *COMMENT_SHOTS, *(f"preset-{preset}" for preset in PRESETS), *(shot[0] for shot in SHOTS)}


def main() -> None:
    """Take the screenshots that the command line names, or all."""
    presets = {f"preset-{preset}": preset for preset in PRESETS}
    names = set(sys.argv[1:]) or find_names()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        for name, preset in presets.items():
            if name in names:
                save(photograph_preset(browser, Path(folder), preset), name)
        if CARDS in names:
            save(combine_cards(Path(folder)), CARDS)
        for name in COMMENT_SHOTS:
            if name in names:
                save(photograph_comments(browser, Path(folder), name), name)
        if names - presets.keys() - COMMENT_SHOTS.keys() - {CARDS}:
            for name, picture in photograph_demo(browser, Path(folder), names):
                save(picture, name)
        browser.close()


if __name__ == "__main__":
    main()
