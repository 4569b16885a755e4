"""Drawing pages, in several processes where there are many, into the folder where they wait."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sitegen.errors import Problem, SiteError
from sitegen.output import Drawn, Output
from sitegen.pages import Asset, SearchFile
from sitegen.parallel import spread
from sitegen.plan import Page
from sitegen.render import Renderer


def draw_pages(
    pages: Sequence[Page],
    renderer: Renderer,
    output: Output,
    place: Callable[[str], Path],
    jobs: int,
    progress: Callable[[int, int], None],
) -> list[Drawn]:
    """Draw pages and hold their bytes until all are there; raise SiteError with the problems of all.

    `place` finds the file of an asset; `progress` is told after each page how many are drawn, and of how many.
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
        return output.hold(page.path, key, rendered.reads, rendered.data)

    def task(unit: Sequence[int]) -> list[Drawn | tuple[Problem, ...]]:
        return [draw(index) for index in unit]

    drawn: list[Drawn] = []
    problems: list[Problem] = []
    for results in spread(task, _units(pages), jobs):
        for result in results:
            if isinstance(result, Drawn):
                drawn.append(result)
            else:
                problems += result
        progress(len(drawn), len(pages))
    if problems:
        raise SiteError(_first_of_each(problems))
    return drawn


def _first_of_each(problems: Sequence[Problem]) -> list[Problem]:
    """Return one problem a place: a fault in a template that every page uses is one fault."""
    found: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.path, problem.line, problem.excerpt), problem)
    return list(found.values())


def _units(pages: Sequence[Page]) -> list[range]:
    """Return the pages' numbers in runs to be drawn by one process: the search files of a year are made together."""
    starts = [0]
    for index in range(1, len(pages)):
        one, other = pages[index - 1], pages[index]
        if not (isinstance(one, SearchFile) and isinstance(other, SearchFile) and one.year is other.year):
            starts.append(index)
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(pages)], strict=True) if end > start]
