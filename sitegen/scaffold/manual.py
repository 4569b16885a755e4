"""The pages of the manual: where they are, and their order."""

import re
from dataclasses import dataclass
from pathlib import Path

CONTENTS = "README.md"
"""The manual's table of contents: a heading for each section, below it a list of links to its pages."""

_SECTION = re.compile(r"^## (?P<title>.+)$")
_LINK = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[\w/.-]+\.md)\)")


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual. `topic` is its name for `sitegen help`, the file name without its suffix."""

    topic: str
    title: str
    section: str
    path: Path

    def read(self) -> str:
        """Return the page's Markdown."""
        return self.path.read_text("utf-8")


def find_manual() -> Path:
    """Return the folder of the manual: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "manual"
    return installed if installed.is_dir() else package.parent / "docs"


def list_files(folder: Path) -> list[Path]:
    """Return the pages of the manual with its table of contents, as paths in its folder."""
    return sorted(file.relative_to(folder) for file in folder.rglob("*.md"))


def read_contents(folder: Path) -> tuple[ManualPage, ...]:
    """Return the pages in the order of the table of contents."""
    pages: list[ManualPage] = []
    section = ""
    for line in (folder / CONTENTS).read_text("utf-8").splitlines():
        if heading := _SECTION.match(line):
            section = heading["title"]
        elif link := _LINK.match(line):
            path = folder / link["path"]
            pages.append(ManualPage(path.stem, link["title"], section, path))
    return tuple(pages)
