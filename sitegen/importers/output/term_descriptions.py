"""Adds the descriptions and old URLs of tags and other terms to the files that describe the terms of the site.

Entries that a file has already are the author's, and stay as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.config.schema import Config
from sitegen.config.taxonomies import Taxonomy, find_taxonomies
from sitegen.content.permalinks import fill
from sitegen.errors import SiteError
from sitegen.formats.site_urls import comparable_page
from sitegen.formats.slugs import check_path, name_slug, write_path
from sitegen.formats.toml import read_toml, write_key, write_value
from sitegen.formats.urls import is_web_url
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import CATEGORIES, Dropped, ImportedTerm, Item, Location, Note
from sitegen.importers.output.destination import check_destination
from sitegen.importers.output.post_file import validate
from sitegen.system.atomic_write import write_if_changed

AssignAliases = Callable[[Iterable[str], str, str], tuple[list[str], list[str]]]
"""Takes old paths, the name of their term and the path of its page; returns the free ones, and warnings."""


AddPage = Callable[[str, str], None]
"""Takes the path of a page of the new site, or of a redirect, and its name."""


class _Entry(Struct, frozen=True):
    """What is to be written about a term: the terms of the export with its slug, in the order of the export."""

    taxonomy: Taxonomy
    slug: str
    terms: list[ImportedTerm]


class TermDescriptions:
    """Collects the terms of an export, and writes what the files of the site do not have yet.

    `notes` are about what was written: the same import once more has none of them.
    """

    def __init__(self, root: Path, config: Config, *, dry_run: bool) -> None:
        self.notes: list[Note] = []
        self._root, self._config, self._dry_run = root, config, dry_run
        self._taxonomies = {taxonomy.name: taxonomy for taxonomy in find_taxonomies(config)}
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._used: set[tuple[str, str]] = set()
        self._unknown: list[ImportedTerm] = []

    def add(self, term: ImportedTerm) -> None:
        """Add a term of the export."""
        name = "tags" if term.taxonomy == CATEGORIES and CATEGORIES not in self._taxonomies else term.taxonomy
        slug, taxonomy = name_slug(term.name), self._taxonomies.get(name)
        if taxonomy is None or not slug:
            self._unknown.append(term)
            return
        self._entries.setdefault((taxonomy.name, slug), _Entry(taxonomy, slug, [])).terms.append(term)

    def use(self, values: Mapping[str, Any]) -> None:
        """Note the terms of a published post, by its front matter: the build warns of entries for other terms."""
        params = values.get("params", {})
        for name, taxonomy in self._taxonomies.items():
            value = params.get(taxonomy.key) if taxonomy.is_own else values.get(taxonomy.key)
            if name == "authors" and not value:
                value = values.get("author")
            names = value if isinstance(value, list | tuple) else [value]
            self._used |= {(name, name_slug(item)) for item in names if isinstance(item, str)}

    def write(self, assign_aliases: AssignAliases, add_page: AddPage) -> Iterator[Item]:
        """Add an entry to the files for each term that published posts have, and yield notes for the report.

        `add_page` is called for each old URL in the files, new or not: links to it are not broken.
        """
        for term in self._unknown:
            yield from _drop_description(term)
        for taxonomy in self._taxonomies.values():
            entries = [entry for entry in self._entries.values() if entry.taxonomy is taxonomy]
            if entries:
                yield from self._write_file(taxonomy, entries, assign_aliases, add_page)

    def _write_file(
        self, taxonomy: Taxonomy, entries: list[_Entry], assign_aliases: AssignAliases, add_page: AddPage
    ) -> Iterator[Item]:
        name = f"{self._config.content}/{taxonomy.name}.toml"
        path = check_destination(self._root, self._root / name)
        try:
            data = path.read_bytes() if path.is_file() else b""
            written = read_toml(data, name).values
        except SiteError as error:
            yield Note(Location(name), f"nothing was added to the file: {error.problems[0]}")
            return
        described = {name_slug(key) for key in written}
        for key, known in written.items():
            aliases = known.get("aliases") if isinstance(known, Mapping) else None
            for alias in aliases if isinstance(aliases, list) else ():
                add_page(str(alias), f'{name} "{key}"')
        if taxonomy.is_own:
            described |= {file.stem for file in (self._root / self._config.content / taxonomy.name).glob("*.md")}
        tables: list[str] = []
        for entry in entries:
            if (taxonomy.name, entry.slug) not in self._used:
                for term in entry.terms:
                    yield from _drop_description(term)
            elif entry.slug not in described:
                table: dict[str, Any] = {}
                self.notes += _fill_table(table, entry, name, assign_aliases, self._config.languages)
                for alias in table.get("aliases", ()):
                    add_page(check_path(alias), f'{name} "{entry.terms[0].name}"')
                if table:
                    rows = [f"{key} = {write_value(value)}" for key, value in table.items()]
                    tables.append("\n".join([f"[{write_key(entry.terms[0].name)}]", *rows, ""]))
        if tables:
            text = data.decode("utf-8-sig").rstrip("\n")
            if not self._dry_run:
                write_if_changed(path, "\n".join([*([text, ""] if text else []), *tables]).encode())
            noun = "entry" if len(tables) == 1 else "entries"
            self.notes.append(Note(Location(name), f"{len(tables)} {noun} added, with descriptions and old URLs"))


def _drop_description(term: ImportedTerm) -> Iterator[Item]:
    if term.description is not None and term.description.text.strip():
        yield Dropped(term.where, "description of a term that no published post has")


def _fill_table(
    table: dict[str, Any], entry: _Entry, file: str, assign_aliases: AssignAliases, languages: Iterable[str]
) -> Iterator[Note]:
    """Fill in what the terms of an entry say; several terms of an old site can be one on the new site.

    `languages` are those of the new site that have pages of their own, besides the main one.
    """
    from sitegen.importers.convert.html_to_markdown import convert_html  # noqa: PLC0415 - loads lxml and nh3

    texts: list[str] = []
    for term in entry.terms:
        if term.description is not None:
            try:
                texts.append(convert_html(term.description).text.strip())
            except (UnreadableError, RecursionError) as error:
                yield Note(term.where, f"the description cannot be converted: {error}")
    if text := "\n\n".join(dict.fromkeys(filter(None, texts))):
        table["description"] = text
    if url := next((term.url for term in entry.terms if is_web_url(term.url)), ""):
        table["url"] = url
    if not entry.taxonomy.url:
        return
    permalink = fill(entry.taxonomy.url, slug=entry.slug)
    warnings: list[str] = []
    written = [validate(check_path, alias, "old URL", warnings) for term in entry.terms for alias in term.aliases]
    pages = {comparable_page(f"{prefix}{permalink}") for prefix in ("", *(f"/{name}" for name in languages))}
    others = [path for path in written if path and comparable_page(path) not in pages]
    free, refused = assign_aliases(others, f'{file} "{entry.terms[0].name}"', permalink)
    yield from (Note(entry.terms[0].where, warning) for warning in (*warnings, *refused))
    if free:
        table["aliases"] = [write_path(path) for path in free]
