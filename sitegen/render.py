"""A page to bytes, and the key that tells whether it must be drawn again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sitegen import digest
from sitegen.compose import Composition
from sitegen.config import Config, base_path
from sitegen.errors import Problem, SiteError
from sitegen.feeds import Feed, FeedItem
from sitegen.feeds import draw as draw_feed
from sitegen.filters import find_asset, make_filters
from sitegen.hooks import Hooks
from sitegen.markup import place
from sitegen.model import Body, Post, Site
from sitegen.output import Row
from sitegen.packing import unpack_body
from sitegen.pages import ListPage, PostPage, Redirect, Sitemap, TemplatePage, TextFile
from sitegen.plan import Page
from sitegen.sitemap import draw_sitemap
from sitegen.store import Store, StoreError
from sitegen.template_errors import explain
from sitegen.templates import TemplateSet

Reads = tuple[str, ...]

NO_PART = bytes(digest.SHORT)


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

    `assets` are the URLs of the theme's files by name; `base` is the fingerprint of what every page
    is made from: code, libraries, config, hooks.
    """

    def __init__(
        self,
        config: Config,
        composition: Composition,
        assets: Mapping[str, str],
        hooks: Hooks,
        store: Store,
        templates: TemplateSet,
        base: bytes,
    ) -> None:
        self.config, self.site, self.assets = config, composition.site, assets
        self.texts = {page.post.path: page for page in composition.pages if isinstance(page, PostPage)}
        self.hooks, self.store, self.templates, self.base = hooks, store, templates, base
        self.prefix = base_path(config)
        self._facts: dict[str, bytes] = {}
        self._reads: set[str] = set()
        self._view = SiteView(self.site, self._reads)
        filters = make_filters(config, self._asset) | (hooks.call("filters") if hooks.has("filters") else {})
        templates.environment.filters.update(filters)
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
                digest.short(repr(page)),
                self.base,
                digest.short(texts) if texts else NO_PART,
                self._closure(page),
                *[facts[name] if name in facts else self._fact(name) for name in reads],
            )
        )

    def explain(self, page: Page, row: Row) -> str:
        """Say in words which parts of a page's key are not what they were."""
        now, before = self.key(page, row.reads), row.key
        names = ("the page itself", "code, libraries, config or hooks", "its text", "its template", *row.reads)
        size = digest.SHORT
        if not before:
            return "it was not there"
        changed = [name for n, name in enumerate(names) if now[n * size :][:size] != before[n * size :][:size]]
        return ", ".join(changed)

    def bodies(self, page: Page) -> tuple[str, ...]:
        """Return the fingerprints of the texts that a page shows, and of where their links lead."""
        if isinstance(page, PostPage):
            return (page.body,)
        if isinstance(page, Feed):
            return tuple(f"{text.body}{text.links or ''}" for text in map(self._text, page.posts))
        return ()

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
            value = getattr(self.site, rest, None) if kind == "site" else self.assets.get(rest)
            self._facts[name] = digest.short(repr(value))
        return self._facts[name]

    def _asset(self, name: str) -> str:
        self._reads.add(f"asset.{name}")
        return find_asset(name, self.assets)

    def body(self, fingerprint: str) -> Body:
        """Return a text from the store."""
        row = self.store.get("body", fingerprint)
        if row is None:
            raise StoreError(f"no body {fingerprint}")
        return unpack_body(row)

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
                content = Markup(self.html(page, body))  # noqa: S704 - a post's own HTML is trusted
                data = self._draw(page.template, page.path, page=page, post=page.post, body=body, content=content)
            case ListPage() | TemplatePage():
                data = self._draw(page.template, page.path, page=page)
            case Redirect():
                data = self._draw("redirect.html", page.path, page=page)
            case Feed():
                items = [self._item(self._text(post)) for post in page.posts]
                return self._finish(page, draw_feed(page, items, self.config))
            case Sitemap():
                data = draw_sitemap(page)
            case TextFile():
                data = page.text
            case _:
                raise TypeError(f"{page.path} is copied, not drawn")
        return self._finish(page, data.encode())

    def _item(self, text: PostPage) -> FeedItem:
        return FeedItem(text.post, self.html(text, self.body(text.body)), text.post.id or self.config.base_url)

    def _draw(self, name: str, path: str, **context: Any) -> str:
        try:
            return self.templates.environment.get_template(name).render(site=self._view, **context)
        except (StoreError, SiteError, OSError, MemoryError):
            raise
        except Exception as error:  # a template is the site's code, and may raise anything
            problem = explain(error, self._names, path)
            if problem is None:
                raise
            raise SiteError([problem]) from error

    def _finish(self, page: Page, data: bytes) -> Rendered:
        if self.hooks.has("finish"):
            finished = self.hooks.call("finish", page.path, data)
            if not isinstance(finished, bytes):
                gave = type(finished).__name__
                raise SiteError([Problem("hooks.py", 0, f"finish() gave {gave} for {page.path}", "return bytes")])
            data = finished
        return Rendered(data, tuple(sorted(self._reads)))
