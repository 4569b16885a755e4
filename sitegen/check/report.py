"""Findings as text for people and as plain values for programs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sitegen.check.finding import LEVELS, Finding


def format_findings(findings: Sequence[Finding]) -> str:
    """Return the findings as text, one paragraph each, and a last line that counts them."""
    return "\n".join([*map(_format, findings), count_findings(findings)])


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
