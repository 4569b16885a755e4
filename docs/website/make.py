"""Makes the manual's website: `python docs/website/make.py FOLDER` writes a sitegen site with the pages of the manual.

The pages are those that GitHub shows, in the order of `docs/README.md`. Then `sitegen -C FOLDER build` builds the site,
and `sitegen -C FOLDER publish` publishes it.
"""

import re
import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
REPOSITORY = DOCS.parent
sys.path.insert(0, str(REPOSITORY))

from sitegen.scaffold.manual import CONTENTS, read_contents  # noqa: E402 - found beside this script

LAST_SECTION = "contributing"
MORE_PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")
"""Documents of the repository to which the manual links; they are in its last section."""

_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!## ).*\n?)*)", re.MULTILINE)
_PICTURE = re.compile(r"\]\(\.\./pictures/([\w.-]+)\)")


def make_site(folder: Path, base_url: str = "") -> None:
    """Write the site into a folder; with another `base_url` than that of the settings, if one is given."""
    pages = folder / "content" / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    settings = (DOCS / "website" / "sitegen.toml").read_text("utf-8")
    if base_url:
        settings = re.sub(r'^base_url = ".*"$', f'base_url = "{base_url}"', settings, flags=re.MULTILINE)
    _write(folder / "sitegen.toml", settings)
    contents = (DOCS / CONTENTS).read_text("utf-8")
    _write(pages / "index.md", contents)
    for order, section in enumerate(_SECTION.finditer(contents), 1):
        name = section["title"].lower().replace(" ", "-")
        text = section["text"].replace(f"]({name}/", "](")
        _write(pages / name / "index.md", f"---\nparent: /\norder: {order}\n---\n# {section['title']}\n{text}")
    for order, page in enumerate(read_contents(DOCS), 1):
        text = page.read().replace("](../README.md", "](../index.md").replace("](../../", f"](../{LAST_SECTION}/")
        _write(pages / page.path.relative_to(DOCS), f"---\norder: {order}\n---\n{text}")
        for picture in set(_PICTURE.findall(text)):
            (pages / "pictures").mkdir(exist_ok=True)
            shutil.copy(DOCS / "pictures" / picture, pages / "pictures")
    for order, name in enumerate(MORE_PAGES, len(read_contents(DOCS)) + 1):
        text = (REPOSITORY / name).read_text("utf-8").replace("](docs/", "](../")
        _write(pages / LAST_SECTION / name, f"---\norder: {order}\n---\n{text}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("Usage: python docs/website/make.py FOLDER [BASE_URL]")
    make_site(Path(sys.argv[1]), *sys.argv[2:])
