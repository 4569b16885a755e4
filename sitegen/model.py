"""The types of a site: plain immutable values that pass from one stage to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from sitegen.errors import Problem
from sitegen.formats.frozen_dict import FrozenDict

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a page without a date: pages are ordered by title, and need none."""

POLICIES = ("original", "excerpt", "syndicated", "canonical")
INDEXED = frozenset(("original", "excerpt"))
"""The policies with which search engines list the post's own page."""


COUNTS_MARK = "+"
"""What separates, in a post's digest, the fingerprint of its file and of the counts that it has from `views.csv`."""


def without_counts(digest: str) -> str:
    """Return a post's digest as it is without `views.csv`, for the keys of pages that show no views."""
    return digest.partition(COUNTS_MARK)[0]


MAX_COUNT = 10**12
"""A larger number is an error of the export: no newsletter has that many readers."""


@dataclass(frozen=True, slots=True, repr=False)
class Count:
    """A number that a platform counted: `on` names the platform, `at` is the day it was read off.

    `parts` are the counts that a build has added up, the largest first, if any of them is from `views.csv`; then `on`
    is "" if there are several.
    """

    count: int
    on: str = ""
    at: date | None = None
    parts: tuple["Count", ...] = ()

    def __repr__(self) -> str:
        """Contain all fields: a dataclass's own repr takes four times as long, and fingerprints need millions."""
        parts = f", {self.parts!r}" if self.parts else ""
        return f"Count({self.count!r}, {self.on!r}, {self.at!r}{parts})"


@dataclass(frozen=True, slots=True, repr=False)
class Term:
    """A tag or an author as a post names it; `url` leads to the page that lists its posts."""

    name: str
    slug: str
    url: str

    def __hash__(self) -> int:
        """Use the name, which nearly always differs, in a third of the time that all fields take."""
        return hash(self.name)

    def __repr__(self) -> str:
        """Contain all fields, quickly, as for Count."""
        return f"Term({self.name!r}, {self.slug!r}, {self.url!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """Where a post was first published.

    `url` leads to our page of its posts, `home` to the source's own site, `feed` to its own feed;
    `policy` says how search engines treat its posts: one of POLICIES, or "" for the default.
    """

    name: str
    slug: str
    url: str
    home: str = ""
    feed: str = ""
    policy: str = ""

    def __hash__(self) -> int:
        """Use the name, as for Term."""
        return hash(self.name)

    def __repr__(self) -> str:
        """Contain all fields, quickly, as for Count."""
        return f"Source({self.name!r}, {self.slug!r}, {self.url!r}, {self.home!r}, {self.feed!r}, {self.policy!r})"


class Description(Struct, frozen=True):
    """What a file such as `content/authors.toml` says about a term, for the page that lists its posts.

    `html` is the text, `summary` its beginning without markup. `image` is a URL, and `url` leads to the term's own
    website.
    """

    html: str = ""
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    url: str = ""
    links: "tuple[Link, ...]" = ()


class Link(Struct, frozen=True):
    """A link that every page shows: to a page of the site's own, or to somewhere else by the config."""

    title: str = ""
    url: str = ""


class NavLink(Struct, frozen=True):
    """A link at the head or the foot of every page.

    `section` names the part of the site that it leads to, "" for others; with a section, `title` may be "", and the
    theme's word for the section is shown. `icon` is the name of an icon that is shown instead of the title.
    """

    title: str
    url: str
    section: str = ""
    icon: str = ""
    is_external: bool = False


class FeedLink(Struct, frozen=True):
    """A feed as a page announces it in its head: `type` is the media type, `url` a site path."""

    title: str
    type: str
    url: str


class Heading(Struct, frozen=True):
    """A heading of a body: its level from 1 to 6, its id, and its text without markup."""

    level: int
    id: str
    text: str


class Reference(Struct, frozen=True):
    """A link of a body to a file of this site, as it was written, and its line in the post's file."""

    target: str
    line: int


class Body(Struct, frozen=True):
    """A post's Markdown as HTML.

    In `html`, each URL that depends on `base_url` or on another file of the site is between the marks
    U+0002 and U+0003, as it was written; `sitegen.markdown.fill_in_urls` fills in the real URLs. `references` are
    the links to files of this site, in order. `summary` is the plain text of the first paragraph, cut at
    some 300 characters; `words` counts words, and each Chinese, Japanese or Korean character as one. `images` are those
    of the links whose files the body shows as images.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    words: int = 0
    summary: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Post:
    """A post or a page of `content/pages/`, without its body.

    `path` is its file below the site's root, `output` the file it becomes below the output folder;
    `url` begins with the base URL's path. `date` is aware. `private` is the key and value of front matter
    that make the post a draft, other than `draft: true`; `public_from` and `public_until` are
    further limits of the time in which it is published. `broken_links` is the severity, "error" or
    "warning", of links in the body to files that do not exist. `order` and `parent`, a slug or "/" for the home page,
    say where a page is in its section, and `menu` where every page links to it: one of MENUS, or "" for the default.
    `image_layout` is one of IMAGE_LAYOUTS, "" for the width of the text.
    `translation_of` names the file of the post that this one translates, as front matter has it; posts with the same
    `translation_key` are translations of each other.
    `hides_comments` says that the post's comments are not shown. `terms` are those of the taxonomies that the config
    defines, by the taxonomy's name. `type` is the name of the post's type, "" for those in `content/posts/`, and
    `template` that of the template that its front matter names.
    `digest` is the fingerprint of all the other fields, and replaces them in the fingerprint of a value that contains
    the post; for a post with views from `views.csv`, COUNTS_MARK and the fingerprint of these follow.
    """

    path: str
    title: str
    slug: str
    url: str
    output: str
    date: datetime
    updated: datetime | None = None
    id: str = ""
    authors: tuple[Term, ...] = ()
    source: Source | None = None
    source_url: str = ""
    views: Count | None = None
    comments: Count | None = None
    likes: Count | None = None
    hides_comments: bool = False
    tags: tuple[Term, ...] = ()
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    image_caption: str = ""
    image_credit: str = ""
    image_layout: str = ""
    issue: str = ""
    language: str = ""
    translation_of: str = ""
    translation_key: str = ""
    draft: bool = False
    private: str = ""
    public_from: datetime | None = None
    public_until: datetime | None = None
    aliases: tuple[str, ...] = ()
    broken_links: str = "error"
    menu: str = ""
    order: float | None = None
    parent: str = ""
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=FrozenDict)
    params: FrozenDict = field(default_factory=FrozenDict)
    type: str = ""
    template: str = ""
    digest: str = ""

    def __repr__(self) -> str:
        """Contain the fingerprint of all fields, so that fingerprints of lists are cheap."""
        return f"Post({self.digest})"

    @property
    def policy(self) -> str:
        """How search engines treat the post: one of POLICIES."""
        if self.source is not None and self.source.policy:
            return self.source.policy
        return "syndicated" if self.source_url else "original"


class Entry(Struct, frozen=True):
    """A parsed file: the post, its links and warnings, and the number of words and the fingerprint of its body.

    `aliases` are those of the front matter, each with its line; `parent_line` is the line of its key `parent`, 0 for
    none; `images` are the targets of those references that the body shows as images. `translation_line` is the line of
    the key that links the post with its translations, 0 for none. `key_lines` are those keys of front matter whose
    values are checked when the site is planned, each with its line.
    """

    post: Post
    body: str
    references: tuple[Reference, ...] = ()
    warnings: tuple[Problem, ...] = ()
    words: int = 0
    aliases: tuple[Reference, ...] = ()
    parent_line: int = 0
    images: tuple[str, ...] = ()
    translation_line: int = 0
    key_lines: tuple[Reference, ...] = ()


def line_of_key(entry: Entry, key: str) -> int:
    """Return the line of a key of front matter, 0 if it is not among `key_lines`."""
    return next((item.line for item in entry.key_lines if item.target == key), 0)


class PageVersion(Struct, frozen=True):
    """A page in one language: `language` is its tag (BCP 47), or "x-default"; `url` is a path of the site."""

    language: str
    url: str


class PageLanguages(Struct, frozen=True):
    """The versions of a page in several languages.

    `alternates` are those for search engines: all of them, this page included, then the one for readers of other
    languages, as "x-default". `switch` are those that readers can switch to, without this page. `original` is the
    post that this one translates, `translations` are those of an original. `is_outdated` says that the original was
    updated after its translation. `edition` is the further language of the site whose pages this one belongs to, "" for
    the main language.
    """

    alternates: tuple[PageVersion, ...] = ()
    switch: tuple[PageVersion, ...] = ()
    original: PageVersion | None = None
    translations: tuple[PageVersion, ...] = ()
    is_outdated: bool = False
    edition: str = ""


class SectionPage(Struct, frozen=True):
    """A page as the navigation of its section shows it; `pages` are those below it that the navigation shows."""

    title: str
    url: str
    language: str = ""
    pages: "tuple[SectionPage, ...]" = ()


class Section(Struct, frozen=True):
    """Where a page is in its section, a tree of pages.

    `tree` is the first page of the section, with the pages below it: of those, only the ones on the way to this page
    have the pages below them. `breadcrumbs` are the pages above this one, from the first page of the section on.
    `previous` and `next` are its neighbors when the whole section is read in order. `digest` is the fingerprint of
    `tree`, which many pages share.
    """

    tree: SectionPage
    digest: str
    breadcrumbs: tuple[SectionPage, ...] = ()
    previous: SectionPage | None = None
    next: SectionPage | None = None

    def __repr__(self) -> str:
        """Contain all fields, the tree by its fingerprint, as for Post."""
        return f"Section({self.digest}, {self.breadcrumbs!r}, {self.previous!r}, {self.next!r})"


class FieldValue(Struct, frozen=True):
    """The value of a field of a post's own type: `label` is its name as words, `type` one of FIELD_TYPES.

    `value` is a string, a number, a date with time, a tuple of strings, a post, or a tuple of posts.
    """

    name: str
    label: str
    type: str
    value: Any


class Part(Struct, frozen=True):
    """A post as a part of a series."""

    number: int
    title: str
    url: str
    language: str = ""


class Series(Struct, frozen=True):
    """Where a post is in a series: `name` and `url` are those of the series, `number` is that of the post.

    `count` is the number of parts. `parts` are those nearest to the post, itself among them, in their order; `previous`
    and `next` are its neighbors. `taxonomy` is the name of the taxonomy.
    """

    taxonomy: str
    name: str
    url: str
    number: int
    count: int
    parts: tuple[Part, ...]
    previous: Part | None = None
    next: Part | None = None


class Group(Struct, frozen=True):
    """All posts of one term or year, newest first unless its taxonomy says otherwise, with the page that lists them."""

    name: str
    slug: str
    url: str
    posts: tuple[Post, ...]
    source: Source | None = None

    @property
    def count(self) -> int:
        """The number of posts."""
        return len(self.posts)

    @property
    def views(self) -> int:
        """The sum of the posts' views, as far as they are known."""
        return sum(post.views.count for post in self.posts if post.views)

    @property
    def comments(self) -> int:
        """The sum of the posts' comments, as far as they are known."""
        return sum(post.comments.count for post in self.posts if post.comments)


class Site(Struct, frozen=True):
    """The whole site as templates see it.

    `posts`, `pages` and every group's posts are ordered newest first (pages by title); `documents` are the posts of all
    types, `posts` those of the archive, `types` the posts of each type that the config defines, by its name. `sources`,
    `tags` and `authors` by name, `years` newest first, `most_read` by views. `terms` are the groups of every taxonomy
    by its name, `taxonomies` the title and the index page of those that the config defines. `data` holds the
    files of `content/data/`, `params` the table of that name in the config.

    What every page shows is small, so that few changes render all pages again: `sections` are
    the URLs of the index pages that exist, by name ("archive", "sources", "most_read", ...); `menu` are the titles
    and URLs of `pages`, `feeds` the feeds of the whole site; `nav` and
    `footer` are the links at the head and the foot of every page, `preloaded_fonts` the URLs of the fonts that browsers
    load at once. `languages` are the home pages of the site's languages, if there are several; `untranslated` are the
    archives of other languages with posts that have no translation, if pages link to them.
    """

    title: str
    description: str
    base_url: str
    url: str
    language: str
    author: str
    rights: str = ""
    posts: tuple[Post, ...] = ()
    pages: tuple[Post, ...] = ()
    sources: tuple[Group, ...] = ()
    tags: tuple[Group, ...] = ()
    authors: tuple[Group, ...] = ()
    years: tuple[Group, ...] = ()
    documents: tuple[Post, ...] = ()
    types: FrozenDict = FrozenDict()
    terms: FrozenDict = FrozenDict()
    taxonomies: FrozenDict = FrozenDict()
    most_read: tuple[Post, ...] = ()
    sections: FrozenDict = FrozenDict()
    menu: tuple[Link, ...] = ()
    nav: tuple[NavLink, ...] = ()
    footer: tuple[NavLink, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    preloaded_fonts: tuple[str, ...] = ()
    languages: tuple[PageVersion, ...] = ()
    untranslated: tuple[PageVersion, ...] = ()
    data: FrozenDict = FrozenDict()
    params: FrozenDict = FrozenDict()


class SkippedPost(Struct, frozen=True):
    """A post that was not built, and why.

    `status` is "draft", "private", "scheduled" or "expired", and `day` its date if it is scheduled, as YYYY-MM-DD.
    """

    path: str
    reason: str
    status: str = "draft"
    day: str = ""
