"""Makes the manual's website: `python docs/website/make.py FOLDER` writes a sitegen site with the pages of the manual.

The pages are those that GitHub shows, in the order of `docs/README.md`, and one for each message and check, whose ids
lead to it. Then `sitegen -C FOLDER build` builds the site,
and `sitegen -C FOLDER publish` publishes it.
"""

import json
import posixpath
import re
import shutil
import sys
from collections.abc import Container
from pathlib import Path

from markdown import markdown

DOCS = Path(__file__).resolve().parents[1]
REPOSITORY = DOCS.parent
sys.path.insert(0, str(REPOSITORY))

from sitegen.scaffold.manual import CONTENTS, ManualEntry, ManualPage, read_contents, read_entries  # noqa: E402 - found beside this script

LAST_SECTION = "contributing"
MORE_PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")
"""Documents of the repository to which the manual links; they are in its last section."""

DATA = {"messages": "messages", "checking": "checks"}
"""The data file with a row for each entry of a page of the manual, by the page's topic."""

_LINK = re.compile(r"\]\((?!https?:)(?P<path>[\w./-]*?)(?:\.md)?(?P<fragment>#[\w-]*)?\)")
_ROW_ID = re.compile(r"^\| `(?P<id>[\w-]+)`(?=[ ,])", re.MULTILINE)
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
    shutil.copytree(DOCS / "website" / "templates", folder / "templates", dirs_exist_ok=True)
    contents = (DOCS / CONTENTS).read_text("utf-8")
    _write(pages / "index.md", contents)
    for order, section in enumerate(_SECTION.finditer(contents), 1):
        name = section["title"].lower().replace(" ", "-")
        text = section["text"].replace(f"]({name}/", "](")
        _write(pages / name / "index.md", f"---\nparent: /\norder: {order}\n---\n# {section['title']}\n{text}")
    for order, page in enumerate(read_contents(DOCS), 1):
        text = page.read().replace("](../README.md", "](../index.md").replace("](../../", f"](../{LAST_SECTION}/")
        if page.topic in DATA:
            rows = {row["slug"]: row for entry in read_entries([page]) if (row := _make_row(entry, page))}
            _write(folder / "content" / "data" / f"{DATA[page.topic]}.json", json.dumps(list(rows.values())))
            text = _link_rows(text, page, rows)
        _write(pages / page.path.relative_to(DOCS), f"---\norder: {order}\n---\n{text}")
        for picture in set(_PICTURE.findall(text)):
            (pages / "pictures").mkdir(exist_ok=True)
            shutil.copy(DOCS / "pictures" / picture, pages / "pictures")
    for order, name in enumerate(MORE_PAGES, len(read_contents(DOCS)) + 1):
        text = (REPOSITORY / name).read_text("utf-8").replace("](docs/", "](../")
        _write(pages / LAST_SECTION / name, f"---\norder: {order}\n---\n{text}")


def _make_row(entry: ManualEntry, page: ManualPage) -> dict[str, object]:
    """Return the row of a data file for an entry: its ids as title, and the other cells as HTML."""
    section = page.path.relative_to(DOCS).parent.as_posix()
    cells = [
        {"name": name, "html": _render_cell(f"`{cell}`" if name == "message" and "`" not in cell else cell, section)}
        for name, cell in entry.cells[1:]
    ]
    return {
        "title": f"{page.title}: {', '.join(entry.ids)}",
        "ids": entry.ids,
        "slug": entry.ids[0],
        "description": " ".join(re.sub(r"<[^>]*>", "", cell["html"]) for cell in cells),
        "cells": cells,
        "list_title": page.title,
        "list_url": f"/{section}/{page.topic}/",
    }


def _render_cell(text: str, section: str) -> str:
    """Return the HTML of a table's cell, with the links of a page in a section as paths of the site."""

    def replace(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("/", section, link["path"]))
        return f"]({path}/{link['fragment'] or ''})"

    return markdown(_LINK.sub(replace, text)).removeprefix("<p>").removesuffix("</p>")


def _link_rows(text: str, page: ManualPage, rows: Container[str]) -> str:
    """Return the text of a page with the ids in its tables linked to their own pages."""

    def replace(match: re.Match[str]) -> str:
        name = match["id"]
        return f"| [`{name}`](/{DATA[page.topic]}/{name}/)" if name in rows else match[0]

    return _ROW_ID.sub(replace, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("Usage: python docs/website/make.py FOLDER [BASE_URL]")
    make_site(Path(sys.argv[1]), *sys.argv[2:])
