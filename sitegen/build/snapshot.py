"""The composed site with what draws it, kept from pass to pass while nothing but texts changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sitegen.build.request import LEDGER_FILE, Basis
from sitegen.build.trace import Left
from sitegen.cache.store import Store
from sitegen.config.schema import base_path
from sitegen.content.data_files import read_data
from sitegen.content.loader import Content, Look
from sitegen.content.read_file import Parse
from sitegen.content.selection import HEAD_BYTES, Choice, choose, find_stray_posts, find_withheld
from sitegen.errors import SiteError, naming
from sitegen.hooks import Hooks
from sitegen.ledger.file import read_ledger
from sitegen.model import Entry
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.renderer import Renderer
from sitegen.site.affected import BodyIndex
from sitegen.site.compose import Composition, compose
from sitegen.site.pages.page_type import Page
from sitegen.site.pages.registry import type_of
from sitegen.site.static_files import sort_files
from sitegen.system import fingerprints


class Standing:
    """Holds a site as one pass composed it: its entries, its pages by path, and the renderer that draws them."""

    def __init__(self, entries: Iterable[Entry], choice: Choice, composition: Composition, renderer: Renderer) -> None:
        self.entries = {entry.post.path: entry for entry in entries}
        self.choice, self.renderer = choice, renderer
        self.pages = {page.path: page for page in composition.pages}
        self.warnings = composition.warnings
        self._index: BodyIndex | None = None

    def update(self, changed: Iterable[Entry]) -> list[Page] | None:
        """Take in changed entries, and return the pages that this can affect; None for the whole site."""
        fresh = {entry.post.path: entry for entry in changed}
        if not _differ_in_text(self.entries, fresh):
            return None
        self.entries |= fresh
        self.renderer.update_bodies(fresh.values())
        affected = [
            type_of(page).with_bodies(page, self.renderer.site, self.entries) for page in self._find_affected(fresh)
        ]
        self.pages.update((page.path, page) for page in affected)
        return affected

    def compare(self, before: Mapping[str, Entry]) -> list[Page] | None:
        """Return the pages that it can affect that some entries were others `before`; None for the whole site."""
        fresh = {path: self.entries[path] for path in before}
        return self._find_affected(fresh) if _differ_in_text(before, fresh) else None

    def _find_affected(self, posts: Iterable[str]) -> list[Page]:
        if self._index is None:
            self._index = BodyIndex(self.pages.values())
        return [self.pages[path] for path in self._index.affected_by(posts)]


def _differ_in_text(before: Mapping[str, Entry], fresh: Mapping[str, Entry]) -> bool:
    """Say whether nothing changed but what texts say: all that is known of the posts, and the files they link to."""
    for path, entry in fresh.items():
        known = before.get(path)
        if known is None or replace(known, body=entry.body, words=entry.words) != entry:
            return False
    return True


def stand(
    root: Path,
    basis: Basis,
    content: Content,
    look: Look,
    parse: Parse,
    hooks: Callable[[], Hooks],
    store: Store,
    cache: Path | None,
) -> Standing:
    """Compose the site that the files form; raise SiteError with all problems of its posts, links and URLs.

    `cache` is the user's folder for compiled templates.
    """
    config, request = basis.config, basis.request
    entries = content.entries(look, basis.now, request.jobs, basis.context, parse)
    moment = datetime.fromtimestamp(basis.now / 1_000_000_000, UTC)
    choice = choose(entries, config.content, moment, drafts=request.drafts, future=request.future)
    strays = find_stray_posts(look.digests, config.content, lambda name: _head(content.place(name)))
    withheld = find_withheld(entries, choice, look.digests, config.content, base_path(config)) | strays.keys()
    files = sort_files(look.digests, config, withheld)
    data = read_data({name: _read(content.place(name)) for name in files.data})
    ledger = read_ledger(root / LEDGER_FILE)
    composition = compose(config, hooks(), choice, files, data, look.digests, ledger, withheld)
    composition = replace(composition, warnings=(*composition.warnings, *strays.values()))
    if request.strict and composition.warnings:
        raise SiteError(composition.warnings)
    places = {name: content.place(file) for name, file in files.templates.items()}
    templates = TemplateSet(places, files.template_digests, store, cache)
    base = fingerprints.short(fingerprints.of_value((config, basis.made_of)))
    renderer = Renderer(config, composition, files, content.place, hooks(), store, templates, base)
    return Standing(entries, choice, composition, renderer)


def _head(place: Path) -> bytes:
    with naming(place), place.open("rb") as file:
        return file.read(HEAD_BYTES)


def _read(place: Path) -> bytes:
    with naming(place):
        return place.read_bytes()


def find_stale(pages: Iterable[Page], renderer: Renderer, left: Mapping[str, Left]) -> list[Page]:
    """Return the pages whose files are not there, or were made from something else than is `left` there."""
    return [page for page in pages if not _is_right(page, renderer, left.get(page.path))]


def find_missing(pages: Iterable[Page], concerned: Iterable[Page], left: Mapping[str, Left]) -> list[Page]:
    """Return the pages that are not concerned by a change, and whose files are not there as they were left."""
    known = {page.path for page in concerned}
    return [page for page in pages if page.path not in left and page.path not in known]


def _is_right(page: Page, renderer: Renderer, known: Left | None) -> bool:
    return known is not None and known[2] == renderer.keys.key(page, known[3])
