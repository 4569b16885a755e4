"""The files of the search index: terms in shards, descriptions of posts, and the manifest that names them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.formats.site_urls import data_path
from sitegen.model import Post
from sitegen.search.shards import (
    MANIFEST,
    IndexLayout,
    describe,
    plan_layout,
    posts_by_year,
    render_descriptions,
    render_manifest,
    shard_path,
)
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, Rendering, digests
from sitegen.site.term_lines import BLOCK_SHARDS


class SearchTerms(Struct, frozen=True):
    """A file of the search index: the terms of shard `number` of `shards`, with their posts of each year.

    `years` are those of the whole index, oldest first.
    """

    path: str
    url: str
    number: int
    shards: int
    years: tuple[int, ...]


class SearchDescriptions(Struct, frozen=True):
    """A file of the search index: what the results page shows of some posts, oldest first."""

    path: str
    url: str
    posts: tuple[Post, ...]

    def __repr__(self) -> str:
        """Represent the posts by their fingerprints, as in PostPage."""
        return f"SearchDescriptions({self.path!r}, {self.url!r}, {digests(self.posts, counts=False)})"


class SearchManifest(Struct, frozen=True):
    """The file of the search index that browsers request first."""

    path: str
    url: str
    layout: IndexLayout


def _layout_of(inputs: PlanInputs) -> IndexLayout:
    return plan_layout(posts_by_year(inputs.site))


def plan_terms(inputs: PlanInputs) -> Iterator[SearchTerms]:
    """Yield the files of terms, if the site has a search page."""
    if not inputs.config.urls.search:
        return
    layout, folder = _layout_of(inputs), inputs.base + inputs.config.urls.search
    years = tuple(year for year, _ in layout.years)
    for number in range(layout.shards):
        url = folder + shard_path(number, layout.shards)
        yield SearchTerms(data_path(url, inputs.base), url, number, layout.shards, years)


def plan_descriptions(inputs: PlanInputs) -> Iterator[SearchDescriptions]:
    """Yield the files of descriptions, if the site has a search page."""
    if not inputs.config.urls.search:
        return
    folder = inputs.base + inputs.config.urls.search
    for name, posts in describe(_layout_of(inputs), posts_by_year(inputs.site)).items():
        yield SearchDescriptions(data_path(folder + name, inputs.base), folder + name, posts)


def plan_manifest(inputs: PlanInputs) -> Iterator[SearchManifest]:
    """Yield the manifest, if the site has a search page."""
    if inputs.config.urls.search:
        url = inputs.base + inputs.config.urls.search + MANIFEST
        yield SearchManifest(data_path(url, inputs.base), url, _layout_of(inputs))


def _prepare_terms(_: Sequence[SearchTerms], rendering: Rendering, __: Path, jobs: int) -> None:
    rendering.prepare_terms(jobs)


TERMS = PageType(
    page=SearchTerms,
    phase=Phase.SEARCH,
    by_language=True,
    plan=plan_terms,
    replaceable=True,
    render=lambda page, rendering: rendering.terms(page).render(page.number),
    all_bodies=True,
    inputs=lambda page, rendering: rendering.terms(page).digests(page.number),
    prepare=_prepare_terms,
    batch=lambda page: page.number // BLOCK_SHARDS,
)

DESCRIPTIONS = PageType(
    page=SearchDescriptions,
    phase=Phase.SEARCH,
    by_language=True,
    plan=plan_descriptions,
    replaceable=True,
    render=lambda page, rendering: render_descriptions(page.posts, rendering.config.language),
)

MANIFEST_FILE = PageType(
    page=SearchManifest,
    phase=Phase.SEARCH,
    by_language=True,
    plan=plan_manifest,
    replaceable=True,
    render=lambda page, _: render_manifest(page.layout),
)
