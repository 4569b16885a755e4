"""The items that importers yield, the options of an import, and the protocol of an importer.

An importer is a module (or a package) of `sitegen.importers` with one function:

    def read(archive: Archive, options: Options) -> Iterator[Item]

Its family has a module `recognise` with a `Recogniser` for each format: whether an export has the format, and which
of its files contain data of subscribers. That module must not import code that converts posts, since every import
runs all recognisers.

`read` is a generator and keeps one post in memory at a time. It yields an `ImportedPost` for each post, a `Skipped`
for each item of the export that does not become a post, a `Dropped` for content that is in no post, a
`SuggestedTable` for settings of the old site, and a `Note` for anything else to report. Everything in the export must
be accounted for: pass records as `payload.Payload`, which tracks the keys that were read. `read` must not raise an
error for a single bad item: catch `archive.UnreadableError` for each item. `SiteError` is for an export that cannot be
read at all.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from sitegen.comments.comment import CommentType
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.payload import Payload
from sitegen.model import Count

if TYPE_CHECKING:
    from collections import Counter

    from lxml.etree import _Element


class Location(Struct, frozen=True):
    """A location in an export: the name of a file, and a line or row, counted from 1; 0 for the whole file."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Return the location as `path:line`."""
        return f"{self.path}:{self.line}" if self.line else self.path


def location_of(element: "_Element", name: str) -> Location:
    """Return the location of an XML element in a file."""
    line: Any = element.sourceline
    return Location(name, line or 0)


def keep_tree(tree: "_Element", dropped: "Counter[str]") -> None:
    """Change nothing: the cleaner of platforms that add no boilerplate."""


class HtmlBody(Struct, frozen=True):
    """A body in untrusted HTML.

    `base` is the absolute URL against which relative links are resolved, or "". `clean` gets the sanitised tree,
    before the rules that all platforms share: it removes the platform's boilerplate, counts what it drops by category,
    and replaces the platform's own elements with plain ones (see `html_tree`).
    """

    text: str
    base: str = ""
    clean: Callable[["_Element", "Counter[str]"], None] = keep_tree


class MarkdownBody(Struct, frozen=True):
    """A body in Markdown, written unchanged except for the URLs of its images and links.

    `engine` is the Markdown engine that renders it as the old site did, "" for the engine of the new site.
    """

    text: str
    engine: str = ""


class Attachment(Struct, frozen=True):
    """A file inside an item, such as an image in an email; the body refers to it by `reference` (`cid:...`)."""

    reference: str
    name: str
    data: bytes


class ImportedComment(Struct, frozen=True):
    """One comment of an export that was published there: comments that were not are counted as dropped.

    `id` is the platform's id, `reply_to` that of the comment that it answers, or "". `author` is the display name:
    importers read no email address, IP address, user agent or avatar. `url` is the URL of the comment, `likes` counts
    the readers who liked it.
    """

    where: Location
    id: str
    body: HtmlBody | MarkdownBody
    author: str = ""
    date: datetime | None = None
    reply_to: str = ""
    url: str = ""
    type: CommentType = "comment"
    likes: int = 0


class ImportedPost(Struct, frozen=True):
    """One post of an export.

    `id` is the platform's permanent GUID, unchanged. `key` identifies the item in later imports of the same export;
    it defaults to the id, then to slug and date. `date` and `updated` are aware; a post without a date becomes a
    draft. `draft` is the reason for being a draft, or "". A `page` is written to the site's pages and needs no
    date. `records` are the records of the export that the post was read from: the report counts their unread keys.
    An empty `slug` is derived from the title. Translations of a post have the same `translation_key`. `aliases` are
    old URL paths that begin with a slash; `urls` are other absolute URLs of the post on the old site. `dropped`
    counts by category what the importer itself removed. `discussion` are the comments of readers, `platform` is where
    they were written. `section` is the name of the old site's section, whose posts are imported as a type of posts if
    the config has one of this name. `categories` are those of the `tags` that were categories there: they are imported
    as terms of the taxonomy `categories` if the config has it.
    """

    where: Location
    title: str
    body: HtmlBody | MarkdownBody
    date: datetime | None = None
    updated: datetime | None = None
    slug: str = ""
    id: str = ""
    key: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    source_home: str = ""
    source_url: str = ""
    views: Count | None = None
    comments: Count | None = None
    likes: Count | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    issue: str = ""
    language: str = ""
    translation_key: str = ""
    draft: str = ""
    paid: bool = False
    page: bool = False
    aliases: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    params: FrozenDict = field(default_factory=FrozenDict)
    dropped: FrozenDict = field(default_factory=FrozenDict)
    records: tuple[Payload, ...] = ()
    discussion: tuple[ImportedComment, ...] = ()
    platform: str = ""
    section: str = ""

    @property
    def identity(self) -> str:
        """The key of this post in the import record."""
        day = self.date.date().isoformat() if self.date else ""
        return self.key or self.id or f"{day} {self.slug or self.title}".strip()


class Skipped(Struct, frozen=True):
    """An item of the export that does not become a post, and the reason."""

    where: Location
    reason: str


class Note(Struct, frozen=True):
    """A remark for the report about a part of the export, such as a repair."""

    where: Location
    message: str


class Dropped(Struct, frozen=True):
    """Content of the export that is in no post; the report counts it by category, with the first location."""

    where: Location
    category: str


class SuggestedTable(Struct, frozen=True):
    """Settings of the old site for the config, which the report suggests unless the config has them.

    `keys` are the names of a table, such as `("taxonomies", "series")`, or empty for the settings above all tables.
    Values are strings, booleans, and lists of flat tables with strings.
    """

    keys: tuple[str, ...]
    values: FrozenDict = field(default_factory=FrozenDict)


CATEGORIES = "categories"
"""The taxonomy that a config can have to keep the categories of an old site apart from its tags."""


class ImportedTerm(Struct, frozen=True):
    """A term of the old site that has more than a name: `taxonomy` names that of the new site.

    Those of `categories` are tags if the config has no such taxonomy. `aliases` are the old paths of the page that
    listed its posts, `url` is its own website.
    """

    where: Location
    taxonomy: str
    name: str
    description: HtmlBody | None = None
    url: str = ""
    aliases: tuple[str, ...] = ()


Item = ImportedPost | Skipped | Note | Dropped | SuggestedTable | ImportedTerm


class DateSeries(Struct, frozen=True):
    """Dates at an interval of `step` days, weeks or months (`unit` is d, w or m), starting with `start`."""

    start: date
    step: int
    unit: str


Day = date
"""A date, in a class that has an attribute of that name."""


def no_date(where: Location) -> datetime | None:  # noqa: ARG001 - the signature of `Options.fill_date`
    """Return None: posts without a date get none."""
    return None


class Options(Struct, frozen=True):
    """The options of an import.

    Naive dates are in `zone`. A post without a date gets the date of its first commit if `date_from` is "git",
    otherwise the next date of the series `dates`, otherwise `date`; `run_import` sets `fill_date` to return it.
    `date_order` is one of `dates.ORDERS` and decides ambiguous dates. `images` is one of IMAGES. `old_url` is the
    URL of the old site, for exports that do not contain it. `environment` has the variables for external programs.
    `replies_as_comments` makes answers in mail comments of the first message of their thread.
    `samples` are the paths, relative to the root, of unedited files of `sitegen init`, which may be replaced by posts
    and pages of the export with the same name; `needless_samples` are those of them that are deleted after the import,
    so that links cannot lead to them. `exported` is the day of the export: the numbers of views and comments
    in it, unless it is the folder of a generator, were read then.
    """

    zone: tzinfo
    date: datetime | None = None
    include_paid: bool = False
    images: str = "leave"
    old_url: str = ""
    date_order: str = ""
    date_from: str = ""
    dates: DateSeries | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    replies_as_comments: bool = False
    samples: frozenset[str] = frozenset()
    needless_samples: frozenset[str] = frozenset()
    exported: Day | None = None
    fill_date: Callable[[Location], datetime | None] = no_date


IMAGES = ("copy", "download", "leave")
