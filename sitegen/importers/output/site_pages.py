"""Collects the pages of the new site, with which old URLs may conflict and to which links may point."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import fields

from sitegen.config.editions import find_editions
from sitegen.config.post_types import find_types, type_of_file
from sitegen.config.schema import Config
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.content.permalinks import fill
from sitegen.formats.dates import date_in_name
from sitegen.formats.site_urls import comparable_page
from sitegen.formats.slugs import slugify
from sitegen.importers.output.destination import HEAD_BYTES, SLUG_LINE


class SitePages:
    """Maps the output files of the site, in the form of `comparable`, to the names of their pages.

    Pages of tags, authors, sources and years are included only for the posts of the import; the build skips redirects
    that conflict with other pages. The files `removed`, by their paths below the root, are not part of the site.
    """

    def __init__(self, root: Path, config: Config, removed: Collection[str] = ()) -> None:
        self._root, self._config, self._removed = root, config, removed
        self._editions = find_editions(config)
        self._files: dict[str, str] = {}
        for edition in self._editions:
            for pattern in _list_patterns(edition.config):
                if pattern and "{" not in pattern:
                    self.add(pattern, f"the page {pattern}")
            for path in (edition.home, f"{edition.prefix}/404.html"):
                self.add(path, f"the page {path}")
        for name, slug in _page_slugs(root / config.content / "pages"):
            if (file := f"{config.content}/pages/{name}") not in removed:
                self.add(fill(config.urls.page, slug=slug), file)

    def add(self, path: str, name: str) -> None:
        """Add a page at a decoded path below the base URL, unless another page has this path."""
        self._files.setdefault(comparable_page(path), name)

    def add_post(self, values: Mapping[str, Any], file: str) -> None:
        """Add the page of a post, by its front matter and its file, and the pages that list it."""
        self.add(self.permalink(values, file), file)
        config = self._config_of(values)
        urls = config.urls
        year = str(values.get("date", ""))[:4]
        source = values.get("source", "")
        params = values.get("params", {})
        lists: list[tuple[str, Iterable[str]]] = [
            (urls.tag, values.get("tags", ())),
            (urls.author, values.get("authors", ()) or filter(None, [values.get("author", "")])),
            (urls.source, filter(None, [source.get("name", "") if isinstance(source, Mapping) else source])),
        ]
        lists += [(item.url, _names(params.get(item.key))) for item in find_own_taxonomies(config.taxonomies)]
        for pattern, names in lists:
            for slug in map(slugify, names) if pattern else ():
                self.add(fill(pattern, slug=slug), f"the page {fill(pattern, slug=slug)}")
        for pattern in filter(None, (urls.year, urls.most_read_year) if year else ()):
            self.add(fill(pattern, year=year), f"the page {fill(pattern, year=year)}")

    def add_page(self, values: Mapping[str, Any], file: str) -> None:
        """Add a page that is not a post, by its front matter."""
        self.add(self.page_permalink(values), file)

    def page_permalink(self, values: Mapping[str, Any]) -> str:
        """Return the path of a page that is not a post below the base URL, by its front matter."""
        return fill(self._config_of(values).urls.page, slug=str(values["slug"]))

    def permalink(self, values: Mapping[str, Any], file: str) -> str:
        """Return the path of a post below the base URL, by its front matter and its file below the site's root."""
        day = date.fromisoformat(str(values["date"])[:10]) if "date" in values else date(1970, 1, 1)
        parts = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
        config = self._config_of(values)
        post_type = type_of_file(file, config)
        return fill(post_type.url if post_type else config.urls.post, slug=str(values["slug"]), **parts)

    def _config_of(self, values: Mapping[str, Any]) -> Config:
        """Return the config of the edition that a document belongs to, by its front matter."""
        return self._editions.find(str(values.get("language", ""))).config

    def find(self, path: str) -> str:
        """Return the name of the page at a decoded path, or ""."""
        return self._files.get(comparable_page(path), "")

    def has_file(self, path: str) -> bool:
        """Return whether the site publishes a file at a decoded path below the base URL."""
        relative = path.strip("/")
        return (
            bool(relative)
            and ".." not in relative.split("/")
            and f"{self._config.content}/{relative}" not in self._removed
            and (self._root / self._config.content / relative).exists()
        )

    def has(self, path: str) -> bool:
        """Return whether the site has a page or a file at a decoded path."""
        return bool(self.find(path)) or self.has_file(path)


def _list_patterns(config: Config) -> Iterator[str]:
    """Yield the URLs of an edition's lists and feeds; some are patterns."""
    yield from (getattr(config.urls, item.name) for item in fields(config.urls))
    yield from (item.listing for item in find_types(config.types))
    yield from (item.index for item in find_own_taxonomies(config.taxonomies))


def _names(value: object) -> Iterable[str]:
    """Return the terms in a value of front matter."""
    return [value] if isinstance(value, str) else map(str, value) if isinstance(value, list | tuple) else ()


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
