"""Collects the pages of the new site, with which old URLs may conflict and to which links may point."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import fields

from sitegen.config.schema import Config
from sitegen.content.permalinks import fill
from sitegen.formats.dates import date_in_name
from sitegen.formats.site_urls import comparable, page_file
from sitegen.formats.slugs import slugify
from sitegen.importers.output.destination import HEAD_BYTES, SLUG_LINE


class SitePages:
    """Maps the output files of the site, in the form of `comparable`, to the names of their pages.

    Pages of tags, authors, sources and years are included only for the posts of the import; the build skips redirects
    that conflict with other pages.
    """

    def __init__(self, root: Path, config: Config) -> None:
        self._root, self._config = root, config
        self._files: dict[str, str] = {}
        for item in fields(config.urls):
            pattern = getattr(config.urls, item.name)
            if pattern and "{" not in pattern:
                self.add(pattern, f"the page {pattern}")
        for path in ("/", "/404.html"):
            self.add(path, f"the page {path}")
        for name, slug in _page_slugs(root / config.content / "pages"):
            self.add(fill(config.urls.page, slug=slug), f"{config.content}/pages/{name}")

    def add(self, path: str, name: str) -> None:
        """Add a page at a decoded path below the base URL, unless another page has this path."""
        self._files.setdefault(comparable(page_file(path)), name)

    def add_post(self, values: Mapping[str, Any], file: str) -> None:
        """Add the page of a post, by its front matter, and the pages that list it."""
        self.add(self.permalink(values), file)
        urls = self._config.urls
        year = str(values.get("date", ""))[:4]
        source = values.get("source", "")
        lists = (
            (urls.tag, map(slugify, values.get("tags", ()))),
            (urls.author, map(slugify, values.get("authors", ()) or filter(None, [values.get("author", "")]))),
            (urls.source, filter(None, [slugify(source.get("name", "") if isinstance(source, Mapping) else source)])),
        )
        for pattern, slugs in lists:
            for slug in slugs if pattern else ():
                self.add(fill(pattern, slug=slug), f"the page {fill(pattern, slug=slug)}")
        for pattern in filter(None, (urls.year, urls.most_read_year) if year else ()):
            self.add(fill(pattern, year=year), f"the page {fill(pattern, year=year)}")

    def add_page(self, values: Mapping[str, Any], file: str) -> None:
        """Add a page that is not a post, by its front matter."""
        self.add(self.page_permalink(values), file)

    def page_permalink(self, values: Mapping[str, Any]) -> str:
        """Return the path of a page that is not a post below the base URL, by its front matter."""
        return fill(self._config.urls.page, slug=str(values["slug"]))

    def permalink(self, values: Mapping[str, Any]) -> str:
        """Return the path of a post below the base URL, by its front matter."""
        day = date.fromisoformat(str(values["date"])[:10]) if "date" in values else date(1970, 1, 1)
        parts = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
        return fill(self._config.urls.post, slug=str(values["slug"]), **parts)

    def find(self, path: str) -> str:
        """Return the name of the page at a decoded path, or ""."""
        return self._files.get(comparable(page_file(path)), "")

    def has_file(self, path: str) -> bool:
        """Return whether the site publishes a file at a decoded path below the base URL."""
        relative = path.strip("/")
        return (
            bool(relative)
            and ".." not in relative.split("/")
            and (self._root / self._config.content / relative).exists()
        )

    def has(self, path: str) -> bool:
        """Return whether the site has a page or a file at a decoded path."""
        return bool(self.find(path)) or self.has_file(path)


def _page_slugs(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the file of each page in a folder of pages, and the page's slug with its folders."""
    found: Iterable[Path] = sorted(folder.rglob("*.md")) if folder.is_dir() else ()
    for path in found:
        relative = path.relative_to(folder)
        folders = list(relative.parts[:-1])
        with path.open("rb") as file:
            match = SLUG_LINE.search(file.read(HEAD_BYTES))
        stem = path.stem
        if stem == "index" and folders:
            stem = folders.pop()
        slug = match[1].decode("utf-8", "replace").strip() if match else slugify(date_in_name(stem)[1] or stem)
        yield relative.as_posix(), "/".join([*filter(None, map(slugify, folders)), slug])
