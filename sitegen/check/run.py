"""The check of a built site: every page alone, and all of them together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sitegen.check.cross_page import (
    check_canonicals,
    check_duplicates,
    check_error_page_exists,
    check_fragments,
    check_orphans,
    check_redirect_rules,
    check_redirected_links,
    check_refreshes,
    check_sitemap_entries,
    check_svg_symbols,
    drop_repeated,
)
from sitegen.check.documents.links import find_size, read_documents
from sitegen.check.documents.robots import FILE as ROBOTS
from sitegen.check.documents.robots import find_blocked_posts
from sitegen.check.facts_cache import FactsCache
from sitegen.check.image_sizes import check_sizes
from sitegen.check.images import check_image, find_encoded
from sitegen.check.last_reports import LastReports
from sitegen.check.links.located_urls import UrlKey, record_urls
from sitegen.check.links.redirects import FILE as REDIRECTS
from sitegen.check.links.redirects import RedirectRule, read_redirects
from sitegen.check.links.resolve import Hosting, host_files
from sitegen.check.options import REPORTS_SUFFIX, CheckOptions, OutgoingCheck
from sitegen.check.pages.page_facts import CheckedPage, read_page
from sitegen.check.pages.versions import check_versions
from sitegen.check.planned import compare_files, find_unarchived
from sitegen.check.posts import check_posts, check_sitemap_coverage, drop_known_counts
from sitegen.check.problem_types import GROUPS, PROBLEM_TYPES, page_problem
from sitegen.check.source_locations import KnownLines, SourceLines, locate_problems
from sitegen.errors import Problem
from sitegen.formats.site_urls import is_page_file
from sitegen.model import Post
from sitegen.site.editor_page import PAGE as EDITOR_PAGE
from sitegen.site.editor_page import is_editor_page
from sitegen.system.fingerprints import of_bytes, of_installation, of_value
from sitegen.system.gc import collector_paused
from sitegen.system.processes import spread


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All problems of a site, and the outgoing links of each page with their lines."""

    problems: tuple[Problem, ...]
    external: Mapping[str, tuple[tuple[str, int], ...]]

    @property
    def outgoing(self) -> dict[str, list[tuple[str, int]]]:
        """The outgoing links: for each URL the pages and lines that have it."""
        outgoing: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, links in self.external.items():
            for url, line in links:
                outgoing[url.partition("#")[0]].append((path, line))
        return dict(sorted(outgoing.items()))


def check_site(
    output: Path,
    files: Sequence[str],
    base_url: str,
    posts: Mapping[str, Post],
    source_lines: SourceLines,
    options: CheckOptions,
) -> list[Problem]:
    """Check a built site, and return its problems, errors first.

    `files` are the paths of its files below `output`; `posts` maps such a path to the post
    that it shows; `source_lines` finds a URL or text in a post's own file.
    """
    with collector_paused():
        reports = _open_reports(output, files, base_url, posts, options)
        if reports is not None and (known := reports.find()) is not None:
            return known
        facts = read_site(output, files, base_url, posts, options)
        problems = list(facts.problems)
        if options.outgoing is not None:
            problems += _check_outgoing(facts, options.outgoing)
        if reports is None:
            return locate_problems(problems, posts, source_lines, output.name)
        lines = KnownLines(source_lines, reports.find_lines(), options.sources)
        located = locate_problems(problems, posts, lines, output.name)
        reports.add(located, lines.found)
        return located


def _open_reports(
    output: Path, files: Sequence[str], base_url: str, posts: Mapping[str, Post], options: CheckOptions
) -> LastReports | None:
    """Return the problems of the last checks; None for a check whose problems depend on what is not fingerprinted."""
    known = [options.fingerprints.get(path, "") for path in files]
    if options.cache is None or options.outgoing is not None or not options.inputs or not all(known):
        return None
    plan = options.plan.foreign if options.plan is not None else None
    shown = tuple((path, post.digest) for path, post in posts.items())
    chosen = tuple(sorted(options.groups)), options.limits, plan
    key = of_value(
        (of_installation(), options.inputs, base_url, output.name, tuple(files), tuple(known), shown, chosen)
    )
    return LastReports(options.cache.with_name(options.cache.name + REPORTS_SUFFIX), key)


def _check_outgoing(facts: SiteFacts, check: OutgoingCheck) -> list[Problem]:
    from sitegen.check.external.link_checker import check_outgoing  # noqa: PLC0415 - loads HTTP and TLS

    problems, left = check_outgoing(facts.outgoing, check.cache, check.now, check.policy)
    if left:
        message = f"{left:,} outgoing links were left for the next run, which goes on where this one stopped"
        problems.append(page_problem("unchecked-external", "", 0, message, "run the check again"))
    return problems


def read_site(
    output: Path, files: Sequence[str], base_url: str, posts: Mapping[str, Post], options: CheckOptions
) -> SiteFacts:
    """Read a whole site once, and return its problems of the groups asked for, and its outgoing links."""
    rules: list[RedirectRule] = []
    problems: list[Problem] = []
    if REDIRECTS in files:
        rules, problems = read_redirects((output / REDIRECTS).read_text("utf-8", errors="replace"))
    hosting = host_files(base_url, files, rules)
    cache = _open_cache(output, hosting, options)
    pages = {facts.path: facts for facts in _read_pages(output, files, hosting, options, cache)}
    for facts in pages.values():
        problems += facts.problems
    others = [path for path in files if path not in pages]
    documents = read_documents(output, others, hosting, options.groups, options.jobs, cache)
    if cache is not None:
        cache.save()
    problems += documents.problems
    problems += check_redirect_rules(hosting, rules, frozenset(path for path, facts in pages.items() if facts.refresh))
    problems += check_canonicals(hosting, pages)
    problems += check_versions(hosting, pages)
    problems += check_refreshes(hosting, pages)
    problems += check_fragments(pages)
    problems += check_svg_symbols(output, pages)
    problems += check_redirected_links(pages)
    problems += check_orphans(files, pages, documents, options.plan.inputs if options.plan else ())
    problems += check_error_page_exists(hosting)
    problems += check_duplicates(pages)
    problems += check_sitemap_entries(pages, documents)
    problems += check_sitemap_coverage(hosting, posts, pages, documents)
    of_posts = list(check_posts(hosting, posts, pages, options.limits))
    problems = [*drop_known_counts(problems, of_posts), *of_posts]
    if ROBOTS in hosting.files:
        problems += find_blocked_posts(hosting, (output / ROBOTS).read_text("utf-8", errors="replace"), posts, pages)
    if options.plan is not None:
        problems += compare_files(options.plan, files)
        problems += find_unarchived(hosting, options.plan, posts, documents)
    if "images" in options.groups:
        encoded = find_encoded(files)
        for path in files:
            problems += check_image(output, path, options.limits, encoded)
        problems += check_sizes(output, {path: facts.sizes for path, facts in pages.items()})
    in_groups = (problem for problem in problems if PROBLEM_TYPES[problem.id].group in options.groups)
    external = {path: facts.external for path, facts in pages.items()}
    return SiteFacts(tuple(drop_repeated(hosting, in_groups)), external)


def _open_cache(output: Path, hosting: Hosting, options: CheckOptions) -> FactsCache | None:
    """Return the cache of what earlier checks have read; None for a check of some groups, which reads less of feeds."""
    if options.cache is None or options.groups != frozenset(GROUPS):
        return None

    def find_digest(path: str) -> str:
        return options.fingerprints.get(path) or of_bytes((output / path).read_bytes())

    dependencies = of_installation(), repr(options.limits)
    size_of = partial(find_size, output, hosting)
    return FactsCache(options.cache, hosting, dependencies, find_digest, size_of)


def _read_pages(
    output: Path, files: Sequence[str], hosting: Hosting, options: CheckOptions, cache: FactsCache | None
) -> Iterator[CheckedPage]:
    location = str(output)

    def load(path: str) -> bytes:
        with open(f"{location}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 - thirteen thousand times
            return file.readall()

    def read(path: str) -> tuple[CheckedPage, str, tuple[UrlKey, ...]]:
        data = load(path)
        if cache is None:
            return read_page(path, data, hosting, options.limits), "", ()
        recorded, located = record_urls(hosting)
        return read_page(path, data, recorded, options.limits), of_bytes(data), tuple(located.keys_used)

    # A redirect from an old URL may be called `/old.php`; a program of that name is not a page.
    names = [
        path
        for path in files
        if (
            path.endswith((".html", ".htm"))
            or (is_page_file(path) and load(path)[:15].lower().startswith(b"<!doctype html"))
        )
        and not (path == EDITOR_PAGE and is_editor_page(path, load(path)))
    ]
    known = {path: cache.find_page(path) for path in names} if cache is not None else {}
    unknown = spread(read, [path for path in names if known.get(path) is None], options.jobs)
    for path in names:
        facts = known.get(path)
        if facts is None:
            facts, digest, urls = next(unknown)
            if cache is not None:
                cache.add_page(facts, digest, urls)
        yield facts
