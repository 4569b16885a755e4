"""Pages that are not lists of posts by time: indexes of groups, search, statistics, feeds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from heapq import nlargest

from sitegen.config.post_types import find_types
from sitegen.config.schema import Config
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.feeds import Feed
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.site_urls import output_path
from sitegen.model import Entry, Link, Site
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs
from sitegen.site.pages.template import TemplatePage, describe, last_change, template_of

INDEXES = {
    "sources": "Sources",
    "tags": "Tags",
    "authors": "Authors",
    "search": "Search",
    "feeds": "Feeds",
}
"""The title of each index page of every site, by the name of its section."""

LATEST_POSTS = 5
"""The number of posts that the page for missing URLs lists."""

MAX_LONGEST_POSTS = 10


class IndexPage(TemplatePage):
    """An index of groups or feeds, the search page, or the page for URLs that are not found."""

    __slots__ = ()


class FiguresPage(TemplatePage):
    """The statistics page; its params have the longest posts, with their numbers of words."""

    __slots__ = ()


def plan_indexes(inputs: PlanInputs) -> Iterator[IndexPage]:
    """Yield the index pages of the site's sections, each with what it needs beside the site.

    The search page and the page of feeds do not get what changes with every post, so that they are rendered only
    if the names in them change. The page for missing URLs gets the newest posts alone.
    """
    site, base = inputs.site, inputs.base
    if inputs.edition.name and not site.posts:
        return  # its indexes would be empty
    for kind, title in INDEXES.items():
        if url := site.sections.get(kind, ""):
            params = FrozenDict()
            if kind == "feeds":
                params = _list_feeds(inputs.feeds, inputs.config)
            elif kind == "search":
                params = _list_filters(site)
            yield IndexPage(output_path(url, base), url, f"{kind}.html", kind, title, params=params)
    for taxonomy in find_own_taxonomies(inputs.config.taxonomies):
        if url := site.sections.get(taxonomy.name, ""):
            path = output_path(url, base)
            yield IndexPage(path, url, taxonomy.index_template, taxonomy.name, taxonomy.title)
    latest = FrozenDict(latest=site.posts[:LATEST_POSTS])
    url = f"{site.url}404.html"
    yield IndexPage(output_path(url, base), url, "404.html", "404", "Page not found", params=latest)


def plan_figures(inputs: PlanInputs) -> Iterator[FiguresPage]:
    """Yield the statistics page, if the site has one."""
    site = inputs.site
    if url := site.sections.get("figures", ""):
        params = _find_longest(site, inputs.entries)
        path = output_path(url, inputs.base)
        yield FiguresPage(path, url, "figures.html", "figures", "Statistics", params=params)


def _list_feeds(feeds: Iterable[Feed], config: Config) -> FrozenDict:
    """Return what readers can subscribe to, in the order of the feeds, each with its page and its feeds.

    `own` are pairs of the subject and the title of taxonomies and types of posts that the config defines.
    """
    rows: dict[tuple[str, str], list[Feed]] = {}
    for feed in feeds:
        if not feed.archive and feed.subject != "post-comments":
            rows.setdefault((feed.subject, feed.name) if feed.kind != "opml" else ("opml", ""), []).append(feed)
    subjects = [
        FrozenDict(subject=subject, name=name, home=found[0].home, feeds=tuple(Link(f.kind, f.url) for f in found))
        for (subject, name), found in rows.items()
    ]
    titles = [(item.page_type, item.title) for item in find_own_taxonomies(config.taxonomies)]
    titles += [(item.name, item.title) for item in find_types(config.types)]
    return FrozenDict(subjects=tuple(subjects), own=tuple(titles))


def _list_filters(site: Site) -> FrozenDict:
    """Return the names by which the search can be narrowed: not the groups, which change with each of their posts."""
    groups_by_kind = {"source": site.sources, "tag": site.tags, "year": site.years}
    return FrozenDict(
        {kind: tuple((group.slug, group.name) for group in groups) for kind, groups in groups_by_kind.items()}
    )


def _find_longest(site: Site, entries: Mapping[str, Entry]) -> FrozenDict:
    """Return the posts with the most words, with their numbers of words."""
    counts = [entries[post.path].words for post in site.posts]
    least = max(1, min(nlargest(MAX_LONGEST_POSTS, counts), default=1))
    rows = [(words, post) for words, post in zip(counts, site.posts, strict=True) if words >= least]
    rows.sort(key=lambda row: (-row[0], row[1].path))
    return FrozenDict(longest=tuple((post.title, post.url, words) for words, post in rows[:MAX_LONGEST_POSTS]))


def _recount(page: FiguresPage, site: Site, entries: Mapping[str, Entry], changed: Collection[str]) -> FiguresPage:
    longest = page.params["longest"]
    words_of = {url: words for _, url, words in longest}
    # Counting the words of all posts would take a tenth of the time from a save to its page.
    least = longest[-1][2] if len(longest) == MAX_LONGEST_POSTS else 1

    def is_shown_as_before(entry: Entry) -> bool:
        words = words_of.get(entry.post.url)
        return entry.words < least if words is None else entry.words == words

    if all(is_shown_as_before(entries[path]) for path in changed):
        return page
    return replace(page, params=_find_longest(site, entries))


INDEX = PageType(
    page=IndexPage,
    phase=Phase.LISTING,
    plan=plan_indexes,
    replaceable=True,
    template=template_of,
    describe=describe,
    last_change=last_change,
    by_language=True,
    version=lambda page: (page.kind, "") if page.kind != "404" else None,
)

FIGURES = PageType(
    page=FiguresPage,
    phase=Phase.LISTING,
    plan=plan_figures,
    replaceable=True,
    template=template_of,
    all_bodies=True,
    with_bodies=_recount,
    by_language=True,
    version=lambda page: (page.kind, ""),
    inputs=lambda *_: (),  # the numbers of words are part of the page itself
    describe=describe,
    last_change=last_change,
)
