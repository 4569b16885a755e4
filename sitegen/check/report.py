"""Findings as text for people and as plain values for programs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sitegen.check.findings import ERROR, LEVELS, Finding

MAX_REPEATED = 5
"""Number of warnings or pieces of advice of one type that are shown one by one; of more, the first ones are."""

SHOWN_OF_MANY = 3


def format_findings(
    findings: Sequence[Finding], is_imported: Callable[[str], bool] | None = None, *, full: bool = True
) -> str:
    """Return the findings as text, one paragraph each, and last lines that count them.

    Unless `full`, only a few of many warnings or pieces of advice of one type are shown, and the others are counted
    by type. `is_imported` says whether a path is that of an imported post: their findings are counted apart.
    """
    shown, hidden = (findings, Counter[tuple[str, str]]()) if full else _select(findings)
    return "\n".join([*map(_format, shown), *_format_hidden(hidden), *_count(findings, is_imported)])


def _select(findings: Sequence[Finding]) -> tuple[list[Finding], Counter[tuple[str, str]]]:
    """Return the findings to show, and how many others there are by level and type."""
    counts = Counter((finding.level, finding.kind) for finding in findings)
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[Finding] = []
    for finding in findings:
        key = finding.level, finding.kind
        seen[key] += 1
        if finding.level == ERROR or counts[key] <= MAX_REPEATED or seen[key] <= SHOWN_OF_MANY:
            shown.append(finding)
    hidden = counts - Counter((finding.level, finding.kind) for finding in shown)
    return shown, hidden


def _format_hidden(hidden: Counter[tuple[str, str]]) -> Iterator[str]:
    if not hidden:
        return
    yield "More of the same, which `-v` lists:"
    for (level, kind), count in sorted(hidden.items(), key=lambda one: (LEVELS.index(one[0][0]), -one[1], one[0])):
        yield f"    {count:,} × {level} [{kind}]"


def _count(findings: Sequence[Finding], is_imported: Callable[[str], bool] | None) -> Iterator[str]:
    yield count_findings(findings)
    if is_imported is not None and (imported := [one for one in findings if is_imported(one.problem.path)]):
        yield f"of these in imported posts: {count_findings(imported)}"


def count_findings(findings: Iterable[Finding]) -> str:
    """Return how many findings of each level there are, in words."""
    counts = Counter(finding.level for finding in findings)
    words = {
        "error": ("error", "errors"),
        "warning": ("warning", "warnings"),
        "advice": ("piece of advice", "pieces of advice"),
    }
    told = [f"{counts[level]:,} {words[level][counts[level] != 1]}" for level in LEVELS if counts[level]]
    return ", ".join(told) if told else "nothing to find fault with"


def findings_to_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings as plain values, ready for JSON."""
    return [
        {
            "level": finding.level,
            "kind": finding.kind,
            "path": finding.problem.path,
            "line": finding.problem.line,
            "message": finding.problem.message,
            "hint": finding.problem.hint,
            "excerpt": finding.problem.excerpt,
            "page": finding.page,
            "page_line": finding.page_line,
            "more_pages": finding.more,
        }
        for finding in findings
    ]


def _format(finding: Finding) -> str:
    problem = finding.problem
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    rows = [f"{place}: {finding.level}: {problem.message} [{finding.kind}]"]
    if not problem.path.endswith("/" + finding.page):
        rows.append(f"on {finding.page}:{finding.page_line}" if finding.page_line else f"on {finding.page}")
    if finding.more:
        rows.append(f"and on {finding.more:,} more pages")
    rows += [text for text in (problem.excerpt, problem.hint) if text]
    return "\n    ".join(rows)
