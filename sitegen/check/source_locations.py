"""The source of a problem: a line of the post's file, or the built file if a template causes it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from sitegen.check.links.redirects import plain_path
from sitegen.check.problem_types import SEVERITIES
from sitegen.comments import comment_file_of
from sitegen.errors import WARNING, Problem
from sitegen.model import Post

MAX_REPEATED_PAGES = 3
"""The same problem on more pages than this, and in no post's file, comes from a template and is reported once."""

TEMPLATE_HINT = "search the templates, and settings such as `theme.nav`"

LINK_PROBLEMS = frozenset(
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
"""Problems that are only warnings in a post with `broken_links: warning`."""

BROKEN_COMMENT_LINK = "broken-comment-link"
WORD_PROBLEMS = frozenset(("template-tag", "leaked-mark"))
"""Problems of words, which lists and the links below a post repeat in titles and summaries."""

COMMENT_PROBLEMS = frozenset((BROKEN_COMMENT_LINK, "template-tag"))
"""Problems that can be in a comment of a reader, and so in the comment file of the post."""

SourceLines = Callable[[Post, str], tuple[int, str]]


def lines_of_posts(root: Path) -> SourceLines:
    """Return a function that finds a URL or string in a post's file: the line from 1 (or 0), and its content."""

    @lru_cache(maxsize=16)
    def read(path: str) -> str:
        file = root / path
        return file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""

    return lambda post, needle: find_line(read(post.path), needle)


PostLines = tuple[str, dict[str, tuple[int, str]]]
"""The fingerprint of a post's file, and the lines that were found in it, by what was searched for."""


class KnownLines:
    """Finds lines in posts' files, and caches them, so that a file is read again only if it has changed.

    `known` are the lines that an earlier check has found, and `found` those of this one, by the paths of the files.
    `fingerprints` are those of the files; lines in others are not cached.
    """

    def __init__(self, find: SourceLines, known: Mapping[str, PostLines], fingerprints: Mapping[str, str]) -> None:
        self._find, self._known, self._fingerprints = find, known, fingerprints
        self.found: dict[str, PostLines] = {}

    def __call__(self, post: Post, needle: str) -> tuple[int, str]:
        """Return the line of a post's file, from 1, that has a URL or string, and its content; (0, "") for none."""
        fingerprint = self._fingerprints.get(post.path, "")
        if not fingerprint:
            return self._find(post, needle)
        known = self._known.get(post.path, ("", {}))
        lines = self.found.setdefault(post.path, (fingerprint, {}))[1]
        line = known[1].get(needle) if known[0] == fingerprint else None
        lines[needle] = line if line is not None else self._find(post, needle)
        return lines[needle]


def find_line(text: str, needle: str) -> tuple[int, str]:
    """Return the line of a post's file, from 1, that has a URL or some words of its page, and the line's content.

    The file may write the URL differently: unquoted, without the base URL, or as a file name. The search is for the
    URL as it is, then unquoted, then for the end of its path. (0, "") means not found.
    """
    for wanted in _spellings(needle):
        index = text.find(wanted) if len(wanted) > 1 or wanted == "|" else -1
        if index >= 0:
            line = text.count("\n", 0, index) + 1
            return line, text.split("\n", line)[line - 1].strip()[:200]
    return 0, ""


def _spellings(needle: str) -> Iterator[str]:
    yield needle
    yield unquote(needle)
    path = plain_path(needle) if _is_url(needle) else ""
    yield path
    yield path.removesuffix("index.html").rstrip("/").rpartition("/")[2].removesuffix(".html")


def locate_problems(
    problems: Iterable[Problem], posts: Mapping[str, Post], source_lines: SourceLines, folder: str
) -> list[Problem]:
    """Return the problems of built files with the path and line of their posts, errors first, then by location.

    A problem in a comment has the path and line of the comment file. `posts` are the posts by the files that show them.
    A broken link in a post with `broken_links: warning` is a warning on the post's page, and on the lists and in the
    feeds that repeat it. A problem of the words of a post is not returned for other pages, which repeat its title and
    summary. A problem of more than MAX_REPEATED_PAGES pages that is not in the file of any post is
    returned once: it comes from a template.
    """
    lines, in_comments = _find_lines(problems, posts, source_lines)
    tolerated = {
        plain_path(problem.search_text)
        for problem in lines
        if problem.id in LINK_PROBLEMS and problem.page in posts and posts[problem.page].broken_links == WARNING
    }
    unlocated: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem, (line, _) in lines.items():
        if not line:
            unlocated[problem.id, problem.message].append(problem)
    images = {
        plain_path(problem.search_text) for problem, (line, _) in lines.items() if line and problem.id == "broken-image"
    }
    of_template = _find_template_problems(unlocated, posts.keys(), images)
    if of_template:
        _move_template_problems(lines, unlocated, of_template)
    pages = {key: len({problem.page for problem in same}) for key, same in unlocated.items()}
    of_posts = {(item.id, item.message) for item, (line, _) in lines.items() if line and item.id in WORD_PROBLEMS}
    located: list[Problem] = []
    for problem, (line, excerpt) in lines.items():
        key = problem.id, problem.message
        repeated = not line and pages[key] > MAX_REPEATED_PAGES
        if (not line and key in of_posts) or (repeated and problem is not unlocated[key][0]):
            continue
        post = posts.get(problem.page) if not repeated else None
        source = comment_file_of(post.path) if post and problem in in_comments else post.path if post else ""
        path, number = (source, line) if post else (f"{folder}/{problem.page}".rstrip("/"), problem.page_line)
        severity = problem.severity
        is_of_template = repeated and key in of_template
        if problem.id in LINK_PROBLEMS and not is_of_template and plain_path(problem.search_text) in tolerated:
            owner = posts.get(problem.page)
            severity = WARNING if owner is None or owner.broken_links == WARNING else severity
        more = pages[key] - 1 if repeated else 0
        located.append(
            replace(
                problem,
                path=path,
                line=number,
                excerpt=excerpt,
                severity=severity,
                more_pages=more,
                hint=f"{problem.hint}; {TEMPLATE_HINT}" if is_of_template else problem.hint,
            )
        )
    return list(_drop_repeated_lines(sorted(located, key=_order)))


def _drop_repeated_lines(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems, each once for a line of a file: a page can show a URL of its post more than once."""
    seen: set[tuple[str, str, str, int]] = set()
    for problem in problems:
        key = problem.id, problem.message, problem.path, problem.line
        if not problem.line or key not in seen:
            yield problem
        seen.add(key)


def _find_lines(
    problems: Iterable[Problem], posts: Mapping[str, Post], source_lines: SourceLines
) -> tuple[dict[Problem, tuple[int, str]], set[Problem]]:
    """Return the line of each problem in the post's file or in its comment file, and the problems of the latter."""
    lines: dict[Problem, tuple[int, str]] = dict.fromkeys(problems, (0, ""))
    in_comments: set[Problem] = set()
    in_posts = [problem for problem in lines if problem.search_text and problem.page in posts]
    for problem in sorted(in_posts, key=lambda item: item.page):  # page by page, to read each post's file once
        post = posts[problem.page]
        if problem.id != BROKEN_COMMENT_LINK:
            lines[problem] = source_lines(post, problem.search_text)
        if not lines[problem][0] and problem.id in COMMENT_PROBLEMS:
            lines[problem] = source_lines(replace(post, path=comment_file_of(post.path)), problem.search_text)
            if lines[problem][0]:
                in_comments.add(problem)
    return lines, in_comments


def _find_template_problems(
    unlocated: Mapping[tuple[str, str], list[Problem]], posts: Set[str], images: Set[str]
) -> Mapping[tuple[str, str], int]:
    """Return how often each page has a broken URL of a template, such as one of a menu, by id and message.

    Such a URL is on more than MAX_REPEATED_PAGES pages, and on that of a post whose file does not contain it: lists
    repeat the URLs of posts, but other posts do not, except for `images` of posts, by their paths.
    """
    found: dict[tuple[str, str], int] = {}
    for key, same in unlocated.items():
        if key[0] in LINK_PROBLEMS and plain_path(same[0].search_text) not in images:
            counts = Counter(problem.page for problem in same)
            if len(counts) > MAX_REPEATED_PAGES and not posts.isdisjoint(counts):
                found[key] = min(counts.values())
    return found


def _move_template_problems(
    lines: dict[Problem, tuple[int, str]],
    unlocated: Mapping[tuple[str, str], list[Problem]],
    of_template: Mapping[tuple[str, str], int],
) -> None:
    """Move the problems of templates that the file of a post seems to contain to `unlocated`."""
    moved: Counter[tuple[str, str, str]] = Counter()
    for problem in sorted((problem for problem, (line, _) in lines.items() if line), key=_order_on_page):
        key = problem.id, problem.message
        if moved[(*key, problem.page)] < of_template.get(key, 0):
            moved[(*key, problem.page)] += 1
            lines[problem] = 0, ""
            unlocated[key].append(problem)


def _order_on_page(problem: Problem) -> tuple[str, int]:
    return problem.page, problem.page_line


def _order(problem: Problem) -> tuple[int, str, int, str, str, int]:
    return (
        SEVERITIES.index(problem.severity),
        problem.path,
        problem.line,
        problem.message,
        problem.page,
        problem.page_line,
    )


def _is_url(text: str) -> bool:
    return "/" in text and " " not in text and "<" not in text
