"""A page to bytes, and the key that tells whether it must be drawn again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import TemplateNotFound
from markupsafe import Markup

from sitegen.cache.codec import read_body
from sitegen.cache.store import Store, StoreError
from sitegen.config.schema import Config, base_path
from sitegen.errors import SiteError
from sitegen.feeds import Feed
from sitegen.feeds import draw as draw_feed
from sitegen.feeds.item_cache import Items
from sitegen.hooks import Hooks
from sitegen.i18n import Words, make_finder
from sitegen.markdown import place
from sitegen.model import Body, Post, Site
from sitegen.pages import (
    ListPage,
    PostPage,
    Redirect,
    SearchDescriptions,
    SearchTerms,
    Sitemap,
    TemplatePage,
    TextFile,
)
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.jinja.errors import explain
from sitegen.render.jinja.filters import make_filters
from sitegen.render.jinja.macro_cache import KEYLESS, key_of, listen
from sitegen.render.term_lines import TermLines
from sitegen.search.shards import render_descriptions
from sitegen.site.compose import Composition, Files
from sitegen.site.plan import Page
from sitegen.site.sitemap import draw_sitemap
from sitegen.system import fingerprints

Reads = tuple[str, ...]

NO_FILE = ("", "")
NO_PART = bytes(fingerprints.SHORT)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A drawn page: its bytes, and the names of what was read beside the page itself."""

    data: bytes
    reads: Reads


class SiteView:
    """The site as a template sees it: a name that is read is remembered."""

    __slots__ = ("_reads", "_site")

    def __init__(self, site: Site, reads: set[str]) -> None:
        self._site, self._reads = site, reads

    def __getattr__(self, name: str) -> Any:
        self._reads.add(f"site.{name}")
        return getattr(self._site, name)

    def __repr__(self) -> str:
        """Hide where the view lies in memory, which no page may show."""
        return "site"


class Renderer:
    """Holds what pages are drawn with: the templates, the site, and the store with the texts.

    `place` finds a file of the site on the disk; `base` is the fingerprint of what every page is made
    from: code, libraries, config, hooks.
    """

    def __init__(
        self,
        config: Config,
        composition: Composition,
        files: Files,
        place: Callable[[str], Path],
        hooks: Hooks,
        store: Store,
        templates: TemplateSet,
        base: bytes,
    ) -> None:
        self.config, self.site, self.assets = config, composition.site, files.assets
        self.files, self.place = files.published, place
        self.texts = {page.post.path: page for page in composition.pages if isinstance(page, PostPage)}
        self.guids = composition.guids
        self.hooks, self.store, self.templates, self.base = hooks, store, templates, base
        self.prefix = base_path(config)
        self._facts: dict[str, bytes] = {}
        self._reads = templates.environment.reads
        self._parts: dict[tuple[Any, ...], tuple[Markup, Reads, Mapping[str, Any]]] = {}
        self._made_of: dict[str, str] = {}
        self.items = Items(config, composition.guids, self._find, self._reads.add)
        self._bodies: Mapping[str, Body] = {}
        years = {int(group.name): group.posts for group in self.site.years}
        self._terms = TermLines(store, years, lambda post: self.texts[post.path].body, base)
        self._view = SiteView(self.site, self._reads)
        self.words = make_finder(config.language, config.theme.words)
        filters = make_filters(config, self.assets, self._reads.add, self.words, self.items.image_size)
        templates.environment.filters.update(filters | {"shared": self._share} | hooks.filters())
        self._names = {path: f"{config.templates}/{name}" for name, path in templates.places.items()}

    def key(self, page: Page, reads: Reads) -> bytes:
        """Return the fingerprint of all that a page is made from, given what it read when last drawn.

        It is a row of short ones, PART bytes each: the page, code with config and hooks, the texts,
        the template with all that it reaches, then each name in `reads`.
        """
        texts = "".join(self.bodies(page))
        facts = self._facts
        return b"".join(
            (
                fingerprints.short(repr(page)),
                self.base,
                fingerprints.short(texts) if texts else NO_PART,
                self._closure(page),
                *[facts[name] if name in facts else self._fact(name) for name in reads],
            )
        )

    def explain(self, page: Page, before: bytes, reads: Reads) -> str:
        """Say in words which parts of a page's key are not what they were before."""
        now = self.key(page, reads)
        names = ("the page itself", "code, libraries, config or hooks", "its text", "its template", *reads)
        size = fingerprints.SHORT
        if not before:
            return "it was not there"
        changed = [name for n, name in enumerate(names) if now[n * size :][:size] != before[n * size :][:size]]
        return ", ".join(changed)

    def bodies(self, page: Page) -> tuple[str, ...]:
        """Return the fingerprints of the texts that a page shows, and of where their links lead."""
        if isinstance(page, PostPage):
            return (page.body,)
        if isinstance(page, Feed):
            return tuple(map(self._item_made_of, page.posts))
        if isinstance(page, SearchTerms):
            return self._terms.digests(page.number)
        return ()

    def replace_text(self, text: PostPage) -> None:
        """Draw a text from now on as it is given here."""
        self.texts[text.post.path] = text
        self._made_of.pop(text.post.path, None)
        if text.kind == "post":
            self._terms.forget(text.post.date.year)

    def _closure(self, page: Page) -> bytes:
        if isinstance(page, PostPage | ListPage | TemplatePage):
            return self.templates.closure(page.template)
        return self.templates.closure("redirect.html") if isinstance(page, Redirect) else NO_PART

    def _text(self, post: Post) -> PostPage:
        return self.texts[post.path]

    def _fact(self, name: str) -> bytes:
        """Return the fingerprint of something that pages read by name."""
        if name not in self._facts:
            kind, _, rest = name.partition(".")
            if kind == "site":
                value = getattr(self.site, rest, None)
            elif kind == "template":
                value = self.templates.closure(rest)
            else:
                value = self.assets.get(rest) if kind == "asset" else self.files.get(rest, NO_FILE)[1]
            self._facts[name] = fingerprints.short(repr(value))
        return self._facts[name]

    def _share(self, name: str, words: Words, **context: Any) -> Markup:
        """Return a part that many pages have in common, drawn once for what it is given, with what it read.

        It sees the site, the theme, the words and what it is given, but no page.
        """
        given = key_of(context)
        key = (name, words.language, given)
        known = self._parts.get(key) if given is not KEYLESS else None
        if known is None:
            template = self.templates.environment.get_template(name)
            shown = {"site": self._view, "theme": self.config.theme, "words": words, **context}
            text, reads = listen(self._reads, partial(template.render, shown))
            known = Markup(text), (*reads, f"template.{name}"), context  # noqa: S704 - its template escaped it
            if given is not KEYLESS:
                self._parts[key] = known
        self._reads.update(known[1])
        return known[0]

    def prepare(self, pages: Iterable[Page]) -> None:
        """Write to the build cache what pages will be rendered from, before processes are forked."""
        if any(isinstance(page, SearchTerms) for page in pages):
            self._terms.prepare()

    def make_ready(self, pages: Iterable[Page]) -> None:
        """Fetch the texts of pages that are drawn next, all at once."""
        bodies = [page.body for page in pages if isinstance(page, PostPage)]
        self._bodies = dict(self.store.some("body", bodies, read_body))

    def body(self, fingerprint: str) -> Body:
        """Return a text from the store."""
        body = self._bodies.get(fingerprint) or self.store.get("body", fingerprint, read_body)
        if body is None:
            raise StoreError(f"no body {fingerprint}")
        return body

    def html(self, page: PostPage, body: Body) -> str:
        """Return a text's HTML with the URLs of this site put in."""
        links = dict(page.links)

        def resolve(target: str) -> str:
            return self.prefix + target if target.startswith("/") else links.get(target, target)

        return place(body.html, resolve)

    def render(self, page: Page) -> Rendered:
        """Draw a page; raise SiteError where its template fails."""
        self._reads.clear()
        match page:
            case PostPage():
                body = self.body(page.body)
                html = self.html(page, body)
                content = Markup(html)  # noqa: S704 - a post's own HTML is trusted
                data = self._draw(page.template, page.path, page=page, post=page.post, body=body, content=content)
                rendered = self._finish(page, data.encode())
                self.items.keep(page.post, html)
                return rendered
            case ListPage() | TemplatePage():
                data = self._draw(page.template, page.path, page=page)
            case Redirect():
                data = self._draw("redirect.html", page.path, page=page)
            case Feed():
                formats = self.config.feeds.formats
                items = [
                    self.items.get(post, self._item_made_of(post), partial(self._text_html, post), page.kind, formats)
                    for post in page.posts
                ]
                return self._finish(page, draw_feed(page, items, self.config))
            case SearchTerms():
                return self._finish(page, self._terms.render(page.number))
            case SearchDescriptions():
                return self._finish(page, render_descriptions(page.posts, self.config.language))
            case Sitemap():
                data = draw_sitemap(page)
            case TextFile():
                data = page.text
            case _:
                raise TypeError(f"{page.path} is copied, not drawn")
        return self._finish(page, data.encode())

    def _item_made_of(self, post: Post) -> str:
        """Return the fingerprint of what a feed's item is made from, but for the post's own and the images'."""
        if post.path not in self._made_of:
            text = self._text(post)
            self._made_of[post.path] = f"{text.body}{text.links or ''}{self.guids[post.path]}"
        return self._made_of[post.path]

    def _text_html(self, post: Post) -> str:
        text = self._text(post)
        return self.html(text, self.body(text.body))

    def _find(self, path: str) -> Path | None:
        """Return the file that is published at a path below the base URL."""
        return self.place(self.files[path][0]) if path in self.files else None

    def _draw(self, name: str, path: str, **context: Any) -> str:
        page = context["page"]
        words = self.words(page.post.language if isinstance(page, PostPage) else "")
        try:
            template = self.templates.environment.get_template(name)
            return template.render(site=self._view, theme=self.config.theme, words=words, **context)
        except (StoreError, SiteError, MemoryError):
            raise
        except Exception as error:  # a template is the site's code, and may raise anything
            # Jinja's TemplateNotFound is an OSError too; any other is the disk's word, not the template's.
            disk = isinstance(error, OSError) and not isinstance(error, TemplateNotFound)
            known = {
                "filter": self.templates.environment.filters,
                "test": self.templates.environment.tests,
                SiteView.__name__: dir(Site),
                "variable": ("site", "theme", "words", *context, *self.templates.environment.globals),
            }
            problem = None if disk else explain(error, self._names, path, known)
            if problem is None:
                raise
            raise SiteError([problem]) from error

    def _finish(self, page: Page, data: bytes) -> Rendered:
        return Rendered(self.hooks.finish(page.path, data), tuple(sorted(self._reads)))
