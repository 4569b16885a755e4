"""The last build's site in the build cache: as much of it as a build after an edit of some bodies needs.

The plan of a site is a function of its inputs. If only bodies of posts have changed since the last build, its plan is
that of the last build: only the pages that depend on these bodies are loaded, with the posts that they name. Each must
have the key that it had in the last build; otherwise the whole site is planned.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from sitegen.build.planned_site import PlannedSite, make_renderer
from sitegen.build.read_contents import add_theme_files
from sitegen.build.request import BuildInputs
from sitegen.build.snapshot import Snapshot
from sitegen.build.tools import Tools
from sitegen.cache.store import Store
from sitegen.config.editions import find_editions
from sitegen.config.schema import Config
from sitegen.content.file_index import Folders
from sitegen.content.loader import ReadSettings
from sitegen.content.selection import Choice
from sitegen.errors import ProblemCollector
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.image_sets import ImageSets
from sitegen.model import Entry, FeedLink, Link, NavLink
from sitegen.render.page_key import PageKeys
from sitegen.render.renderer import Known
from sitegen.search.shards import posts_by_year
from sitegen.site.affected import BodyIndex
from sitegen.site.assemble import assemble
from sitegen.site.compose import Composition
from sitegen.site.edition_site import EditionSite
from sitegen.site.page_codec import TABLE, PageRow, read_page_row, unpack_page
from sitegen.site.pages.registry import type_of
from sitegen.site.partial_site import LISTS, PartialSite, UnknownPosts
from sitegen.site.static_files import Files, sort_files


class StoredSite(Struct, frozen=True, array_like=True):
    """What the build cache has of a planned site beside the rows of its pages.

    `planned` is the number of the build that planned it. The next fields are those of `Site` that pages show, except
    for lists of posts. `withheld` are the files that are not published; `dependents` the posts on whose bodies each
    page depends, except for the page of one post; `of_all` the pages that depend on all bodies; `years` the posts of
    the search index.
    """

    planned: int
    url: str
    sections: dict[str, str]
    menu: tuple[Link, ...]
    nav: tuple[NavLink, ...]
    footer: tuple[NavLink, ...]
    feeds: tuple[FeedLink, ...]
    preloaded_fonts: tuple[str, ...]
    withheld: tuple[str, ...]
    dependents: dict[str, tuple[str, ...]]
    of_all: tuple[str, ...]
    years: dict[int, tuple[str, ...]]


read_stored_site = Decoder(StoredSite).decode
_read_number = Decoder(int).decode


def store_site(store: Store, output: str, site: PlannedSite, planned: int) -> None:
    """Store a site that the build with a number has planned, unless it is stored already."""
    names = f"planned of {output}", f"site of {output}"
    if store.get("fact", names[0], _read_number) == planned:
        return
    stored = _pack_site(site, planned)
    if stored is not None:
        store.put("fact", [(names[1], stored), (names[0], planned)])
    start = f"{output}:"
    rows = (name for name in store.names(TABLE) if name.startswith(start))
    store.remove(TABLE, [name for name in rows if name[len(start) :] not in site.pages])


def _pack_site(planned: PlannedSite, number: int) -> StoredSite | None:
    """Return a site as a row; None if its pages show what rows do not have: languages, comments, images or cards."""
    if not planned.is_plain:
        return None
    site = planned.renderer.sites[""]
    dependents = {}
    of_all = []
    for page in planned.pages.values():
        page_type = type_of(page)
        if page_type.all_bodies:
            of_all.append(page.path)
        posts = page_type.bodies(page)
        if posts and not (len(posts) == 1 and posts[0].output == page.path):
            dependents[page.path] = tuple([post.path for post in posts])
    by_year = posts_by_year(site) if of_all else {}
    return StoredSite(
        number,
        site.url,
        {**site.sections},
        site.menu,
        site.nav,
        site.footer,
        site.feeds,
        site.preloaded_fonts,
        tuple(sorted(planned.withheld)),
        dependents,
        tuple(of_all),
        {year: tuple([post.path for post in posts]) for year, posts in by_year.items()},
    )


def restore_site(
    last: Snapshot, before: Mapping[str, Entry], inputs: BuildInputs, settings: ReadSettings, tools: Tools
) -> PlannedSite | None:
    """Return the part of the last build's site that depends on the bodies of some documents, None if it is not stored.

    `before` are these documents as they were in the last build. Raises NotStoredError too.
    """
    store, outputs = tools.store, last.outputs
    stored = store.get("fact", f"site of {last.output}", read_stored_site)
    if stored is None or stored.planned != last.planned:
        return None
    changed = before.keys()
    paths = [entry.post.output for entry in before.values()]
    paths += [page for page, posts in stored.dependents.items() if not changed.isdisjoint(posts)]
    paths += stored.of_all
    names = [f"{last.output}:{path}" for path in dict.fromkeys(paths) if path in outputs]
    known_rows = dict(store.some(TABLE, names, read_page_row))
    rows = {name[len(last.output) + 1 :]: known_rows[name] for name in names if name in known_rows}
    years = _find_years(stored, before) if stored.years else {}
    entries = _load_entries(rows.values(), years, before, last, settings, tools)
    if entries is None or len(rows) < len(names):
        return None
    posts = {path: entry.post for path, entry in entries.items()}
    pages = {path: unpack_page(path, row, posts) for path, row in rows.items()}
    renderer_inputs = _compose(stored, rows.values(), entries, inputs.config, last)
    keys = {path: outputs[path] for path in pages}
    facts = {
        name: fact
        for _, _, _, reads in keys.values()
        for name, fact in PageKeys.facts_in(reads).items()
        if name.removeprefix("site.") in LISTS
    }
    known = Known(
        {
            year: tuple([posts[name] for name in names]) if year in years else UnknownPosts(len(names))
            for year, names in stored.years.items()
        },
        stored.years.keys(),
        facts,
    )
    encoded = EncodedImages(inputs.config.images, None if store.in_memory else tools.work / "images")
    files = _find_other_files(stored, last, inputs.config, settings.folders)
    renderer = make_renderer(inputs, renderer_inputs, files, ImageSets(), encoded, None, settings, tools, known)
    if any(keys[path][2:] != renderer.keys.key(page, keys[path][3][0]) for path, page in pages.items()):
        return None
    choice = Choice((), (), last.skipped, last.since, last.until)
    index = BodyIndex(pages.values())
    return PlannedSite(
        entries, choice, pages, last.warnings, renderer, index, ImageSets(), is_plain=True, is_whole=False
    )


def _find_other_files(stored: StoredSite, last: Snapshot, config: Config, folders: Folders) -> Files:
    """Return the files that are not documents, by their use."""
    states = last.files.states
    documents = tuple(f"{folders.content}/{folder}/" for folder in (*folders.posts, "pages"))
    names = [name for name in states if not (name.endswith(".md") and name.startswith(documents))]
    problems = ProblemCollector()
    files = sort_files({name: states[name][1] for name in sorted(names)}, config, stored.withheld)
    files = add_theme_files(files, config, folders, problems)
    problems.raise_found()
    return files


def _find_years(stored: StoredSite, before: Mapping[str, Entry]) -> dict[int, tuple[str, ...]]:
    """Return the posts of the years whose lines of the search index some documents change."""
    found = {}
    for path, entry in before.items():
        year = entry.post.date.year
        if path in stored.years.get(year, ()):
            found[year] = stored.years[year]
    return found


def _load_entries(
    rows: Iterable[PageRow],
    years: Mapping[int, Iterable[str]],
    before: Mapping[str, Entry],
    last: Snapshot,
    settings: ReadSettings,
    tools: Tools,
) -> dict[str, Entry] | None:
    """Return the documents that pages and years name, as they were in the last build; None if any is not stored."""
    names = {name for _, posts, _, facts in rows for name in (*posts, *facts)}
    names.update(*years.values())
    found = tools.loader.stored(last.files, settings, names - before.keys())
    return {**found, **before} if len(found) == len(names - before.keys()) else None


def _compose(
    stored: StoredSite, rows: Iterable[PageRow], entries: Mapping[str, Entry], config: Config, last: Snapshot
) -> Composition:
    """Return what the renderer needs of the last build's site."""
    site = replace(
        assemble(config, (), (), FrozenDict()),
        url=stored.url,
        sections=FrozenDict(stored.sections),
        menu=stored.menu,
        nav=stored.nav,
        footer=stored.footer,
        feeds=stored.feeds,
        preloaded_fonts=stored.preloaded_fonts,
    )
    partial: Any = PartialSite(site)
    edition = EditionSite(find_editions(config).main, config, partial, partial, {}, ())
    facts = {path: found for _, _, _, of_posts in rows for path, found in of_posts.items()}
    links = {path: found for path, (found, _) in facts.items() if found is not None}
    guids = {path: guid for path, (_, guid) in facts.items() if guid}
    return Composition((edition,), (), entries, links, guids, last.warnings)
