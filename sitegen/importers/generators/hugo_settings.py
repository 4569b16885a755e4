"""Reads the settings of a Hugo site: menus, taxonomies, sections and languages, as tables for the new config."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.importers.base import ImportedPost, Item, Location, Note, SuggestedTable
from sitegen.importers.suggest_settings import (
    PostCounts,
    line_of,
    lower_keys,
    section_name,
    suggest,
    suggest_site,
    suggest_taxonomies,
    suggest_types,
)

_TOKENS = {
    ":year": "{year}", ":month": "{month}", ":day": "{day}", ":2006": "{year}", ":01": "{month}", ":02": "{day}",
    ":slug": "{slug}", ":title": "{slug}", ":filename": "{slug}", ":contentbasename": "{slug}",
    ":slugorfilename": "{slug}", ":slugorcontentbasename": "{slug}",
}  # fmt: skip
"""The tokens of Hugo's permalinks that patterns of URLs have, too."""
_TOKEN = re.compile(r":\w++")

_FEED = "index.xml"
"""The path of the main feed."""


class HugoSettings(Struct, frozen=True):
    """The settings of a Hugo site with lower-case keys, its main language, and its sections.

    `titles` and `folders` have the title and the first part of the URLs of each section, by its name; `file` is the
    one with the settings.
    """

    file: str
    values: Mapping[str, Any]
    language: str
    titles: Mapping[str, str]
    folders: Mapping[str, str]

    def suggest(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the settings of the site, the items, and the tables for the config that follow from both."""
        if self.values:
            yield self._site()
        counts, pages, paths = PostCounts(), dict[tuple[str, str], str](), {_FEED}
        for item in counts.watch(items):
            if isinstance(item, ImportedPost) and item.aliases:
                paths.update(alias.strip("/") for alias in item.aliases)
                if item.page:
                    pages[item.language.lower() or self.language, item.aliases[0].strip("/")] = item.slug
            yield item
        if self.values and counts.languages:
            yield from self._tables(counts, pages, paths)

    def _site(self) -> SuggestedTable:
        """Return the settings of the whole site; those of its main language come first."""
        found: dict[str, Any] = {}
        for table in (self._languages().get(self.language, {}), self.values):
            for values in (table, lower_keys(table.get("params"))):
                found |= {key: value for key, value in values.items() if value and key not in found}
        names = {name: name for name in ("title", "description", "timezone", "author")}
        return suggest_site({**found, "language": self.language}, **names, language="language", base_url="baseurl")

    def _languages(self) -> dict[str, Mapping[str, Any]]:
        """Return the settings of each language by its lower-case code."""
        return {
            str(name).lower(): lower_keys(value) for name, value in lower_keys(self.values.get("languages")).items()
        }

    def _tables(
        self, counts: PostCounts, pages: Mapping[tuple[str, str], str], paths: Collection[str]
    ) -> Iterator[SuggestedTable | Note]:
        main = self._main_sections(counts)
        languages = self._languages()
        first = self.folders.get(main[0], "")
        types = {name for name in counts.sections if name and name not in main}
        sections = {**dict.fromkeys((name or first for name in main), "archive"), **{name: name for name in types}}
        taxonomies = self._taxonomies()
        tables = list(suggest_taxonomies(taxonomies, counts, feed=True))
        sections |= {table.keys[1]: table.keys[1] for table in tables} | {"tags": "tags", "": "home"}
        yield suggest(
            ("urls",),
            {
                "post": self._pattern(main[0]) or (f"/{first}/{{slug}}/" if first else ""),
                "archive": f"/{first}/" if first else "",
                "feed": f"/{_FEED}",
            },
        )
        links, missing = self._menu(self.language, sections, pages, paths)
        yield suggest(("theme",), {"nav": links})
        yield from missing
        yield from suggest_types(counts, main, self.titles, self.folders, {name: self._pattern(name) for name in types})
        yield from tables
        for name, values in languages.items():
            if name != self.language and counts.languages[name]:
                links, missing = self._menu(name, sections, pages, paths)
                shown = {
                    "title": line_of(values, "title"),
                    "description": line_of(lower_keys(values.get("params")), "description"),
                    "nav": links,
                }
                yield suggest(("languages", name), shown)
                yield from missing

    def _main_sections(self, counts: PostCounts) -> list[str]:
        """Return the names of the sections whose pages Hugo calls the main ones: the largest one by default."""
        written = lower_keys(self.values.get("params")).get("mainsections", self.values.get("mainsections"))
        names = [section_name(str(name)) for name in written] if isinstance(written, list) else []
        return [name for name in names if name in counts.sections] or [counts.main_section()]

    def _taxonomies(self) -> tuple[str, ...]:
        written = self.values.get("taxonomies")
        return tuple(map(str, written.values())) if isinstance(written, Mapping) else ()

    def _pattern(self, section: str) -> str:
        """Return the pattern of the URLs of a section's posts, or "" if it is the default or has other tokens."""
        permalinks = self.values.get("permalinks")
        table = {section_name(str(name)): value for name, value in lower_keys(permalinks).items()}
        table |= {
            section_name(str(name)): value for name, value in lower_keys(lower_keys(permalinks).get("page")).items()
        }
        written = table.get(section)
        if not isinstance(written, str):
            return ""
        tokens = {**_TOKENS, ":section": section, ":sections": section}
        pattern = _TOKEN.sub(lambda match: tokens.get(match[0].lower(), match[0]), written).strip("/")
        is_known = ":" not in pattern and "[" not in pattern and pattern.count("{slug}") == 1
        return "" if not is_known else f"/{pattern}" if pattern.endswith(".html") else f"/{pattern}/"

    def _menu(
        self,
        language: str,
        sections: Mapping[str, str],
        pages: Mapping[tuple[str, str], str],
        paths: Collection[str],
    ) -> tuple[list[dict[str, str]], list[Note]]:
        """Return the links of the main menu of a language, and a note for each to a page that was not imported.

        Submenus are not read. `paths` are those of all posts and pages.
        """
        own = lower_keys(lower_keys(self.values.get("languages")).get(language))
        tables = [own] if language != self.language else [own, self.values]
        menus = [lower_keys(table.get(key)).get("main") for table in tables for key in ("menus", "menu")]
        entries = next((menu for menu in menus if isinstance(menu, list)), [])
        links: list[tuple[int, dict[str, str]]] = []
        missing: list[Note] = []
        for entry in map(lower_keys, entries):
            target = line_of(entry, "pageref") or line_of(entry, "url")
            title = line_of(entry, "name") or line_of(entry, "title")
            link = self._link(target, title, language, sections, pages)
            path = urlsplit(link.get("url", "")).path.strip("/")
            if link.get("url", "").startswith("/") and path not in paths:
                message = f'"{title}" of the menu leads to {link["url"]}, which was not imported'
                missing.append(Note(Location(self.file), message))
                continue
            weight = entry.get("weight")
            # Entries without a weight are last.
            links += [(weight if isinstance(weight, int) and weight else 1 << 30, link)] if link else []
        return [link for _, link in sorted(links, key=itemgetter(0))], missing

    def _link(
        self,
        target: str,
        title: str,
        language: str,
        sections: Mapping[str, str],
        pages: Mapping[tuple[str, str], str],
    ) -> dict[str, str]:
        """Return a link of the navigation, or nothing for one without a target or a title."""
        is_local = not urlsplit(target).netloc and not urlsplit(target).scheme
        path = urlsplit(target).path.strip("/")
        prefixed = path if language == self.language or path.startswith(f"{language}/") else f"{language}/{path}"
        if is_local and (page := pages.get((language, prefixed))):
            return {"page": page, "title": title} if title else {"page": page}
        bare = path.removeprefix(f"{language}/") if path != language else ""
        name = section_name(bare) or bare
        if is_local and target and "/" not in bare and name in sections:
            return {"section": sections[name], "title": title} if title else {"section": sections[name]}
        usable = target.startswith(("https://", "http://", "mailto:")) or (is_local and target.startswith("/"))
        return {"url": target, "title": title} if usable and title else {}
