"""Where a fault comes from: the post's file and line, or the built file where a template is to blame."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from sitegen.check.findings import KINDS, LEVELS, WARNING, Fault, Finding
from sitegen.check.links.redirects import plain_path
from sitegen.errors import Problem
from sitegen.model import Post

SAME = 3
"""The same fault on more pages than this, and in no post's own text, comes from a template, and is told once."""

LINK_FAULTS = frozenset(
    (
        "broken-link",
        "broken-image",
        "broken-media",
        "broken-frame",
        "broken-feed-url",
        "broken-fragment",
        "development-link",
    )
)
"""What is only a warning in a post with `broken_links: warning`."""

SourceLines = Callable[[Post, str], tuple[int, str]]


def lines_of_posts(root: Path) -> SourceLines:
    """Return a function that finds a URL or text in a post's file: its line from 1 (or 0) and that line's text."""

    @lru_cache(maxsize=16)
    def read(path: str) -> str:
        file = root / path
        return file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""

    return lambda post, needle: find_line(read(post.path), needle)


def find_line(text: str, needle: str) -> tuple[int, str]:
    """Return the line, from 1, and its text, where a URL or some words of a page stand in a post's file.

    A page's URL may be written otherwise there: not quoted, without the base URL, as a file name. So
    it is looked for as it is, then unquoted, then by its path's end. (0, "") means not found.
    """
    for wanted in _spellings(needle):
        place = text.find(wanted) if len(wanted) > 1 or wanted == "|" else -1
        if place >= 0:
            line = text.count("\n", 0, place) + 1
            return line, text.split("\n", line)[line - 1].strip()[:200]
    return 0, ""


def _spellings(needle: str) -> Iterator[str]:
    yield needle
    yield unquote(needle)
    path = plain_path(needle) if _is_url(needle) else ""
    yield path
    yield path.removesuffix("index.html").rstrip("/").rpartition("/")[2].removesuffix(".html")


def place_faults(
    faults: Iterable[Fault], posts: Mapping[str, Post], source_lines: SourceLines, folder: str
) -> list[Finding]:
    """Return the findings for some faults, gravest first, then by place.

    A broken link in a post with `broken_links: warning` is a warning on the post's page, and on the lists
    and in the feeds that repeat it.
    """
    lines: dict[Fault, tuple[int, str]] = dict.fromkeys(faults, (0, ""))
    tolerated = {
        plain_path(fault.needle)
        for fault in lines
        if fault.kind in LINK_FAULTS and fault.page in posts and posts[fault.page].broken_links == WARNING
    }
    # Page by page, so that each post's file is read once.
    for fault in sorted([fault for fault in lines if fault.needle and fault.page in posts], key=lambda item: item.page):
        lines[fault] = source_lines(posts[fault.page], fault.needle)
    placed: list[tuple[Fault, int, str]] = []
    alike: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault, (line, excerpt) in lines.items():
        placed.append((fault, line, excerpt))
        if not line:
            alike[fault.kind, fault.message].append(fault)
    spread = {key: len({fault.page for fault in same}) for key, same in alike.items()}
    findings: list[Finding] = []
    for fault, line, excerpt in placed:
        key = fault.kind, fault.message
        pages = 0 if line else spread[key]
        common = pages > SAME
        if common and fault is not alike[key][0]:
            continue
        post = posts.get(fault.page) if not common else None
        path, number = (post.path, line) if post else (f"{folder}/{fault.page}".rstrip("/"), fault.line)
        problem = Problem(path, number, fault.message, fault.hint, excerpt)
        more = pages - 1 if common else 0
        level = KINDS[fault.kind].level
        if fault.kind in LINK_FAULTS and plain_path(fault.needle) in tolerated:
            owner = posts.get(fault.page)
            level = WARNING if owner is None or owner.broken_links == WARNING else level
        findings.append(Finding(level, fault.kind, problem, fault.page, fault.line, more))
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[int, str, int, str, str, int]:
    problem = finding.problem
    return (
        LEVELS.index(finding.level),
        problem.path,
        problem.line,
        problem.message,
        finding.page,
        finding.page_line,
    )


def _is_url(text: str) -> bool:
    return "/" in text and " " not in text and "<" not in text
