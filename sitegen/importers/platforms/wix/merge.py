"""Brings together what several files of a Wix blog tell of one post: by slug, then by title, then by id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sitegen.importers.base import ImportedPost, Location
from sitegen.importers.platforms.wix.counts import Counts


@dataclass(frozen=True, slots=True)
class Facts:
    """What one page or one file of metrics tells of a post beyond its text."""

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


class Known:
    """Holds the facts of all pages and metrics, and which of them have found their post.

    `merged` counts the pages whose post came from another file.
    """

    def __init__(self) -> None:
        self.merged = 0
        self._all: list[Facts] = []
        self._by_slug: dict[str, list[Facts]] = {}
        self._by_title: dict[str, list[Facts]] = {}
        self._by_id: dict[str, list[Facts]] = {}
        self._used: set[tuple[Location, str]] = set()

    def add(self, facts: Facts) -> None:
        """Take up the facts of one page or file of metrics."""
        self._all.append(facts)
        for slug in {facts.slug.casefold(), facts.other_slug} - {""}:
            self._by_slug.setdefault(slug, []).append(facts)
        if title := fold_title(facts.title):
            self._by_title.setdefault(title, []).append(facts)
        if facts.id:
            self._by_id.setdefault(facts.id.casefold(), []).append(facts)

    def complete(self, post: ImportedPost) -> ImportedPost:
        """Return a post with what its pages and its metrics know, and mark those as used."""
        counts = Counts(post.views, post.comments, post.likes)
        for facts in self._facts_of(post):
            if facts.where != post.where and not facts.is_metrics:
                self.merged += 1
            self._used.add((facts.where, facts.slug))
            counts = facts.counts.over(counts) if facts.is_metrics else counts.over(facts.counts)
            source, authors = post.source or facts.source, post.authors or facts.authors
            post = replace(post, source=source, authors=authors, date=post.date or facts.date)
        draft = post.draft if post.date is None else ""
        return replace(post, views=counts.views, comments=counts.comments, likes=counts.likes, draft=draft)

    def is_used(self, where: Location, slug: str) -> bool:
        """Return whether the page at a place went into a post that was read from another file."""
        return (where, slug) in self._used

    def left_over(self) -> Iterator[Facts]:
        """Yield the metrics that no post was found for."""
        return (facts for facts in self._all if facts.is_metrics and (facts.where, facts.slug) not in self._used)

    def _facts_of(self, post: ImportedPost) -> list[Facts]:
        found = list(self._by_id.get(post.id.casefold(), ())) if post.id else []
        found += self._by_slug.get(post.slug.casefold(), ()) if post.slug else ()
        alike = self._by_title.get(fold_title(post.title), [])
        # A title that two pages of one type have does not say which of them is meant.
        if len({_kind(facts) for facts in alike}) == len(alike):
            found += alike
        chosen: dict[str, Facts] = {}
        for facts in sorted(found, key=lambda facts: facts.where != post.where):
            own = facts.where == post.where and facts.slug == post.slug
            if own or (_kind(facts) != _ending(post.where) and (facts.where, facts.slug) not in self._used):
                chosen.setdefault(_kind(facts), facts)
        return list(chosen.values())


def _kind(facts: Facts) -> str:
    return "metrics" if facts.is_metrics else _ending(facts.where)


def _ending(where: Location) -> str:
    return where.path.rpartition(".")[2].casefold()


def fold_title(title: str) -> str:
    """Return a title without case, punctuation and spaces, as pages differ in these."""
    return re.sub(r"[\W_]+", "", title).casefold()
