"""What defines a type of page: a class for the data, and a `PageType` with the functions that work on it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct

from sitegen.comments.discussion import Discussion, ThreadComment
from sitegen.config.editions import Edition
from sitegen.config.schema import Config, base_path
from sitegen.content.ledger.reconcile import MovedUrl
from sitegen.content.links import Links
from sitegen.content.translations import Translations
from sitegen.errors import Problem
from sitegen.feeds.item_cache import Items
from sitegen.feeds.types import Feed
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.image_sets import ImageSets
from sitegen.model import (
    Body,
    Description,
    Entry,
    FieldValue,
    PageLanguages,
    Post,
    Section,
    SectionPage,
    Series,
    Site,
    without_counts,
)
from sitegen.site.brand import IconSource
from sitegen.site.descriptions import TermAlias
from sitegen.site.related import RelatedPosts
from sitegen.site.term_lines import TermLines

if TYPE_CHECKING:
    from sitegen.media.cards.font_book import FontBook


class Phase(IntEnum):
    """The order in which pages are put in place, so that none is published before what it needs.

    Pages of the phase FEED are rendered after all others, because feed items are rendered with the posts.
    """

    ASSET = 0
    PAGE = 1
    LISTING = 2
    SEARCH = 3
    FEED = 4


class Page(Protocol):
    """One file of the output, before it is rendered: a frozen struct or dataclass whose repr contains all its data."""

    @property
    def path(self) -> str:
        """The path below the output folder."""

    @property
    def url(self) -> str:
        """The URL path at which a host serves the file; it includes the path of `base_url`."""


class TitledPage(Page, Protocol):
    """A page that people read, with a title."""

    @property
    def kind(self) -> str:
        """What the page shows: "post", "tag", "search", ..."""

    @property
    def title(self) -> str:
        """The title of the page."""

    @property
    def description(self) -> str:
        """What the page is about, for search engines; it may be empty."""


P = TypeVar("P", bound=Page)

Version = tuple[str, str]


class PlanInputs(Struct, frozen=True):
    """What the pages of an edition are planned from; types that are not `by_language` get those of the main one.

    `config` and `site` are those of the edition, `posts` its own posts, to which `site.posts` may add those of other
    languages. `documents` are the posts and pages of all editions.
    `entries`, `links`, `series`, `fields`, `gathered`, `sections` and the `discussions` that are shown are by the
    post's path, `descriptions` by kind and slug of the term; `term_aliases` are former paths of the pages of terms,
    `published` has name and fingerprint of each file that is published as it is, by its path below the output folder,
    `related` finds the related posts of a post, `style` is the style sheet of the theme's settings, `icon` the source
    image of the site's icons, `images` are the images that the site shows, `card_fonts` the fonts of share cards, None
    without cards. `planned` are the pages of the types that come before in the registry, `hook_pages` those of the
    site's hooks. `translations` are the groups of translated posts by the post's path, `languages` the versions of
    planned pages in several languages by the page's path, for types that come after those of such pages. `type_of`
    returns the type of such a page, `warn` reports a warning. `guids` are those of the posts, by the post's path.
    """

    edition: Edition
    config: Config
    site: Site
    posts: tuple[Post, ...]
    documents: tuple[Post, ...]
    entries: Mapping[str, Entry]
    links: Mapping[str, Links]
    related: RelatedPosts
    sections: Mapping[str, Section]
    descriptions: Mapping[tuple[str, str], Description]
    term_aliases: tuple[TermAlias, ...]
    published: Mapping[str, tuple[str, str]]
    style: str
    icon: IconSource | None
    images: ImageSets
    feeds: tuple[Feed, ...]
    hook_pages: tuple[Page, ...]
    moved: tuple[MovedUrl, ...]
    withdrawn: tuple[str, ...]
    type_of: "Callable[[Page], PageType[Any]]"
    warn: Callable[[Problem], None]
    planned: tuple[Page, ...] = ()
    discussions: Mapping[str, Discussion] = {}
    guids: Mapping[str, str] = {}
    translations: Translations = {}
    languages: Mapping[str, PageLanguages] = {}
    series: Mapping[str, tuple[Series, ...]] = {}
    fields: Mapping[str, tuple[FieldValue, ...]] = {}
    gathered: Mapping[str, tuple[Post, ...]] = {}
    card_fonts: "FontBook | None" = None

    @property
    def base(self) -> str:
        """The path of `base_url`, without a slash at the end."""
        return base_path(self.config)

    def planned_of(self, page_class: type[P]) -> list[P]:
        """Return the pages of one class that were planned before."""
        return [page for page in self.planned if isinstance(page, page_class)]


class Rendering(Protocol):
    """What a page is rendered from, beside itself. Each part is in the page's key, or is recorded when it is read."""

    items: Items
    encoded_images: EncodedImages
    card_fonts: "FontBook | None"

    @property
    def config(self) -> Config:
        """The config of the edition whose page is rendered."""

    def render_template(self, page: Page, language: str = "", **context: Any) -> bytes:
        """Return what the template of the page's type shows for the page and further variables.

        `language` is that of the theme's words, "" for the site's. Raises SiteError if the template fails.
        """

    def body(self, post: Post) -> Body:
        """Return the body of a post that the page's type lists in `bodies`."""

    def html(self, post: Post) -> str:
        """Return the HTML of such a body, with the URLs of this site filled in."""

    def item_html(self, post: Post) -> str:
        """Return the HTML of the feed item of a post that the page's type lists in `bodies`."""

    def page_html(self, post: Post, html: str) -> str:
        """Return the HTML of a post as its page shows it: with all formats and widths of its images."""

    def terms(self, page: Page) -> TermLines:
        """Return the lines of the search index that a page belongs to."""

    def prepare_terms(self, jobs: int) -> None:
        """Bring the lines of all search indexes in the build cache up to date, in up to `jobs` processes."""

    def read_file(self, name: str) -> bytes:
        """Return the bytes of a file of the site, whose fingerprint is in the page."""

    def comments(self, discussion: Discussion, number: int) -> tuple[ThreadComment, ...]:
        """Return the comments of a page of a discussion, whose fingerprint is in the page; pages count from 1."""

    def item_inputs(self, post: Post) -> str:
        """Return the fingerprint of what a post's feed item depends on, except for the post and its images."""

    def keep_item(self, post: Post, html: str) -> None:
        """Render a post's feed item, if a feed that is rendered later shows it, while the HTML is in memory."""


def _first_path(page: Page) -> str:
    return page.path


def _nothing(*_: Any) -> tuple[Any, ...]:
    return ()


def _none(*_: Any) -> None:
    return None


def _no_template(_: Page) -> str:
    return ""


def _render_template(page: Page, rendering: Rendering) -> bytes:
    return rendering.render_template(page)


def same_page(page: Any, *_: Any) -> Any:
    """Return the page: most types show other bodies without being another page."""
    return page


class CardContent(Struct, frozen=True):
    """The content of the share card of a page: of a post or page its `post`, of a list its title and description.

    `kind` is that of the page.
    """

    kind: str
    title: str
    post: Post | None = None
    about: str = ""


class PageType(Struct, Generic[P], frozen=True, eq=False, kw_only=True):
    """The behavior of one type of page; `page` is the class of its data.

    **Plan.** `plan` returns the pages of this type; for a type that is `by_language`, it is called for each edition. A
    file of the content folder replaces a page at its path that is `replaceable`; others collide with it. `describe`
    names a page in messages, by its path unless given.

    **Dependencies.** `bodies` returns the posts whose bodies, or numbers of words, the page depends on; `all_bodies`
    says that it depends on those of all posts. If some of them change, `with_bodies` gets the new entries and the
    paths of the changed ones, and returns the new page, which is rendered if its key is another one. The key contains
    the page's repr, the `template` with all that it reaches, what the template reads of the site, and the
    fingerprints that `inputs` returns; without `inputs`, those of the bodies with their links. `comments` returns the
    discussion that the page shows, and the number of the page of it.

    **Rendering.** `render` returns the bytes; without it, they are what the template shows. `source` instead returns
    name and fingerprint of a file to copy, whose bytes `convert` may change. Before pages are rendered, `prepare` gets
    all of this type, the folder for temporary files, and the number of processes that it may use. Pages of the phase
    FEED follow when all others are rendered, after `begin`. Pages with an equal `batch` that is not None share work,
    and one process renders them, at most `batch_limit` in one go if there is a limit. A server may render pages that
    `may_wait` after those that people see, as it does in the phases SEARCH and FEED.

    **Description.** For a page that is in the sitemap, `last_change` returns the day of its last change, or "" if it is
    not known; None leaves the page out. `post` returns the post that the page is about, `breadcrumbs` the pages above
    it, from the one below the home page on. `version` returns what the page has in common with its counterparts in the
    other editions: its kind and a slug. `nearest` returns the same of the lists to which readers are sent in an edition
    without a counterpart, the nearest first; otherwise they are sent to its home page.

    **Share cards.** `card` returns what the share card of the page says, None if it has none of its own; `shared_url`
    the URL of another page whose card it shows, None for its own. For a card itself, `card_of` returns the path of its
    page.
    """

    page: type[P]
    phase: Phase
    plan: Callable[[PlanInputs], Iterable[Page]]
    render: Callable[[P, Rendering], bytes] = _render_template
    source: Callable[[P], tuple[str, str]] | None = None
    convert: Callable[[str, Config, bytes], bytes] | None = None
    template: Callable[[P], str] = _no_template
    replaceable: bool = False
    describe: Callable[[P], str] = _first_path
    bodies: Callable[[P], Sequence[Post]] = _nothing
    comments: Callable[[P], tuple[Discussion, int] | None] = _none
    all_bodies: bool = False
    with_bodies: Callable[[P, Site, Mapping[str, Entry], Collection[str]], P] = same_page
    inputs: Callable[[P, Rendering], Iterable[str]] | None = None
    prepare: Callable[[Sequence[P], Rendering, Path, int], object] = _none
    begin: Callable[[Rendering], object] = _none
    batch: Callable[[P], object] = _none
    batch_limit: int = 0
    may_wait: bool = False
    last_change: Callable[[P], str | None] = _none
    post: Callable[[P], Post | None] = _none
    breadcrumbs: Callable[[P], Sequence[SectionPage]] = _nothing
    by_language: bool = False
    version: Callable[[P], Version | None] = _none
    nearest: Callable[[P], Sequence[Version]] = _nothing
    card: Callable[[P], CardContent | None] = _none
    shared_url: Callable[[P], str | None] = _none
    card_of: Callable[[P], str | None] = _none


def digests(posts: Iterable[Post], *, counts: bool = True) -> str:
    """Return the fingerprints of posts for a repr: the same as the reprs of the posts, in a tenth of the time.

    Without `counts`, they are those of a page that does not show views.
    """
    found = [post.digest for post in posts]
    return " ".join(found if counts else map(without_counts, found))
