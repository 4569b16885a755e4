"""Render pages to bytes, and record what they read."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound
from markupsafe import Markup
from msgspec import Struct

from sitegen.cache.codec import read_body
from sitegen.cache.store import Store, StoreError
from sitegen.comments.discussion import Discussion, ThreadComment, page_name, read_page
from sitegen.config.i18n import Words, make_finder
from sitegen.config.presets import PRESETS
from sitegen.config.schema import Config, base_path
from sitegen.content.hooks import Hooks
from sitegen.errors import SiteError, naming
from sitegen.feeds.gathered import write_gathered
from sitegen.feeds.item_cache import Items
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.site_urls import output_path, site_url
from sitegen.markdown.url_placeholders import fill_in_urls
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.html import ImageWriter
from sitegen.media.image_sets import ImageSets
from sitegen.model import Body, Entry, PageLanguages, Post, Site
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.jinja.errors import explain
from sitegen.render.jinja.filters import make_filters
from sitegen.render.jinja.macro_cache import KEYLESS, key_of, listen
from sitegen.render.page_key import PageKeys, Reads, name_reads
from sitegen.search.shards import posts_by_year
from sitegen.site.compose import Composition
from sitegen.site.page_codec import PostFacts, pack_page
from sitegen.site.pages.card import CARD_SIZE, card_path
from sitegen.site.pages.page_type import Page, digests
from sitegen.site.pages.registry import find_cards, find_shared_path, type_of
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


class SiteView:
    """The object `site` of templates: it records the name of each attribute that is read, after `prefix`."""

    __slots__ = ("_prefix", "_reads", "_site")

    def __init__(self, site: Site, reads: set[str], prefix: str = "site.") -> None:
        self._site, self._reads, self._prefix = site, reads, prefix

    def __getattr__(self, name: str) -> Any:
        self._reads.add(self._prefix + name)
        return getattr(self._site, name)

    def __repr__(self) -> str:
        """Hide the memory address, which must not be in a page."""
        return "site"


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


class _Shown:
    """The edition whose page is rendered: the filters of templates belong to a renderer and to all its copies."""

    __slots__ = ("edition",)

    def __init__(self) -> None:
        self.edition = ""


class Renderer:
    """Renders pages with the templates, the site, and the bodies in the build cache.

    `images` are the images that the site shows; `base` is the fingerprint of what every page depends on: code,
    libraries, config, hooks. `known` belongs to a site of which only a part is loaded. `sites` and `configs` are those
    of the editions by name, `cards` the titles on the share cards by the path of their page, `searched` the discussions
    that the search finds.
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
        templates, store = tools.templates, tools.store
        self.config, self.hooks = config, tools.hooks
        self.configs = {item.edition.name: item.config for item in composition.sites}
        self.sites = {item.edition.name: item.site for item in composition.sites}
        self._shown = _Shown()
        self._published, self.locate = files.published, tools.locate
        self._store, self._templates = store, templates
        self._prefix = base_path(config)
        self._reads = templates.environment.reads
        self._shared: dict[tuple[Any, ...], tuple[Markup, Reads, Mapping[str, Any]]] = {}
        self._body_keys = {path: entry.body for path, entry in composition.entries.items()}
        self._links, self._guids, self._gathered = composition.links, composition.guids, composition.gathered
        self.searched = composition.searched
        self._bodies: Mapping[str, Body] = {}
        self._comments: Mapping[str, tuple[ThreadComment, ...]] = {}
        self._declared: Collection[str] = ()
        self.encoded_images, self.card_fonts = tools.encoded_images, tools.card_fonts
        self.cards: Mapping[str, str] = {}
        if tools.card_fonts:
            cards = find_cards(composition.pages) if known is None else {}
            self.cards = known.cards if known else {path: page.card.title.text for path, page in cards.items()}
        self.items = Items(config, composition.guids, self._find, self._reads.add, images, composition.comment_feeds)
        self.image_writer = ImageWriter(config.images, PRESETS[config.theme.preset].measure, self.items.find_image)
        self._terms = {
            name: TermLines(
                store,
                posts_by_year(site) if known is None else known.years[name],
                lambda post: self._body_keys[post.path],
                base,
                name,
                composition.searched,
                () if known is None else known.years[name].keys(),
            )
            for name, site in self.sites.items()
        }
        self._languages = composition.languages
        self.keys = PageKeys(
            base,
            self.sites,
            templates,
            files,
            images,
            self._body_keys,
            composition,
            self,
            self.cards,
            {} if known is None else known.facts,
        )
        self._views = {name: SiteView(site, self._reads, name_reads(name)) for name, site in self.sites.items()}
        self._words = {
            name: make_finder(own.language, config.theme.words, config.languages) for name, own in self.configs.items()
        }
        filters = {
            name: make_filters(
                own,
                files.assets,
                self._reads.add,
                self._words[name],
                self.items.image_size,
                self.image_writer,
                self.find_card,
                composition.languages,
                self.sites[name].url if name else "",
            )
            for name, own in self.configs.items()
        }
        # The filters of the edition whose page is rendered, if there are several.
        shown = filters[""] if len(filters) == 1 else {name: self._choose_filter(name, filters) for name in filters[""]}
        templates.environment.filters.update(shown | {"shared": self._share} | tools.hooks.filters())
        self._names = {path: f"{config.templates}/{name}" for name, path in templates.paths.items()}

    def with_bodies(self, changed: Iterable[Entry]) -> "Renderer":
        """Return a renderer of the same site with other bodies of some posts; it shares the caches of the rest."""
        fresh = copy(self)
        published = [entry for entry in changed if entry.post.path in self._body_keys]
        fresh._body_keys = bodies = {**self._body_keys, **{entry.post.path: entry.body for entry in published}}
        years = {entry.post.date.year for entry in published}
        fresh._terms = {
            name: terms.with_bodies(years & terms.posts.keys(), lambda post: bodies[post.path])
            for name, terms in self._terms.items()
        }
        fresh.keys = self.keys.with_bodies(bodies, fresh)
        return fresh

    def fetch_rows(self, pages: Iterable[Page]) -> None:
        """Read the bodies and comments that the next pages show from the build cache, all at once."""
        bodies, comments = [], []
        for page in pages:
            page_type = type_of(page)
            if page_type.inputs is None:
                bodies += [self._body_keys[post.path] for post in page_type.bodies(page)]
            if (shown := page_type.comments(page)) is not None:
                comments.append(page_name(shown[0].file, shown[1]))
        self._bodies = dict(self._store.some("body", bodies, read_body))
        self._comments = dict(self._store.some("thread", comments, read_page))

    def render(self, page: Page) -> Rendered:
        """Render a page; raise SiteError if its template fails."""
        self._reads.clear()
        page_type = type_of(page)
        if page_type.source is not None:
            raise TypeError(f"{page.path} is copied, not rendered")
        self._declared = self._body_keys if page_type.all_bodies else {post.path for post in page_type.bodies(page)}
        self._shown.edition = edition = self._languages.get(page.path, NO_LANGUAGES).edition
        self.config = self.configs[edition]
        data = self.hooks.finish(page.path, page_type.render(page, self))
        return Rendered(data, tuple(sorted(self._reads)))

    def render_template(self, page: Page, language: str = "", **context: Any) -> bytes:
        """Return what the template of the page's type shows for the page and further variables.

        `language` is that of the theme's words, "" for the site's. Raises SiteError if the template fails.
        """
        environment = self._templates.environment
        shown = {
            "site": self._views[self._shown.edition],
            "theme": self.config.theme,
            "words": self._words[self._shown.edition](language),
            "page": page,
            "languages": self._languages.get(page.path, NO_LANGUAGES),
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
        if post.path not in self._declared:
            raise LookupError(f"a page shows the body of {post.path}, which its type does not return in `bodies`")
        key = self._body_keys[post.path]
        body = self._bodies.get(key) or self._store.get("body", key, read_body)
        if body is None:
            raise StoreError(f"no body {key}")
        return body

    def html(self, post: Post) -> str:
        """Return the HTML of a post's body, with the URLs of this site filled in."""
        links = dict(self._links.get(post.path, ()))

        def resolve(target: str) -> str:
            return self._prefix + target if target.startswith("/") else links.get(target, target)

        return fill_in_urls(self.body(post).html, resolve)

    def item_html(self, post: Post) -> str:
        """Return the HTML of a post's feed item: that of its body, and for an issue a list of the posts in it."""
        return self._with_gathered(post, self.html(post))

    def _with_gathered(self, post: Post, html: str) -> str:
        return html + write_gathered(self._gathered[post.path]) if post.path in self._gathered else html

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
        facts = {
            post.path: PostFacts(
                self._links.get(post.path),
                self._guids.get(post.path, ""),
                self.items.comment_feeds.get(post.path, ""),
                tuple([item.path for item in self._gathered.get(post.path, ())]),
            )
            for post in posts
        }
        return pack_page(page, facts, self._languages.get(page.path))

    def site_of(self, page: Page) -> Site:
        """Return the site of the edition that a page belongs to."""
        return self.sites[self._languages.get(page.path, NO_LANGUAGES).edition]

    def terms(self, page: Page) -> TermLines:
        """Return the lines of the search index that a page belongs to."""
        return self._terms[self._languages.get(page.path, NO_LANGUAGES).edition]

    def prepare_terms(self, jobs: int) -> None:
        """Bring the lines of all search indexes in the build cache up to date, and remove those of no index."""
        for terms in self._terms.values():
            terms.prepare(jobs)
        names = set().union(*[terms.names() for terms in self._terms.values()])
        self._store.remove(TABLE, self._store.names(TABLE) - names)

    def find_card(self, page: Page, image: str = "") -> FrozenDict | None:
        """Return URL, description, width and height of the share card of a page, None without one.

        A page without a card of its own has that of the home page, unless it has an `image`.
        """
        # A build without images reads the names of cards, too: pages show them as soon as there are some.
        if not self.config.cards.enabled:
            return None
        site = self.site_of(page)
        home = output_path(site.url, self._prefix)
        for path in (find_shared_path(page, self._prefix), *(() if image else (home,))):
            self._reads.add(f"card.{path}")
            title, own = self.cards.get(path), card_path(path)
            url = site_url(f"/{own}", self._prefix)
            if title is not None:
                alt = title if title == site.title else f"{title} – {site.title}"
                return FrozenDict(url=url, alt=alt, width=CARD_SIZE.width, height=CARD_SIZE.height)
            if own in self._published:  # a file of the content folder instead
                size = self.items.image_size(self.config.base_url.removesuffix("/") + url.removeprefix(self._prefix))
                return FrozenDict(url=url, alt=site.title, width=size.width, height=size.height) if size else None
        return None

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
        path = post.path
        feed = self.items.comment_feeds.get(path, "")
        gathered = digests(self._gathered[path], counts=False) if path in self._gathered else ""
        return f"{self._body_keys[path]}{self._links.get(path) or ''}{self._guids[path]}{feed}{gathered}"

    def keep_item(self, post: Post, html: str) -> None:
        """Render a post's feed item, if a feed that is rendered later shows it, while the HTML is in memory.

        What the item reads is not read by the post's page.
        """
        if self.items.spool:
            page_reads = set(self._reads)
            self.items.keep(post, self._with_gathered(post, html))
            self._reads.clear()
            self._reads.update(page_reads)

    def _share(self, name: str, words: Words, **context: Any) -> Markup:
        """Return a part that many pages have in common, rendered once for the same context.

        It sees the site, the theme, the words and the context, but no page.
        """
        if context and all(type(value) is str for value in context.values()):
            given: Hashable = tuple(context.items())
        else:
            given = key_of(context) if context else ()
        edition = self._shown.edition
        key = (edition, name, words.language, given)
        known = self._shared.get(key) if given is not KEYLESS else None
        if known is None:
            template = self._templates.environment.get_template(name)
            shown = {"site": self._views[edition], "theme": self.configs[edition].theme, "words": words, **context}
            text, reads = listen(self._reads, partial(template.render, shown))
            known = Markup(text), (*reads, f"template.{name}"), context  # noqa: S704 - its template escaped it
            if given is not KEYLESS:
                self._shared[key] = known
        self._reads.update(known[1])
        return known[0]

    def _choose_filter(self, name: str, filters: Mapping[str, Mapping[str, Callable[..., Any]]]) -> Callable[..., Any]:
        """Return a filter that is the one of the edition whose page is rendered."""

        def apply(*values: Any, **options: Any) -> Any:
            return filters[self._shown.edition][name](*values, **options)

        return apply

    def _find(self, path: str) -> Path | None:
        """Return the file that is published at a path below the base URL."""
        return self.locate(self._published[path][0]) if path in self._published else None
