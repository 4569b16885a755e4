"""The content of the files other than pages, for the checks of the whole site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sitegen.check.feeds.run import FeedFacts
from sitegen.errors import Problem
from sitegen.system.processes import Parcel


@dataclass(frozen=True, slots=True)
class Documents:
    """The content of the files other than pages: the files that they name, the feeds, and the sitemaps' entries.

    `mapped` is true if there is a sitemap and all sitemaps could be read.
    """

    targets: frozenset[str]
    feeds: frozenset[str]
    listed: Mapping[str, tuple[str, int]]
    mapped: bool
    problems: tuple[Problem, ...]
    feed_facts: tuple[FeedFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentFacts(Parcel):
    """The facts of one file: the files that it names, entries of a sitemap with their lines, facts of a feed."""

    path: str
    targets: frozenset[str] = frozenset()
    listed: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_feed: bool = False
    feed: FeedFacts | None = None
