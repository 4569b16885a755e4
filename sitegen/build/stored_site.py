"""The last build's site in the build cache: as much of it as a build after an edit of some bodies needs.

The plan of a site is a function of its inputs. If only bodies of posts have changed since the last build, its plan is
that of the last build: only the pages that depend on these bodies are loaded, with the posts that they name. Each must
have the key that it had in the last build; otherwise the whole site is planned.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from sitegen.build.planned_site import PlannedSite, make_renderer, open_card_fonts
from sitegen.build.read_contents import add_theme_files
from sitegen.build.request import BuildInputs
from sitegen.build.snapshot import OutputState, Snapshot
from sitegen.build.tools import Tools
from sitegen.cache.store import Store
from sitegen.comments.discussion import Discussion
from sitegen.config.editions import Edition, find_editions, without_lists
from sitegen.config.schema import Config, base_path
from sitegen.content.file_index import Folders
from sitegen.content.loader import ReadSettings
from sitegen.content.selection import Choice
from sitegen.errors import ProblemCollector
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.stored_image_sets import restore_image_sets
from sitegen.model import Entry, FeedLink, Link, NavLink, PageVersion, Post, Site
from sitegen.render.page_key import PageKeys, attribute_of_site
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


class StoredEdition(Struct, frozen=True, array_like=True):
    """What the build cache has of the site of an edition.

    The first fields are those of `Site` that pages show, except for lists of posts. `years` are the posts of the search
    index, `has_lists` says that the edition has lists.
    """

    url: str
    sections: dict[str, str]
    menu: tuple[Link, ...]
    nav: tuple[NavLink, ...]
    footer: tuple[NavLink, ...]
    feeds: tuple[FeedLink, ...]
    preloaded_fonts: tuple[str, ...]
    languages: tuple[PageVersion, ...]
    untranslated: tuple[PageVersion, ...]
    years: dict[int, tuple[str, ...]]
    has_lists: bool


class StoredSite(Struct, frozen=True, array_like=True):
    """What the build cache has of a planned site beside the rows of its pages.

    `planned` is the number of the build that planned it, `editions` are by their names. `withheld` are the files that
    are not published; `dependents` the posts on whose bodies each page depends, except for the page of one post;
    `of_all` the pages that depend on all bodies. `images` are the paths of the images that have variants, sorted,
    `cards` the titles on the share cards by the path of their page, `searched` the discussions that the search finds,
    by the path of the post.
    """

    planned: int
    editions: dict[str, StoredEdition]
    withheld: tuple[str, ...]
    dependents: dict[str, tuple[str, ...]]
    of_all: tuple[str, ...]
    images: tuple[str, ...]
    cards: dict[str, str]
    searched: dict[str, Discussion]


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
    """Return a site as a row; None if some images are left to a later build, which plans the site again."""
    if planned.images.deferred:
        return None
    renderer = planned.renderer
    dependents = {}
    of_all = []
    for page in planned.pages.values():
        page_type = type_of(page)
        if page_type.all_bodies:
            of_all.append(page.path)
        posts = page_type.bodies(page)
        if posts and not (len(posts) == 1 and posts[0].output == page.path):
            dependents[page.path] = tuple([post.path for post in posts])
    editions = {
        edition.name: _pack_edition(
            renderer.editions[edition.name].site,
            has_years=bool(of_all),
            has_lists=renderer.editions[edition.name].config == edition.config,
        )
        for edition in find_editions(renderer.editions[""].config)
        if edition.name in renderer.editions
    }
    return StoredSite(
        planned=number,
        editions=editions,
        withheld=tuple(sorted(planned.withheld)),
        dependents=dependents,
        of_all=tuple(of_all),
        images=tuple(sorted(planned.images.sets)),
        cards={**renderer.cards},
        searched={**renderer.searched},
    )


def _pack_edition(site: Site, *, has_years: bool, has_lists: bool) -> StoredEdition:
    by_year = posts_by_year(site) if has_years else {}
    return StoredEdition(
        url=site.url,
        sections={**site.sections},
        menu=site.menu,
        nav=site.nav,
        footer=site.footer,
        feeds=site.feeds,
        preloaded_fonts=site.preloaded_fonts,
        languages=site.languages,
        untranslated=site.untranslated,
        years={year: tuple([post.path for post in posts]) for year, posts in by_year.items()},
        has_lists=has_lists,
    )


def restore_site(
    last: Snapshot, before: Mapping[str, Entry], inputs: BuildInputs, settings: ReadSettings, tools: Tools
) -> PlannedSite | None:
    """Return the part of the last build's site that depends on the bodies of some documents, None if it is not stored.

    `before` are these documents as they were in the last build. Raises NotStoredError too.
    """
    store, outputs, config = tools.store, last.outputs, inputs.config
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
    years = {name: _find_years(edition, before) for name, edition in stored.editions.items()}
    entries = _load_entries(rows.values(), years.values(), before, last, settings, tools)
    if entries is None or len(rows) < len(names):
        return None
    posts = {path: entry.post for path, entry in entries.items()}
    pages = {path: unpack_page(path, row, posts) for path, row in rows.items()}
    keys = {path: outputs[path] for path in pages}
    files = _find_other_files(stored, last, config, settings.folders)
    encoded = EncodedImages(config.images, tools.work / "images")
    images = restore_image_sets(stored.images, files.published, base_path(config), encoded, store)
    if images is None:
        return None
    known = Known(
        {name: _find_posts(edition, years[name], posts) for name, edition in stored.editions.items()},
        stored.cards,
        _find_facts(keys.values()),
    )
    composition = _compose(stored, rows, entries, config, last)
    fonts = open_card_fonts(inputs, files, settings.folders)
    renderer = make_renderer(inputs, composition, files, images, encoded, fonts, settings, tools, known)
    if any(keys[path][2:] != renderer.keys.key(page, keys[path][3][0]) for path, page in pages.items()):
        return None
    choice = Choice((), (), last.skipped, last.since, last.until)
    index = BodyIndex(pages.values())
    return PlannedSite(entries, choice, pages, last.warnings, renderer, index, images, stored.withheld, is_whole=False)


def _find_facts(outputs: Iterable[OutputState]) -> dict[str, bytes]:
    """Return the fingerprints of the lists of posts that some files of the output have read, by name."""
    found = {}
    for reads in {reads for *_, reads in outputs}:
        for name, fact in PageKeys.facts_in(reads).items():
            if attribute_of_site(name) in LISTS:
                found[name] = fact
    return found


def _find_posts(edition: StoredEdition, years: Collection[int], posts: Mapping[str, Post]) -> dict[int, Sequence[Post]]:
    """Return the posts of the search index of an edition by year: those of some years, and the number of the others."""
    return {
        year: tuple([posts[name] for name in names]) if year in years else UnknownPosts(len(names))
        for year, names in edition.years.items()
    }


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


def _find_years(edition: StoredEdition, before: Mapping[str, Entry]) -> dict[int, tuple[str, ...]]:
    """Return the posts of the years whose lines of the search index some documents change."""
    found = {}
    for path, entry in before.items():
        year = entry.post.date.year
        if path in edition.years.get(year, ()):
            found[year] = edition.years[year]
    return found


def _load_entries(
    rows: Iterable[PageRow],
    years: Iterable[Mapping[int, Iterable[str]]],
    before: Mapping[str, Entry],
    last: Snapshot,
    settings: ReadSettings,
    tools: Tools,
) -> dict[str, Entry] | None:
    """Return the documents that pages and years name, as they were in the last build; None if any is not stored."""
    names = set[str]()
    for _, posts, _, facts, _ in rows:
        names.update(posts, facts, *[known.gathered for known in facts.values()])
    names.update(*[posts for of_edition in years for posts in of_edition.values()])
    found = tools.loader.stored(last.files, settings, names - before.keys())
    return {**found, **before} if len(found) == len(names - before.keys()) else None


def _compose(
    stored: StoredSite, rows: Mapping[str, PageRow], entries: Mapping[str, Entry], config: Config, last: Snapshot
) -> Composition:
    """Return what the renderer needs of the last build's site."""
    facts = {path: known for _, _, _, of_posts, _ in rows.values() for path, known in of_posts.items()}
    editions = [edition for edition in find_editions(config) if edition.name in stored.editions]
    return Composition(
        sites=tuple([_restore_edition(edition, stored) for edition in editions]),
        pages=(),
        entries=entries,
        links={path: known.links for path, known in facts.items() if known.links is not None},
        guids={path: known.guid for path, known in facts.items() if known.guid},
        warnings=last.warnings,
        languages={path: languages for path, (*_, languages) in rows.items() if languages is not None},
        comment_feeds={path: known.comment_feed for path, known in facts.items() if known.comment_feed},
        searched=stored.searched,
        gathered={
            path: tuple([entries[name].post for name in known.gathered])
            for path, known in facts.items()
            if known.gathered
        },
    )


def _restore_edition(edition: Edition, stored: StoredSite) -> EditionSite:
    """Return the site of an edition without its lists of posts."""
    known = stored.editions[edition.name]
    config = edition.config if known.has_lists else without_lists(edition.config)
    site = replace(
        assemble(config, (), (), FrozenDict()),
        url=known.url,
        sections=FrozenDict(known.sections),
        menu=known.menu,
        nav=known.nav,
        footer=known.footer,
        feeds=known.feeds,
        preloaded_fonts=known.preloaded_fonts,
        languages=known.languages,
        untranslated=known.untranslated,
    )
    partial: Any = PartialSite(site)
    return EditionSite(edition, config, partial, partial, {}, ())
