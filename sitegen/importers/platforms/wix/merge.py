"""Merges the data of several files of a Wix blog about the same post, matched by id, slug or title."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from sitegen.importers.base import ImportedComment, ImportedPost, Location
from sitegen.importers.platforms.wix.counts import PLATFORM, Counts


@dataclass(frozen=True, slots=True)
class PostMetadata:
    """Metadata of a post from one page or one file of metrics."""

    where: Location
    slug: str
    title: str
    id: str = ""
    counts: Counts = field(default_factory=Counts)
    source: str = ""
    authors: tuple[str, ...] = ()
    date: datetime | None = None
    other_slug: str = ""
    is_metrics: bool = False
    discussion: tuple[ImportedComment, ...] = ()


class MetadataIndex:
    """Indexes the metadata of all pages and metrics, and tracks which were merged into a post.

    `merged` counts the pages whose post was imported from another file.
    """

    def __init__(self) -> None:
        self.merged = 0
        self._all: list[PostMetadata] = []
        self._by_slug: dict[str, list[PostMetadata]] = {}
        self._by_title: dict[str, list[PostMetadata]] = {}
        self._by_id: dict[str, list[PostMetadata]] = {}
        self._used: set[tuple[Location, str]] = set()

    def add(self, metadata: PostMetadata) -> None:
        """Add the metadata of a page or a file of metrics."""
        self._all.append(metadata)
        for slug in {metadata.slug.casefold(), metadata.other_slug} - {""}:
            self._by_slug.setdefault(slug, []).append(metadata)
        if title := normalize_title(metadata.title):
            self._by_title.setdefault(title, []).append(metadata)
        if metadata.id:
            self._by_id.setdefault(metadata.id.casefold(), []).append(metadata)

    def complete(self, post: ImportedPost) -> ImportedPost:
        """Return a post with the metadata of its pages and metrics, and mark these as used."""
        counts = Counts(post.views, post.comments, post.likes)
        for metadata in self._find_metadata(post):
            if metadata.where != post.where and not metadata.is_metrics:
                self.merged += 1
            self._used.add((metadata.where, metadata.slug))
            counts = metadata.counts.filled_from(counts) if metadata.is_metrics else counts.filled_from(metadata.counts)
            source, authors = post.source or metadata.source, post.authors or metadata.authors
            discussion = post.discussion or metadata.discussion
            post = replace(post, source=source, authors=authors, date=post.date or metadata.date, discussion=discussion)
        draft = post.draft if post.date is None else ""
        return replace(
            post, views=counts.views, comments=counts.comments, likes=counts.likes, draft=draft, platform=PLATFORM
        )

    def is_used(self, where: Location, slug: str) -> bool:
        """Return whether a page was merged into a post from another file."""
        return (where, slug) in self._used

    def unmatched_metrics(self) -> Iterator[PostMetadata]:
        """Yield the metrics without a post."""
        return (
            metadata
            for metadata in self._all
            if metadata.is_metrics and (metadata.where, metadata.slug) not in self._used
        )

    def _find_metadata(self, post: ImportedPost) -> list[PostMetadata]:
        found = list(self._by_id.get(post.id.casefold(), ())) if post.id else []
        found += self._by_slug.get(post.slug.casefold(), ()) if post.slug else ()
        same_title = self._by_title.get(normalize_title(post.title), [])
        # A title that two pages of the same type have is ambiguous.
        if len({_source_type(metadata) for metadata in same_title}) == len(same_title):
            found += same_title
        chosen: dict[str, PostMetadata] = {}
        for metadata in sorted(found, key=lambda metadata: metadata.where != post.where):
            is_own = metadata.where == post.where and metadata.slug == post.slug
            if is_own or (
                _source_type(metadata) != _extension(post.where) and (metadata.where, metadata.slug) not in self._used
            ):
                chosen.setdefault(_source_type(metadata), metadata)
        return list(chosen.values())


def _source_type(metadata: PostMetadata) -> str:
    return "metrics" if metadata.is_metrics else _extension(metadata.where)


def _extension(where: Location) -> str:
    return where.path.rpartition(".")[2].casefold()


def normalize_title(title: str) -> str:
    """Return a title for comparison, without case, punctuation and spaces."""
    return re.sub(r"[\W_]+", "", title).casefold()
