"""Take screenshots of the theme's pages in every preset, width and colour scheme, and put them on contact sheets.

    python -m tests.tools.contact_sheet FOLDER [--compare EARLIER] [--check] [--sites English] [--pages home ...]

FOLDER, which is outside of the repository, gets a PNG for each page in `screenshots/` and a sheet for each type of page
of each site in `sheets/`: a row for each preset and colour scheme, a column for each width. With --compare, each
screenshot is compared with that of an earlier run; `differences/` gets earlier screenshot, new one and the pixels that
differ, side by side, and the exit code is 1 if there are any. With --check, every page is also checked with axe and for
overflow, messages and requests, the HTML with the Nu Html Checker, and the size of the style sheets.

It is a tool of the tests, not of the manual, because it needs their sites, browser and checkers.
"""

import argparse
import base64
import gzip
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from tests.support.page_checks import find_html_errors, find_violations, load_axe
from tests.support.programs import open_browser
from tests.support.search_client import serve
from tests.support.sites import build
from tests.support.theme_sites import PRESETS, SITES, STYLES, make_theme_site

ROOT = Path(__file__).parents[2]
WIDTHS = (320, 390, 768, 1280, 1920)
SCHEMES = ("light", "dark")
MAX_HEIGHT = 2400
"""The height in pixels at which a screenshot of a long page ends."""

SCALE = 0.5
SHEET_SCALE = 0.28
"""The size of screenshots, and of screenshots on a sheet, relative to the page."""

MAX_CSS_BYTES = 16_000
"""The limit of the compressed style sheets of a page."""

WAIT_FOR_FONTS_AND_IMAGES = """() => document.fonts.ready.then(() => Promise.all(
  [...document.images].map((image) => { image.loading = "eager"; return image.decode().catch(() => null); })))"""


@dataclass(frozen=True, slots=True)
class Options:
    """What to take screenshots of, and what to do with them; `earlier` is the folder of an earlier run, if any."""

    folder: Path
    earlier: Path | None
    check: bool
    sites: Sequence[str]
    styles: Sequence[str]
    widths: Sequence[int]
    schemes: Sequence[str]
    pages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot: the site, type of page, style, width and colour scheme of its page, and its file below a folder."""

    site: str
    page: str
    style: str
    width: int
    scheme: str

    @property
    def file(self) -> str:
        """The path of the PNG below the folder of a run."""
        name = f"{self.style.replace('/', '-')}-{self.width}-{self.scheme}.png"
        return f"screenshots/{self.site.replace(' ', '-')}/{self.page}/{name}"


def find_pages(output: Path) -> dict[str, str]:
    """Return the URL path of the largest page of each type, by its type, in the order in which they are found."""
    largest: dict[str, tuple[int, str]] = {}
    for file in sorted(output.rglob("*.html")):
        text = file.read_text("utf-8")
        found = re.search(r'<body class="page-([\w-]+)', text)
        path = file.relative_to(output).as_posix().removesuffix("index.html")
        if found is not None and len(text) > largest.get(found[1], (0, ""))[0]:
            largest[found[1]] = len(text), path
    return {page_type: path for page_type, (_, path) in largest.items()}


def take_screenshots(options: Options) -> Iterator[tuple[Shot, list[str]]]:
    """Build the sites, and yield each screenshot that was written with what is wrong with its page."""
    with TemporaryDirectory() as work, open_browser() as browser:
        outputs = []
        for site in options.sites:
            for style in options.styles:
                root = make_theme_site(Path(work, site, style), site, style)
                build(root)
                outputs.append(root / "output")
                yield from _photograph_site(browser, options, site, style, root / "output")
        if options.check:
            for url, line, message in find_html_errors(*outputs):
                yield Shot("", "", "", 0, ""), [f"{url}:{line}: {message}"]


def _photograph_site(
    browser: Any, options: Options, site: str, style: str, output: Path
) -> Iterator[tuple[Shot, list[str]]]:
    size = sum(len(gzip.compress(file.read_bytes())) for file in output.rglob("*.css"))
    with serve(output) as address:
        page = browser.new_page(reduced_motion="reduce")
        session = page.context.new_cdp_session(page)
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("request", lambda request: request.url.startswith(address) or messages.append(f"asks {request.url}"))
        for page_type, path in find_pages(output).items():
            if (options.pages and page_type not in options.pages) or page_type == "redirect":
                continue
            page.goto(address + path)
            page.evaluate(WAIT_FOR_FONTS_AND_IMAGES)
            if options.check:
                load_axe(page)
            for width in options.widths:
                page.set_viewport_size({"width": width, "height": 900})
                for scheme in options.schemes:
                    page.emulate_media(color_scheme=scheme)
                    shot = Shot(site, page_type, style, width, scheme)
                    wrong = [*messages, *(_check_page(page, size) if options.check else ())]
                    messages.clear()
                    _write_screenshot(page, session, options.folder / shot.file, width)
                    yield shot, wrong
        page.close()


def _write_screenshot(page: Any, session: Any, file: Path, width: int) -> None:
    height = min(page.evaluate("document.documentElement.scrollHeight"), MAX_HEIGHT)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": SCALE}
    wanted = {"format": "png", "clip": clip, "captureBeyondViewport": True, "optimizeForSpeed": True}
    data = session.send("Page.captureScreenshot", wanted)["data"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(base64.b64decode(data))


def _check_page(page: Any, css_bytes: int) -> Iterator[str]:
    """Yield what is wrong with a page at its present width and in its present colour scheme."""
    for rule, targets in find_violations(page).items():
        yield f"axe: {rule}: {targets}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "overflows sideways"
    if css_bytes > MAX_CSS_BYTES:
        yield f"{css_bytes:,} bytes of compressed style sheets"


def write_sheets(folder: Path, shots: Iterable[Shot]) -> list[Path]:
    """Write a contact sheet for each type of page of each site, and return the files."""
    groups: dict[tuple[str, str], list[Shot]] = {}
    for shot in shots:
        groups.setdefault((shot.site, shot.page), []).append(shot)
    files = []
    for (site, page), members in groups.items():
        rows = list(dict.fromkeys((shot.style, shot.scheme) for shot in members))
        widths = sorted({shot.width for shot in members})
        file = folder / "sheets" / f"{site.replace(' ', '-')}-{page}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        _compose_sheet(folder, members, rows, widths).save(file)
        files.append(file)
    return files


def _compose_sheet(
    folder: Path, shots: Sequence[Shot], rows: Sequence[tuple[str, str]], widths: Sequence[int]
) -> Image.Image:
    gap, label, ratio = 10, 16, SHEET_SCALE / SCALE
    cells: dict[tuple[tuple[str, str], int], Image.Image] = {}
    for shot in shots:
        image = _read(folder / shot.file)
        size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
        cells[(shot.style, shot.scheme), shot.width] = image.resize(size, reducing_gap=2.0)
    tops, y = [], gap
    for row in rows:
        tops.append(y)
        y += label + gap + max(cells[row, width].height for width in widths if (row, width) in cells)
    sheet = Image.new("RGB", (gap + sum(round(width * SHEET_SCALE) + gap for width in widths), y), "#777")
    pen = ImageDraw.Draw(sheet)
    for row, top in zip(rows, tops, strict=True):
        x = gap
        for width in widths:
            pen.text((x, top), f"{row[0]} {width} {row[1]}", "#fff")
            if (row, width) in cells:
                sheet.paste(cells[row, width], (x, top + label))
            x += round(width * SHEET_SCALE) + gap
    return sheet


def _read(file: Path) -> Image.Image:
    with Image.open(file) as image:
        return image.convert("RGB")


def compare(folder: Path, earlier: Path, shots: Iterable[Shot]) -> list[str]:
    """Return the screenshots that differ from those of an earlier run, and write what differs to `differences/`.

    A screenshot that the earlier run does not have differs too.
    """
    different = []
    for shot in shots:
        if not (earlier / shot.file).is_file():
            different.append(f"{shot.file}: new")
            continue
        old, new = (_read(base / shot.file) for base in (earlier, folder))
        size = max(old.width, new.width), max(old.height, new.height)
        both = [Image.new("RGB", size, "#f0f") for _ in range(2)]
        for canvas, image in zip(both, (old, new), strict=True):
            canvas.paste(image)
        red, green, blue = ImageChops.difference(*both).split()
        # Not convert("L"), in which a small difference of one colour is 0.
        difference = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda value: 255 if value else 0)
        count = difference.histogram()[255]
        if not count:
            continue
        joined = Image.new("RGB", (size[0] * 3, size[1]))
        for n, image in enumerate((*both, difference)):
            joined.paste(image, (n * size[0], 0))
        file = folder / "differences" / shot.file.removeprefix("screenshots/")
        file.parent.mkdir(parents=True, exist_ok=True)
        joined.save(file)
        different.append(f"{shot.file}: {count:,} pixels")
    return different


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; outside of the repository")
    parser.add_argument("--compare", type=Path, metavar="EARLIER", help="folder of an earlier run to compare with")
    parser.add_argument("--check", action="store_true", help="also check pages, HTML and the size of style sheets")
    parser.add_argument("--sites", nargs="+", choices=SITES, default=SITES, metavar="SITE")
    parser.add_argument("--styles", nargs="+", choices=STYLES, default=PRESETS, metavar="STYLE")
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS, metavar="PIXELS")
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES, metavar="SCHEME")
    parser.add_argument("--pages", nargs="+", default=(), metavar="TYPE", help="types of pages; without it, all")
    found = parser.parse_args(arguments)
    folder = found.folder.resolve()
    if folder.is_relative_to(ROOT):
        parser.error("the folder is in the repository, which has no screenshots")
    return Options(
        folder, found.compare, found.check, found.sites, found.styles, found.widths, found.schemes, found.pages
    )


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    shots, problems = [], 0
    for shot, wrong in take_screenshots(options):
        if shot.site:
            shots.append(shot)
        problems += len(wrong)
        for message in wrong:
            sys.stdout.write(f"{shot.file}: {message}\n" if shot.site else f"{message}\n")
    sheets = write_sheets(options.folder, shots)
    sys.stdout.write(f"{len(shots):,} screenshots, {len(sheets)} sheets, {problems} problems in {options.folder}\n")
    different = compare(options.folder, options.earlier, shots) if options.earlier is not None else []
    sys.stdout.write("".join(f"{line}\n" for line in different))
    return 1 if problems or different else 0


if __name__ == "__main__":
    sys.exit(main())
