"""Render pages into the stage, in several processes if there are many."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

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

    def render(index: int) -> _Result:
        page = pages[index]
        page_type = type_of(page)
        if page_type.source is not None:
            name, digest = page_type.source(page)
            path = locate(name)
            head = _read_head(path)
            convert = page_type.convert if needs_conversion(name, head) else None
            converted = convert and partial(convert, name, renderer.config)
            patches = find_patches(path, head, renderer.config.images.metadata) if page_type.convert else []
            change = partial(apply_patches, patches=patches) if patches else None
            return stage.stage_copy(page.path, renderer.keys.key(page, ())[0], path, digest, converted, change), b""
        try:
            rendered = renderer.render(page)
        except SiteError as error:
            return error.problems, b""
        key, known = renderer.keys.key(page, rendered.reads)
        staged = stage.stage(page.path, key, known, rendered.data)
        reads = renderer.hooks.recorder.take()
        row = renderer.pack(page)
        return replace(staged, hook_reads=reads) if reads else staged, row

    def task(unit: Sequence[int]) -> list[_Result]:
        renderer.fetch_rows(pages[index] for index in unit)
        return [render(index) for index in unit]

    by_type: dict[PageType[Any], list[Page]] = {}
    for page in pages:
        by_type.setdefault(type_of(page), []).append(page)
    results: list[_Outcome] = [()] * len(pages)
    known_reads: dict[NamedFingerprints, NamedFingerprints] = {}
    done = 0

    def render_all(units: Sequence[Sequence[int]]) -> None:
        nonlocal done
        rows: dict[str, bytes] = {}
        for unit, found in zip(units, spread(task, units, jobs), strict=True):
            for index, (result, row) in zip(unit, found, strict=True):
                results[index] = _shared(result, pages[index].path, known_reads)
                if row:
                    rows[pages[index].path] = row
            done += len(found)
            if len(rows) >= BATCH_ROWS:
                store_rows(rows)
                rows = {}
            progress("rendering", done, len(pages))
        store_rows(rows)

    try:
        for page_type, group in by_type.items():
            page_type.prepare(group, renderer, Path(stage.folder), jobs)
        last = [number for number, page in enumerate(pages) if type_of(page).phase is Phase.FEED]
        render_all(_units(pages, range(len(pages) - len(last))))
        if last:
            for page_type in by_type:
                if page_type.phase is Phase.FEED:
                    page_type.begin(renderer)
            render_all(_shares(pages, last))
    finally:
        renderer.items.close_spool()
    return _staged_files(results)


def _staged_files(results: Sequence[_Outcome]) -> list[StagedFile]:
    """Return the results, which are all files; raise SiteError with all problems if any are not."""
    problems = [problem for result in results if not isinstance(result, StagedFile) for problem in result]
    if problems:
        raise SiteError(_first_of_each(problems))
    return [result for result in results if isinstance(result, StagedFile)]


def _shared(result: _Outcome, path: str, known_reads: dict[NamedFingerprints, NamedFingerprints]) -> _Outcome:
    """Return a result with the strings that this process has: a worker sends copies of them with each page."""
    if not isinstance(result, StagedFile):
        return result
    staged = path if result.staged == path else result.staged
    return replace(result, path=path, reads=known_reads.setdefault(result.reads, result.reads), staged=staged)


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
