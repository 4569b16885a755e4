"""What an importer reads out of an export, and the protocol that every importer keeps.

An importer is a module (or a package) of `sitegen.importers` with one function:

    def read(archive: Archive, options: Options) -> Iterator[Item]

Its family has a module `recognise` with a `Recogniser` for each format: whether an export has the format, and which
of its files hold subscribers. It imports nothing that converts posts, since every import asks all of them.

`read` is a generator that holds one post at a time. It yields an `ImportedPost` for each post, a
`Skipped` for each item of the export that does not become a post, a `LeftOut` for each thing that no post
shows, and a `Note` for anything else that the report says. Whatever is in the export must be accounted for:
pass records as `payload.Payload`, which tracks what was read of them. `read` never raises for one bad item;
`archive.UnreadableError` is caught item by item, and `SiteError` is left for an export that cannot be read
at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from sitegen.model import Count, FrozenDict

if TYPE_CHECKING:
    from collections import Counter

    from lxml.etree import _Element

    from sitegen.importers.archive.payload import Payload


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the export something stands: the member's name, and its line or row, counted from 1."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Show the place as `path:line`."""
        return f"{self.path}:{self.line}" if self.line else self.path


def leave_as_it_is(tree: "_Element", dropped: "Counter[str]") -> None:
    """Clean nothing: the cleaner of a platform without boilerplate of its own."""


@dataclass(frozen=True, slots=True)
class Html:
    """A body in untrusted HTML.

    `base` is the absolute URL against which its links are resolved, or "". `clean` gets the tree
    after sanitising and before the common rules: it takes the platform's boilerplate out, counts
    each drop by type, and turns the platform's own elements into plain ones (see `tree`).
    """

    text: str
    base: str = ""
    clean: Callable[["_Element", "Counter[str]"], None] = leave_as_it_is


@dataclass(frozen=True, slots=True)
class Markdown:
    """A body that is Markdown already; it is written as it is, but for the places of its images.

    `engine` is the one that renders it as the old site did, "" for that of the new site.
    """

    text: str
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an item brings along itself: `reference` is how the body names it (`cid:...`)."""

    reference: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """One post of an export.

    `id` is the platform's permanent guid, kept verbatim; `key` identifies the item from import to
    import and defaults to the id, then to slug and date. `date` and `updated` are aware, and None
    where the export gives none: such a post becomes a draft. `draft` is the reason why it is one,
    or "". A `page` is not a post: it is written to the site's pages, and needs no date. `records` are the
    export's records that the post was read from: the report counts their keys that were
    not read. `slug` may be empty, then the title gives it. `aliases` are old URL paths that begin with
    a slash; `urls` are absolute URLs at which the old site showed the post, besides the id. `likes`
    has no key of its own in front matter and goes to `params`. `dropped` counts by type what the
    importer took out itself.
    """

    where: Place
    title: str
    body: Html | Markdown
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
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    issue: str = ""
    language: str = ""
    draft: str = ""
    paid: bool = False
    page: bool = False
    aliases: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    params: FrozenDict = field(default_factory=FrozenDict)
    dropped: FrozenDict = field(default_factory=FrozenDict)
    records: tuple["Payload", ...] = field(default=(), compare=False, repr=False)

    @property
    def identity(self) -> str:
        """The key under which the ledger knows this post."""
        day = self.date.date().isoformat() if self.date else ""
        return self.key or self.id or f"{day} {self.slug or self.title}".strip()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item of the export that does not become a post, and why."""

    where: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the report should say about a part of the export, such as a repair."""

    where: Place
    message: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the export that is in no post: the report counts it by type, with the first one's place."""

    where: Place
    kind: str


Item = ImportedPost | Skipped | Note | LeftOut


@dataclass(frozen=True, slots=True)
class DateSeries:
    """Dates at an interval of `step` days, weeks or months (`unit` is d, w or m), from `start` on."""

    start: date
    step: int
    unit: str


def find_no_date(where: Place) -> datetime | None:  # noqa: ARG001 - the shape of all
    """Give no date to a post that has none."""
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for.

    Naive dates are in `zone`. Posts that have no date get that of their first commit if `date_from` is "git", else one
    of the series `dates`, else `date`. `fill_date` is how `run_import` offers all three to importers. `date_order` is
    one of `dates.ORDERS`, for dates that are possible in several. `images` is one of IMAGES. `old_url` is the URL of
    the old site, for exports that do not contain it. `environment` are the variables that programs are run with.
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
    fill_date: Callable[[Place], datetime | None] = find_no_date


IMAGES = ("copy", "download", "leave")
