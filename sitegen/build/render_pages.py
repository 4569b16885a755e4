"""Render pages into the stage, in several processes if there are many."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.build.staging import Stage, StagedFile
from sitegen.errors import Problem, SiteError, naming
from sitegen.media.film_metadata import apply_patches, find_patches
from sitegen.media.metadata.formats import HEAD_BYTES
from sitegen.media.publish_image import needs_conversion
from sitegen.render.renderer import Renderer
from sitegen.site.pages.page_type import Page, PageType, Phase
from sitegen.site.pages.registry import type_of
from sitegen.system.fingerprints import NamedFingerprints
from sitegen.system.processes import MIN_PARALLEL_ITEMS, spread
from sitegen.system.progress import Progress

MIN_BODIES = 1000
"""Feeds with fewer posts than this are rendered by one process, because starting another one takes longer."""

BATCH_ROWS = 256
"""The number of pages whose rows are written to the build cache in one transaction."""

_Outcome = StagedFile | tuple[Problem, ...]
_Result = tuple[_Outcome, bytes]


def render_pages(
    pages: Sequence[Page],
    renderer: Renderer,
    stage: Stage,
    locate: Callable[[str], Path],
    jobs: int,
    progress: Progress,
    store_rows: Callable[[Mapping[str, bytes]], None],
) -> list[StagedFile]:
    """Render pages in the order of their phases, and stage their bytes.

    `locate` returns the path of a file of the site; `progress` is called after each group of pages.
    `store_rows` gets the encoded rows of pages that depend on bodies, by the page's path, some at a time.
    Raises SiteError with the problems of all pages.
    """
    pages = sorted(pages, key=lambda page: type_of(page).phase)
    by_type: dict[PageType[Any], list[Page]] = {}
    for page in pages:
        by_type.setdefault(type_of(page), []).append(page)
    work, rows = _PageWork(pages, renderer, stage, locate), _RowBuffer(store_rows)
    outcomes: dict[int, _Outcome] = {}
    known_reads: dict[NamedFingerprints, NamedFingerprints] = {}

    def render_all(units: Sequence[Sequence[int]]) -> None:
        for unit, rendered in zip(units, spread(work.render, units, jobs), strict=True):
            for number, (outcome, row) in zip(unit, rendered, strict=True):
                outcomes[number] = _share_strings(outcome, pages[number].path, known_reads)
                rows.add(pages[number].path, row)
            progress("rendering", len(outcomes), len(pages))
        rows.flush()

    try:
        for page_type, group in by_type.items():
            page_type.prepare(group, renderer, Path(stage.folder), jobs)
        feeds = [number for number, page in enumerate(pages) if type_of(page).phase is Phase.FEED]
        render_all(_units(pages, range(len(pages) - len(feeds))))
        if feeds:
            for page_type in by_type:
                if page_type.phase is Phase.FEED:
                    page_type.begin(renderer)
            render_all(_shares(pages, feeds))
    finally:
        renderer.items.close_spool()
    return _staged_files([outcomes[number] for number in range(len(pages))])


class _PageWork(Struct, frozen=True):
    """What a process needs to render some of the pages, which are given by their numbers."""

    pages: Sequence[Page]
    renderer: Renderer
    stage: Stage
    locate: Callable[[str], Path]

    def render(self, unit: Sequence[int]) -> list[_Result]:
        """Render the pages of a unit of work, and return the outcome and the row of each."""
        pages = [self.pages[number] for number in unit]
        self.renderer.fetch_rows(pages)
        return [(self._copy(page), b"") if type_of(page).source else self._render(page) for page in pages]

    def _render(self, page: Page) -> _Result:
        renderer = self.renderer
        try:
            rendered = renderer.render(page)
        except SiteError as error:
            return error.problems, b""
        key, known = renderer.keys.key(page, rendered.reads)
        staged = self.stage.stage(page.path, key, known, rendered.data)
        reads = renderer.hooks.recorder.take()
        row = renderer.pack(page)
        return replace(staged, hook_reads=reads) if reads else staged, row

    def _copy(self, page: Page) -> StagedFile:
        """Stage a file of the site, without the metadata that the config removes."""
        page_type, config = type_of(page), self.renderer.config
        assert page_type.source is not None
        name, digest = page_type.source(page)
        path = self.locate(name)
        head = _read_head(path)
        convert = page_type.convert if needs_conversion(name, head) else None
        converted = convert and partial(convert, name, config)
        patches = find_patches(path, head, config.images.metadata) if page_type.convert else []
        change = partial(apply_patches, patches=patches) if patches else None
        key, _ = self.renderer.keys.key(page, ())
        return self.stage.stage_copy(page.path, key, path, digest, converted, change)


class _RowBuffer:
    """Collects the rows of pages, and passes BATCH_ROWS at a time to `store`."""

    def __init__(self, store: Callable[[Mapping[str, bytes]], None]) -> None:
        self._store = store
        self._rows: dict[str, bytes] = {}

    def add(self, path: str, row: bytes) -> None:
        """Add the row of a page, unless it is empty."""
        if row:
            self._rows[path] = row
            if len(self._rows) >= BATCH_ROWS:
                self.flush()

    def flush(self) -> None:
        """Pass on the rows that are left."""
        self._store(self._rows)
        self._rows = {}


def _staged_files(outcomes: Sequence[_Outcome]) -> list[StagedFile]:
    """Return the outcomes, which are all files; raise SiteError with all problems if any are not."""
    problems = [problem for outcome in outcomes if not isinstance(outcome, StagedFile) for problem in outcome]
    if problems:
        raise SiteError(_first_of_each(problems))
    return [outcome for outcome in outcomes if isinstance(outcome, StagedFile)]


def _share_strings(outcome: _Outcome, path: str, known_reads: dict[NamedFingerprints, NamedFingerprints]) -> _Outcome:
    """Return an outcome with the strings that this process has: a worker sends copies of them with each page."""
    if not isinstance(outcome, StagedFile):
        return outcome
    staged = path if outcome.staged == path else outcome.staged
    return replace(outcome, path=path, reads=known_reads.setdefault(outcome.reads, outcome.reads), staged=staged)


def _read_head(path: Path) -> bytes:
    with naming(path), path.open("rb", buffering=0) as file:
        return file.read(HEAD_BYTES)


def _first_of_each(problems: Sequence[Problem]) -> list[Problem]:
    """Return one problem for each location: an error in a template that every page uses is one problem."""
    found: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.path, problem.line, problem.excerpt), problem)
    return list(found.values())


def _units(pages: Sequence[Page], numbers: Sequence[int]) -> list[Sequence[int]]:
    """Return the numbers of pages in runs that one process renders together, by the batches of their types."""
    units: list[list[int]] = []
    before: object = None
    for number in numbers:
        page = pages[number]
        page_type = type_of(page)
        batch = page_type.batch(page)
        limit = page_type.batch_limit and max(1, min(page_type.batch_limit, len(numbers) // (2 * MIN_PARALLEL_ITEMS)))
        if batch is not None and (page_type, batch) == before and len(units[-1]) != limit:
            units[-1].append(number)
        else:
            units.append([number])
        before = page_type, batch
    return [*units]


def _shares(pages: Sequence[Page], numbers: Sequence[int]) -> list[Sequence[int]]:
    """Return the numbers of pages in shares with about the same number of bodies; those of a batch are in one share."""
    groups: dict[object, list[int]] = {}
    loads: dict[object, int] = {}
    for number in numbers:
        page = pages[number]
        page_type = type_of(page)
        batch = page_type.batch(page)
        group: object = page.path if batch is None else (page_type, batch)
        groups.setdefault(group, []).append(number)
        loads[group] = loads.get(group, 0) + len(page_type.bodies(page))
    if sum(loads.values()) < MIN_BODIES or len(pages) < MIN_PARALLEL_ITEMS:
        return [numbers]
    shares: list[list[int]] = [[] for _ in range(MIN_PARALLEL_ITEMS)]
    lightest = [(0, number) for number in range(MIN_PARALLEL_ITEMS)]
    for group in sorted(groups, key=loads.__getitem__, reverse=True):
        load, number = heappop(lightest)
        shares[number] += groups[group]
        heappush(lightest, (load + loads[group], number))
    return [*shares]
