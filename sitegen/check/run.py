"""The judgement of a whole built site: every page by itself, and all of them together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.check.cross_page import (
    judge_absent_error_page,
    judge_canonicals,
    judge_detours,
    judge_jumps,
    judge_likeness,
    judge_listed,
    judge_orphans,
    judge_refreshes,
    judge_rules,
    judge_symbols,
)
from sitegen.check.documents.links import read_documents
from sitegen.check.documents.robots import FILE as ROBOTS
from sitegen.check.documents.robots import find_blocked_posts
from sitegen.check.external.link_checker import check_outgoing
from sitegen.check.findings import KINDS, Fault, Finding
from sitegen.check.images import judge_image
from sitegen.check.links.redirects import FILE as REDIRECTS
from sitegen.check.links.redirects import Redirect, read_redirects
from sitegen.check.links.resolve import Hosting, host_files
from sitegen.check.options import Options, Outside
from sitegen.check.pages.page_facts import PageFacts, read_page
from sitegen.check.planned import compare_files, find_unarchived
from sitegen.check.posts import judge_posts, judge_unlisted
from sitegen.check.source_locations import SourceLines, place_faults
from sitegen.formats.site_urls import is_page_file
from sitegen.model import Post
from sitegen.system.gc import collector_paused
from sitegen.system.processes import spread


@dataclass(frozen=True, slots=True)
class Survey:
    """All faults of a site, and its outgoing links: URL to the pages and lines where it stands."""

    faults: tuple[Fault, ...]
    outgoing: Mapping[str, tuple[tuple[str, int], ...]]


def discover_files(output: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted, with forward slashes."""
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())


def check_site(
    output: Path,
    files: Sequence[str],
    base_url: str,
    posts: Mapping[str, Post],
    source_lines: SourceLines,
    options: Options,
) -> list[Finding]:
    """Judge a built site, and return what is wrong with it, gravest first.

    `files` are the paths of its files below `output`; `posts` leads from such a path to the post
    that it shows; `source_lines` finds a URL or text in a post's own file.
    """
    with collector_paused():
        survey = survey_site(output, files, base_url, posts, options)
        faults = list(survey.faults)
        if options.outside is not None:
            faults += _judge_outgoing(survey, options.outside)
        return place_faults(faults, posts, source_lines, output.name)


def _judge_outgoing(survey: Survey, outside: Outside) -> list[Fault]:
    faults, left = check_outgoing(survey.outgoing, outside.cache, outside.now, outside.manners)
    if left:
        message = f"{left:,} outgoing links were left for the next run, which goes on where this one stopped"
        faults.append(Fault("unchecked-external", "", 0, message, "run the check again"))
    return faults


def survey_site(
    output: Path, files: Sequence[str], base_url: str, posts: Mapping[str, Post], options: Options
) -> Survey:
    """Read a whole site once, and return its faults of the groups asked for, and its outgoing links."""
    rules: list[Redirect] = []
    faults: list[Fault] = []
    if REDIRECTS in files:
        rules, faults = read_redirects((output / REDIRECTS).read_text("utf-8", errors="replace"))
    hosting = host_files(base_url, files, rules)
    pages = {facts.path: facts for facts in _read_pages(output, files, hosting, options)}
    for facts in pages.values():
        faults += facts.faults
    others = [path for path in files if path not in pages]
    documents = read_documents(output, others, hosting, options.groups, options.jobs)
    faults += documents.faults
    faults += judge_rules(hosting, rules, frozenset(path for path, facts in pages.items() if facts.refresh))
    faults += judge_canonicals(hosting, pages)
    faults += judge_refreshes(hosting, pages)
    faults += judge_jumps(pages)
    faults += judge_symbols(output, pages)
    faults += judge_detours(pages)
    faults += judge_orphans(files, pages, documents)
    faults += judge_absent_error_page(hosting)
    faults += judge_likeness(pages)
    faults += judge_listed(pages, documents)
    faults += judge_unlisted(hosting, posts, pages, documents)
    faults += judge_posts(hosting, posts, pages, options.limits)
    if ROBOTS in hosting.files:
        faults += find_blocked_posts(hosting, (output / ROBOTS).read_text("utf-8", errors="replace"), posts, pages)
    if options.plan is not None:
        faults += compare_files(options.plan, files)
        faults += find_unarchived(hosting, options.plan, posts, documents)
    if "images" in options.groups:
        for path in files:
            faults += judge_image(output, path, options.limits)
    kept = tuple(fault for fault in faults if KINDS[fault.kind].group in options.groups)
    outgoing: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for facts in pages.values():
        for url, line in facts.external:
            outgoing[url.partition("#")[0]].append((facts.path, line))
    return Survey(kept, {url: tuple(places) for url, places in sorted(outgoing.items())})


def _read_pages(output: Path, files: Sequence[str], hosting: Hosting, options: Options) -> Iterator[PageFacts]:
    place = str(output)

    def load(path: str) -> bytes:
        with open(f"{place}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 - thirteen thousand times
            return file.readall()

    def read(path: str) -> PageFacts:
        return read_page(path, load(path), hosting, options.limits)

    # A redirect from an old URL may be called `/old.php`; a program of that name is not a page.
    names = [
        path
        for path in files
        if path.endswith((".html", ".htm"))
        or (is_page_file(path) and load(path)[:15].lower().startswith(b"<!doctype html"))
    ]
    return spread(read, names, options.jobs)
