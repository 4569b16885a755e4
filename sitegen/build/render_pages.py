"""Drawing pages, in several processes where there are many, into the folder where they wait."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from pathlib import Path

from sitegen.build.output import Drawn, Output
from sitegen.errors import Problem, SiteError
from sitegen.feeds import Feed, load
from sitegen.feeds.spool import Spool, wanted_by
from sitegen.pages import Asset, PostPage, SearchTerms
from sitegen.render.renderer import Renderer
from sitegen.render.term_lines import BLOCK_SHARDS
from sitegen.site.plan import Page
from sitegen.system.processes import ENOUGH, spread
from sitegen.system.progress import Progress

TOGETHER = 4
"""So many posts are drawn in one go, where there are enough of them."""

MUCH = 1000
"""Feeds that show fewer posts than this are drawn by one process: others cannot be started in that time."""


def draw_pages(
    pages: Sequence[Page],
    renderer: Renderer,
    output: Output,
    place: Callable[[str], Path],
    jobs: int,
    progress: Progress,
) -> list[Drawn]:
    """Draw pages and hold their bytes until all are there; raise SiteError with the problems of all.

    `place` finds the file of an asset; `progress` is called after each group of pages.
    """

    def draw(index: int) -> Drawn | tuple[Problem, ...]:
        page = pages[index]
        if isinstance(page, Asset):
            return output.hold_copy(page.path, renderer.key(page, ()), place(page.name), page.digest)
        try:
            rendered = renderer.render(page)
        except SiteError as error:
            return error.problems
        key = renderer.key(page, rendered.reads)
        held = output.hold(page.path, key, rendered.reads, rendered.data)
        reads = renderer.hooks.recorder.take()
        return replace(held, hook_reads=reads) if reads else held

    def task(unit: Sequence[int]) -> list[Drawn | tuple[Problem, ...]]:
        renderer.make_ready(pages[index] for index in unit)
        return [draw(index) for index in unit]

    renderer.prepare(pages)
    results: dict[int, Drawn | tuple[Problem, ...]] = {}
    feeds = [number for number, page in enumerate(pages) if isinstance(page, Feed)]
    others = [number for number, page in enumerate(pages) if not isinstance(page, Feed)]
    spool = Spool(output.stage.folder, wanted_by(page for page in pages if isinstance(page, Feed)))
    renderer.items.spool = spool

    def draw_all(units: Sequence[Sequence[int]]) -> None:
        for unit, found in zip(units, spread(task, units, jobs), strict=True):
            results.update(zip(unit, found, strict=True))
            progress("rendering", len(results), len(pages))

    try:
        draw_all(_units(pages, others))
        if feeds:
            # They come last: what they say of a post was made ready while its page was drawn.
            spool.find()
            load()
            draw_all(_shares(pages, feeds))
    finally:
        renderer.items.spool = None
        spool.close()
    ordered = [results[number] for number in range(len(pages))]
    problems = [problem for result in ordered if not isinstance(result, Drawn) for problem in result]
    if problems:
        raise SiteError(_first_of_each(problems))
    return [result for result in ordered if isinstance(result, Drawn)]


def _first_of_each(problems: Sequence[Problem]) -> list[Problem]:
    """Return one problem a place: a fault in a template that every page uses is one fault."""
    found: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.path, problem.line, problem.excerpt), problem)
    return list(found.values())


def _units(pages: Sequence[Page], numbers: Sequence[int]) -> list[Sequence[int]]:
    """Return the numbers of pages in runs to be drawn by one process.

    Files of search terms that are in the same rows of the build cache are rendered together, and the bodies of
    some posts are fetched together.
    """
    units: list[list[int]] = []
    before: Page | None = None
    most = max(1, min(TOGETHER, len(numbers) // (2 * ENOUGH)))
    for number in numbers:
        page = pages[number]
        if _go_together(before, page, bool(units) and len(units[-1]) < most):
            units[-1].append(number)
        else:
            units.append([number])
        before = page
    return [*units]


def _go_together(before: Page | None, page: Page, has_room: bool) -> bool:
    if isinstance(page, SearchTerms):
        return isinstance(before, SearchTerms) and page.number // BLOCK_SHARDS == before.number // BLOCK_SHARDS
    return has_room and isinstance(page, PostPage) and isinstance(before, PostPage)


def _shares(pages: Sequence[Page], numbers: Sequence[int]) -> list[Sequence[int]]:
    """Return the numbers of feeds in shares of about one size; the formats of a feed, which show the same, together."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    loads: dict[tuple[str, str, str], int] = {}
    for number in numbers:
        feed = pages[number]
        assert isinstance(feed, Feed)
        group = (feed.subject, feed.name, feed.year)
        groups.setdefault(group, []).append(number)
        loads[group] = loads.get(group, 0) + len(feed.posts)
    if sum(loads.values()) < MUCH or len(pages) < ENOUGH:
        return [numbers]
    shares: list[list[int]] = [[] for _ in range(ENOUGH)]
    lightest = [(0, number) for number in range(ENOUGH)]
    for group in sorted(groups, key=loads.__getitem__, reverse=True):
        load, number = heappop(lightest)
        shares[number] += groups[group]
        heappush(lightest, (load + loads[group], number))
    return [*shares]
