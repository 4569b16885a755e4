"""The pages that show the site by another order than time: indexes of groups, search, figures, feeds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from heapq import nlargest
from typing import Any

from sitegen.feeds import Feed
from sitegen.formats.site_urls import output_path
from sitegen.model import Entry, FrozenDict, Link, Site
from sitegen.pages import TemplatePage

INDEXES = {
    "sources": "Sources",
    "tags": "Subjects",
    "authors": "Authors",
    "search": "Search",
    "figures": "The archive in figures",
    "feeds": "Feeds",
}
LONGEST = 10


def plan_indexes(site: Site, feeds: Iterable[Feed], entries: Mapping[str, Entry], base: str) -> Iterator[TemplatePage]:
    """Yield the pages that are no list of posts, each with what it needs beside the site.

    `entries` are the texts by path. What changes with every post is kept from the search page and the
    page of feeds, so that they are drawn only when their own names change.
    """
    params: dict[str, Callable[[], dict[str, Any]]] = {
        "feeds": partial(_feed_rows, feeds),
        "search": partial(_search_filters, site),
        "figures": partial(_longest, site, entries),
    }
    for kind, title in INDEXES.items():
        if url := site.sections.get(kind, ""):
            page = TemplatePage(output_path(url, base), url, f"{kind}.html", kind, title)
            yield replace(page, params=FrozenDict(params[kind]() if kind in params else {}))
    yield TemplatePage("404.html", f"{base}/404.html", "404.html", "404", "Page not found")


def _feed_rows(feeds: Iterable[Feed]) -> dict[str, Any]:
    """Return what one can subscribe to, in the order of the feeds, each with its page and its feeds."""
    rows: dict[tuple[str, str], list[Feed]] = {}
    for feed in feeds:
        if not feed.year:
            rows.setdefault((feed.subject, feed.name) if feed.kind != "opml" else ("opml", ""), []).append(feed)
    subjects = [
        FrozenDict(subject=subject, name=name, home=found[0].home, feeds=tuple(Link(f.kind, f.url) for f in found))
        for (subject, name), found in rows.items()
    ]
    return {"subjects": tuple(subjects)}


def _search_filters(site: Site) -> dict[str, Any]:
    """Return the names by which the search can be narrowed: not the groups, which change with each of their posts."""
    kinds = {"source": site.sources, "tag": site.tags, "year": site.years}
    return {kind: tuple((group.slug, group.name) for group in groups) for kind, groups in kinds.items()}


def _longest(site: Site, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Return the posts with the most words, with their numbers of words."""
    counts = [entries[post.path].words for post in site.posts]
    least = max(1, min(nlargest(LONGEST, counts), default=1))
    rows = [(words, post) for words, post in zip(counts, site.posts, strict=True) if words >= least]
    rows.sort(key=lambda row: (-row[0], row[1].path))
    return {"longest": tuple((post.title, post.url, words) for words, post in rows[:LONGEST])}
