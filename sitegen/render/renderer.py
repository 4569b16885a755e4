"""Render pages to bytes, and record what they read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound
from msgspec import Struct

from sitegen.cache.store import Store, StoreError
from sitegen.comments.discussion import Discussion, ThreadComment, page_name, read_page
from sitegen.config.presets import PRESETS
from sitegen.config.schema import Config, base_path
from sitegen.content.hooks import Hooks
from sitegen.errors import SiteError, naming
from sitegen.feeds.gathered import write_gathered
from sitegen.feeds.item_cache import Items
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.html import ImageWriter
from sitegen.media.image_sets import ImageSets
from sitegen.model import Body, Entry, PageLanguages, Post, Site
from sitegen.render.bodies import Bodies
from sitegen.render.editions import EditionView, ShownEdition, SiteView, view_edition
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.jinja.errors import explain
from sitegen.render.jinja.filters import make_filters
from sitegen.render.page_key import PageKeys, Reads
from sitegen.render.share_cards import ShareCards
from sitegen.render.shared_parts import SharedParts
from sitegen.search.shards import posts_by_year
from sitegen.site.compose import Composition
from sitegen.site.page_codec import PostFacts, pack_page
from sitegen.site.pages.page_type import Page, digests
from sitegen.site.pages.registry import find_cards, type_of
from sitegen.site.partial_site import NotStoredError
from sitegen.site.static_files import Files
from sitegen.site.term_lines import TABLE, TermLines

NO_LANGUAGES = PageLanguages()

if TYPE_CHECKING:
    from sitegen.media.cards.font_book import FontBook


class Rendered(Struct, frozen=True):
    """The bytes of a page, and the names of the values that it read."""

    data: bytes
    reads: Reads


class RenderTools(Struct, frozen=True):
    """The tools with which pages are rendered: the templates, the hooks and the build cache.

    `locate` returns the path of a file of the site on disk. `encoded_images` are the variants of images, `card_fonts`
    the fonts of share cards, None without cards.
    """

    templates: TemplateSet
    hooks: Hooks
    store: Store
    locate: Callable[[str], Path]
    encoded_images: EncodedImages
    card_fonts: "FontBook | None" = None


class Known(Struct, frozen=True):
    """The known values of a site of which only a part is loaded.

    `years` are the posts of the search index of each edition by year, of which only those of some years are there; its
    lines in the build cache are up to date. `cards` are the titles on the share cards by the path of their page,
    `facts` the fingerprints of values that pages read by name.
    """

    years: Mapping[str, Mapping[int, Sequence[Post]]]
    cards: Mapping[str, str]
    facts: Mapping[str, bytes]


class Renderer:
    """Renders pages with the templates, the site, and the bodies in the build cache.

    `images` are the images that the site shows; `base` is the fingerprint of what every page depends on: code,
    libraries, config, hooks. `known` belongs to a site of which only a part is loaded. `editions` are by name, `cards`
    the titles on the share cards by the path of their page.
    """

    def __init__(
        self,
        config: Config,
        composition: Composition,
        files: Files,
        images: ImageSets,
        base: bytes,
        tools: RenderTools,
        known: Known | None = None,
    ) -> None:
        self.hooks, self.locate = tools.hooks, tools.locate
        self.encoded_images, self.card_fonts = tools.encoded_images, tools.card_fonts
        self._store, self._templates = tools.store, tools.templates
        self._reads = tools.templates.environment.reads
        self._composition, self._published = composition, files.published
        self._comments: Mapping[str, tuple[ThreadComment, ...]] = {}
        self._bodies = Bodies(tools.store, composition.entries, composition.links, base_path(config))
        self.editions = {item.edition.name: view_edition(item, config, self._reads) for item in composition.sites}
        self._shown = ShownEdition(self.editions[""])
        self.items = Items(config, composition.guids, self._find, self._reads.add, images, composition.comment_feeds)
        self.image_writer = ImageWriter(config.images, PRESETS[config.theme.preset].measure, self.items.find_image)
        self.cards: Mapping[str, str] = {}
        if tools.card_fonts:
            self.cards = known.cards if known else _find_titles(composition.pages)
        self._share_cards = ShareCards(self.cards, files.published, self.items.image_size, self._reads.add)
        self._terms = self._make_terms(base, known)
        sites = {name: edition.site for name, edition in self.editions.items()}
        keys = self._bodies.keys, composition, self, self.cards, known.facts if known else {}
        self.keys = PageKeys(base, sites, tools.templates, files, images, *keys)
        tools.templates.environment.filters.update(self._make_filters(files.assets))
        self._names = {path: f"{config.templates}/{name}" for name, path in tools.templates.paths.items()}

    @property
    def config(self) -> Config:
        """The config of the edition whose page is rendered, at first of the main one."""
        return self._shown.edition.config

    @property
    def searched(self) -> Mapping[str, Discussion]:
        """The discussions that the search finds, by the path of the post."""
        return self._composition.searched

    def with_bodies(self, changed: Iterable[Entry]) -> "Renderer":
        """Return a renderer of the same site with other bodies of some posts; it shares the caches of the rest."""
        fresh = copy(self)
        published = [entry for entry in changed if entry.post.path in self._bodies.keys]
        fresh._bodies = bodies = self._bodies.with_changes(published)
        years = {entry.post.date.year for entry in published}
        fresh._terms = {
            name: terms.with_bodies(years & terms.posts.keys(), lambda post: bodies.keys[post.path])
            for name, terms in self._terms.items()
        }
        fresh.keys = self.keys.with_bodies(bodies.keys, fresh)
        return fresh

    def fetch_rows(self, pages: Iterable[Page]) -> None:
        """Read the bodies and comments that the next pages show from the build cache, all at once."""
        posts, comments = list[Post](), []
        for page in pages:
            page_type = type_of(page)
            if page_type.inputs is None:
                posts += page_type.bodies(page)
            if (shown := page_type.comments(page)) is not None:
                comments.append(page_name(shown[0].file, shown[1]))
        self._bodies.fetch(posts)
        self._comments = dict(self._store.some("thread", comments, read_page))

    def render(self, page: Page) -> Rendered:
        """Render a page; raise SiteError if its template fails."""
        self._reads.clear()
        page_type = type_of(page)
        if page_type.source is not None:
            raise TypeError(f"{page.path} is copied, not rendered")
        self._bodies.declare(None if page_type.all_bodies else page_type.bodies(page))
        self._shown.edition = self._edition_of(page)
        data = self.hooks.finish(page.path, page_type.render(page, self))
        return Rendered(data, tuple(sorted(self._reads)))

    def render_template(self, page: Page, language: str = "", **context: Any) -> bytes:
        """Return what the template of the page's type shows for the page and further variables.

        `language` is that of the theme's words, "" for the site's. Raises SiteError if the template fails.
        """
        environment, edition = self._templates.environment, self._shown.edition
        shown = {
            "site": edition.view,
            "theme": edition.config.theme,
            "words": edition.words(language),
            "page": page,
            "languages": self._composition.languages.get(page.path, NO_LANGUAGES),
            **context,
        }
        try:
            return environment.get_template(type_of(page).template(page)).render(shown).encode()
        except (StoreError, SiteError, NotStoredError, MemoryError):
            raise
        except Exception as error:  # a template is the site's code, and may raise anything
            # Jinja's TemplateNotFound is an OSError too; any other is an error of the disk, not of the template.
            is_disk_error = isinstance(error, OSError) and not isinstance(error, TemplateNotFound)
            known = {
                "filter": environment.filters,
                "test": environment.tests,
                SiteView.__name__: dir(Site),
                "variable": ("site", "theme", "words", "page", "languages", *context, *environment.globals),
            }
            problem = None if is_disk_error else explain(error, self._names, page.path, known)
            if problem is None:
                raise
            raise SiteError([problem]) from error

    def body(self, post: Post) -> Body:
        """Return a body from the build cache; raise LookupError if the type of the page does not declare the post."""
        return self._bodies.get(post)

    def html(self, post: Post) -> str:
        """Return the HTML of a post's body, with the URLs of this site filled in."""
        return self._bodies.html(post)

    def item_html(self, post: Post) -> str:
        """Return the HTML of a post's feed item: that of its body, and for an issue a list of the posts in it."""
        return self._with_gathered(post, self.html(post))

    def _with_gathered(self, post: Post, html: str) -> str:
        gathered = self._composition.gathered
        return html + write_gathered(gathered[post.path]) if post.path in gathered else html

    def page_html(self, post: Post, html: str) -> str:
        """Return the HTML of a post as its page shows it: with all formats and widths of its images."""
        has_cover = bool(post.image) and post.image not in html
        return self.image_writer.show(html, first=not has_cover)

    def pack(self, page: Page) -> bytes:
        """Return the row of a page that depends on the bodies of posts, b"" for others and if it has none."""
        page_type = type_of(page)
        posts = page_type.bodies(page)
        if not posts and not page_type.all_bodies:
            return b""
        composition = self._composition
        facts = {
            post.path: PostFacts(
                composition.links.get(post.path),
                composition.guids.get(post.path, ""),
                composition.comment_feeds.get(post.path, ""),
                tuple([item.path for item in composition.gathered.get(post.path, ())]),
            )
            for post in posts
        }
        return pack_page(page, facts, composition.languages.get(page.path))

    def site_of(self, page: Page) -> Site:
        """Return the site of the edition that a page belongs to."""
        return self._edition_of(page).site

    def terms(self, page: Page) -> TermLines:
        """Return the lines of the search index that a page belongs to."""
        return self._terms[self._edition_of(page).name]

    def prepare_terms(self, jobs: int) -> None:
        """Bring the lines of all search indexes in the build cache up to date, and remove those of no index."""
        for terms in self._terms.values():
            terms.prepare(jobs)
        names = set().union(*[terms.names() for terms in self._terms.values()])
        self._store.remove(TABLE, self._store.names(TABLE) - names)

    def read_file(self, name: str) -> bytes:
        """Return the bytes of a file of the site, whose fingerprint is in the page."""
        path = self.locate(name)
        with naming(path):
            return path.read_bytes()

    def comments(self, discussion: Discussion, number: int) -> tuple[ThreadComment, ...]:
        """Return the comments of a page of a discussion from the build cache; pages count from 1."""
        name = page_name(discussion.file, number)
        found = self._comments.get(name) or self._store.get("thread", name, read_page)
        if found is None:
            raise StoreError(f"no comments {name}")
        return found

    def item_inputs(self, post: Post) -> str:
        """Return the fingerprint of what a post's feed item depends on, except for the post and its images."""
        path, composition = post.path, self._composition
        feed = composition.comment_feeds.get(path, "")
        gathered = digests(composition.gathered[path], counts=False) if path in composition.gathered else ""
        links = composition.links.get(path) or ""
        return f"{self._bodies.keys[path]}{links}{composition.guids[path]}{feed}{gathered}"

    def keep_item(self, post: Post, html: str) -> None:
        """Render a post's feed item, if a feed that is rendered later shows it, while the HTML is in memory.

        What the item reads is not read by the post's page.
        """
        if self.items.spool:
            page_reads = set(self._reads)
            self.items.keep(post, self._with_gathered(post, html))
            self._reads.clear()
            self._reads.update(page_reads)

    def _edition_of(self, page: Page) -> EditionView:
        """Return the edition that a page belongs to."""
        return self.editions[self._composition.languages.get(page.path, NO_LANGUAGES).edition]

    def _make_terms(self, base: bytes, known: Known | None) -> dict[str, TermLines]:
        """Return the lines of the search index of each edition."""
        keys, searched = self._bodies.keys, self.searched
        terms = {}
        for name, edition in self.editions.items():
            posts = posts_by_year(edition.site) if known is None else known.years[name]
            unchanged = () if known is None else posts.keys()
            terms[name] = TermLines(self._store, posts, lambda post: keys[post.path], base, name, searched, unchanged)
        return terms

    def _make_filters(self, assets: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
        """Return the filters of templates: sitegen's for the edition whose page is rendered, and those of the hooks."""

        def find_card(page: Page, image: str = "") -> FrozenDict | None:
            return self._share_cards.find(page, image, self.config, self.site_of(page))

        filters = {
            name: make_filters(
                edition.config,
                assets,
                self._reads.add,
                edition.words,
                self.items.image_size,
                self.image_writer,
                find_card,
                self._composition.languages,
                edition.site.url if name else "",
            )
            for name, edition in self.editions.items()
        }
        parts = SharedParts(self._templates.environment, self._shown)
        return self._shown.choose_filters(filters) | {"shared": parts.render} | self.hooks.filters()

    def _find(self, path: str) -> Path | None:
        """Return the file that is published at a path below the base URL."""
        return self.locate(self._published[path][0]) if path in self._published else None


def _find_titles(pages: Iterable[Page]) -> dict[str, str]:
    """Return the titles on the share cards of pages, by the path of the page."""
    return {path: page.card.title.text for path, page in find_cards(pages).items()}
