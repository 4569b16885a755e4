"""The kinds of page: each one file of the output, with all that it is made from but the site and the template."""

from dataclasses import dataclass, field
from typing import Protocol

from sitegen.model import FeedLink, FrozenDict, Group, Link, Post, Source, Term


def _digests(posts: tuple[Post, ...]) -> str:
    """Return what stands for some posts: their own repr says the same, and takes ten times as long."""
    return " ".join([post.digest for post in posts])


@dataclass(frozen=True, slots=True, repr=False)
class PostPage:
    """A post, or a page of `content/pages/` (its `kind` says which).

    `body` is the fingerprint of its text in the store; `links` are the URLs of the files that the
    text links to, by the names it gives them; the neighbours are in time.
    """

    path: str
    url: str
    template: str
    kind: str
    post: Post
    body: str
    links: tuple[tuple[str, str], ...] = ()
    newer: Post | None = None
    older: Post | None = None
    related: tuple[Post, ...] = ()

    def __repr__(self) -> str:
        """Say all fields: a dataclass's own takes four times as long, and every page's key is made of it."""
        place = f"{self.path!r}, {self.url!r}, {self.template!r}, {self.kind!r}"
        newer, older = self.newer and self.newer.digest, self.older and self.older.digest
        around = f"{self.links!r}, {newer}, {older}, {_digests(self.related)}"
        return f"PostPage({place}, {self.post.digest}, {self.body!r}, {around})"

    @property
    def title(self) -> str:
        """The post's title."""
        return self.post.title

    @property
    def description(self) -> str:
        """The post's summary."""
        return self.post.summary


@dataclass(frozen=True, slots=True, repr=False)
class ListPage:
    """A list of posts, or one page of it.

    `kind` is "home", "archive", "year", "source", "tag", "author" or "most-read"; `term` is what the
    posts share. The front page has number 0 and the newest posts; pages 1, 2, ... hold the posts
    from the oldest on, so that a full page never changes. `count`, `views` and `comments` tell of the
    whole list, on its front page only; `feeds` are the feeds of the list. `others` lead from
    a year, or its most read posts, to the other years.
    """

    path: str
    url: str
    template: str
    kind: str
    title: str
    description: str
    posts: tuple[Post, ...]
    term: Term | Source | None = None
    number: int = 0
    newer_url: str = ""
    older_url: str = ""
    count: int = 0
    views: int = 0
    comments: int = 0
    feeds: tuple[FeedLink, ...] = ()
    others: tuple[Link, ...] = ()

    def __repr__(self) -> str:
        """Say all fields, quickly, as for PostPage."""
        place = f"{self.path!r}, {self.url!r}, {self.template!r}, {self.kind!r}, {self.title!r}, {self.description!r}"
        around = f"{self.term!r}, {self.number}, {self.newer_url!r}, {self.older_url!r}"
        whole = f"{self.count}, {self.views}, {self.comments}, {self.feeds!r}, {self.others!r}"
        return f"ListPage({place}, {_digests(self.posts)}, {around}, {whole})"


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """A page that a template makes from the site alone: an index of tags, the search page, 404."""

    path: str
    url: str
    template: str
    kind: str
    title: str
    description: str = ""
    params: FrozenDict = field(default_factory=FrozenDict)


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """A file of the search index: the terms of shard `number` of `shards`, with their posts of each year.

    `years` are those of the whole index, oldest first.
    """

    path: str
    url: str
    number: int
    shards: int
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SearchDescriptions:
    """A file of the search index: what the results page shows of some posts, oldest first."""

    path: str
    url: str
    posts: tuple[Post, ...]

    def __repr__(self) -> str:
        """Represent the posts by their fingerprints, as in PostPage."""
        return f"SearchDescriptions({self.path!r}, {self.url!r}, {_digests(self.posts)})"


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page at an old URL that leads to the new one."""

    path: str
    url: str
    target: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap (sitemaps.org): `rows` are URL and day of last change; `parts` makes it an index of sitemaps."""

    path: str
    url: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file whose text the plan already knows: robots.txt, `_redirects`."""

    path: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is published as it is; `name` is the file, `digest` its bytes' fingerprint."""

    path: str
    url: str
    name: str
    digest: str


class Planned(Protocol):
    """Any file of the output, before it is rendered: `url` is its site path."""

    @property
    def path(self) -> str:
        """The path below the output folder."""

    @property
    def url(self) -> str:
        """The path that a host answers with the file, from the host on."""


def origin_of(page: Planned) -> str:
    """Return the source file of a page, or a name for a page that is generated from the whole site."""
    match page:
        case PostPage():
            return page.post.path
        case Asset():
            return page.name
        case ListPage() | TemplatePage():
            return f'the {page.kind} page "{page.title}"'
        case Redirect():
            return f"the redirect to {page.target}"
        case _:
            return page.path


def reference(group: Group) -> Term | Source:
    """Return what names a group, without its posts."""
    return group.source or Term(group.name, group.slug, group.url)
