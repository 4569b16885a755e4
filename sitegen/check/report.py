"""The problems of a check as text, and as plain values for programs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sitegen.check.problem_types import SEVERITIES
from sitegen.errors import ERROR, Problem

MAX_REPEATED = 5
"""Number of warnings or pieces of advice of one type that are listed; of more, only the first ones are."""

SHOWN_REPEATED = 3
"""Number of problems of a type that are listed if there are more than MAX_REPEATED."""


def format_problems(
    problems: Sequence[Problem], is_imported: Callable[[str], bool] | None = None, *, full: bool = True
) -> str:
    """Return the problems as text, one paragraph each, and last lines that count them.

    Unless `full`, only a few warnings or pieces of advice of each type are listed, and the others are counted by type.
    `is_imported` returns whether a path is that of an imported post, whose problems are also counted separately.
    """
    shown, hidden = (problems, Counter[tuple[str, str]]()) if full else _select(problems)
    return "\n".join([*map(_format, shown), *_format_hidden(hidden), *_count(problems, is_imported)])


def _select(problems: Sequence[Problem]) -> tuple[list[Problem], Counter[tuple[str, str]]]:
    """Return the problems to list, and how many others there are by severity and type."""
    counts = Counter((problem.severity, problem.id) for problem in problems)
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[Problem] = []
    for problem in problems:
        key = problem.severity, problem.id
        seen[key] += 1
        if problem.severity == ERROR or counts[key] <= MAX_REPEATED or seen[key] <= SHOWN_REPEATED:
            shown.append(problem)
    hidden = counts - Counter((problem.severity, problem.id) for problem in shown)
    return shown, hidden


def _format_hidden(hidden: Counter[tuple[str, str]]) -> Iterator[str]:
    if not hidden:
        return
    yield "More problems of the same types (use -v to list them):"
    rank = SEVERITIES.index
    for (severity, id_), count in sorted(hidden.items(), key=lambda one: (rank(one[0][0]), -one[1], one[0])):
        yield f"    {count:,} × {severity} [{id_}]"


def _count(problems: Sequence[Problem], is_imported: Callable[[str], bool] | None) -> Iterator[str]:
    yield count_problems(problems)
    if is_imported is not None and (imported := [one for one in problems if is_imported(one.path)]):
        yield f"In imported posts: {count_problems(imported)}"


def count_problems(problems: Iterable[Problem]) -> str:
    """Return how many problems of each severity there are, such as "1 error, 2 warnings"."""
    counts = Counter(problem.severity for problem in problems)
    words = {
        "error": ("error", "errors"),
        "warning": ("warning", "warnings"),
        "advice": ("piece of advice", "pieces of advice"),
    }
    parts = [f"{counts[name]:,} {words[name][counts[name] != 1]}" for name in SEVERITIES if counts[name]]
    return ", ".join(parts) or "No problems found"


def _format(problem: Problem) -> str:
    location = f"{problem.path}:{problem.line}" if problem.line else problem.path
    rows = [f"{location}: {problem.severity}: {problem.message} [{problem.id}]"]
    if not problem.path.endswith("/" + problem.page):
        rows.append(f"on {problem.page}:{problem.page_line}" if problem.page_line else f"on {problem.page}")
    if problem.more_pages:
        rows.append(f"and on {problem.more_pages:,} more pages")
    rows += [text for text in (problem.excerpt, problem.hint) if text]
    return "\n    ".join(rows)
