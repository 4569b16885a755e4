"""The judgement of a whole built site: every page by itself, and all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sitegen.check import addresses
from sitegen.check.addresses import Hosting, host_files, locate, page_path
from sitegen.check.documents import feed_targets, is_feed, judge_robots, read_sitemap, style_targets
from sitegen.check.facts import Limits, PageFacts, read_page
from sitegen.check.finding import GROUPS, KINDS, Fault, Finding
from sitegen.check.images import SUFFIXES, judge_image
from sitegen.check.places import SourceLines, place_faults
from sitegen.check.posts import judge_posts
from sitegen.check.redirects import FILE as REDIRECTS
from sitegen.check.redirects import Redirect, judge_redirects, read_redirects
from sitegen.model import Post
from sitegen.parallel import spread

UNLINKED = frozenset(("index.html", "404.html", "robots.txt", "favicon.ico", "CNAME", REDIRECTS, "_headers"))
LOOSE = frozenset((*SUFFIXES, ".svg", ".css", ".pdf", ".mp3", ".mp4", ".webm", ".ogg", ".zip", ".ico"))
"""Files that nobody finds unless something names them; scripts and data may be fetched by other scripts."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which parts of the check to make, with which limits, in how many processes."""

    groups: frozenset[str] = frozenset(GROUPS)
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Survey:
    """All faults of a site, and its outgoing links: URL to the pages and lines where it stands."""

    faults: tuple[Fault, ...]
    outgoing: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Documents:
    """What the files that are no pages came to: the files they name, the feeds, and the sitemaps' entries."""

    targets: frozenset[str]
    feeds: frozenset[str]
    listed: Mapping[str, tuple[str, int]]
    faults: tuple[Fault, ...]


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
    survey = survey_site(output, files, base_url, posts, options)
    return place_faults(survey.faults, posts, source_lines, output.name)


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
    documents = _read_documents(output, [path for path in files if path not in pages], hosting, options)
    faults += documents.faults
    faults += _judge_rules(hosting, rules)
    faults += _judge_refreshes(hosting, pages)
    faults += _judge_jumps(pages)
    faults += _judge_detours(pages)
    faults += _judge_orphans(files, pages, documents)
    faults += _judge_likeness(pages)
    faults += _judge_listed(pages, documents)
    faults += judge_posts(posts, pages, options.limits)
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
    names = [path for path in files if path.endswith((".html", ".htm"))]

    def read(path: str) -> PageFacts:
        return read_page(path, (output / path).read_bytes(), hosting, options.limits)

    return spread(read, names, options.jobs)


def _read_documents(output: Path, files: Iterable[str], hosting: Hosting, options: Options) -> Documents:
    targets: set[str] = set()
    feeds: set[str] = set()
    listed: dict[str, tuple[str, int]] = {}
    faults: list[Fault] = []
    for path in files:
        if path.endswith(".css"):
            found, more = style_targets(hosting, path, (output / path).read_text("utf-8", errors="replace"))
        elif path.rpartition("/")[2].startswith("sitemap") and path.endswith(".xml"):
            entries, more = read_sitemap(hosting, path, (output / path).read_bytes())
            listed.update((target, (path, line)) for target, line in entries.items())
            found = {target for target in entries if target.endswith(".xml")}
        elif path == "robots.txt":
            text = (output / path).read_text("utf-8", errors="replace")
            found, more = set(), list(judge_robots(hosting, path, text))
        elif path.endswith((".xml", ".json", ".rss", ".atom", ".rdf")):
            data = (output / path).read_bytes()
            text = data.decode("utf-8", "replace")
            if not is_feed(path, text[:2000]):
                continue
            feeds.add(path)
            found, more = feed_targets(hosting, path, text)
            if "feeds" in options.groups:
                from sitegen.check.feeds import check_feed  # noqa: PLC0415 - a site without feeds needs no XML

                more += [
                    Fault("bad-feed", path, problem.line, problem.message, problem.hint)
                    for problem in check_feed(data, path)
                ]
        else:
            continue
        targets |= found
        faults += more
    return Documents(frozenset(targets), frozenset(feeds), listed, tuple(faults))


def _judge_rules(hosting: Hosting, rules: Sequence[Redirect]) -> Iterator[Fault]:
    answered: dict[str, str] = {}
    for path in hosting.files:
        address = page_path(hosting, path)
        answered[address] = answered[address.rstrip("/") or "/"] = path
        answered[hosting.base + path] = path
    yield from judge_redirects(rules, answered)
    for rule in rules:
        if rule.status >= 400 and rule.target.startswith("/") and "*" in rule.source:
            continue
        if ":" in rule.target.partition("://")[2] or (":" in rule.target and "://" not in rule.target):
            continue
        if locate(hosting, "", quote(rule.target, safe="/:?#%=&")).how in (addresses.MISSING, addresses.CASE):
            message = f'the redirect of "{rule.source}" leads to "{rule.target}", which is no file'
            yield Fault("broken-redirect", REDIRECTS, rule.line, message, "let it lead to a page", rule.target)


def _judge_refreshes(hosting: Hosting, pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Follow the pages that only send their visitors on, as aliases do."""
    for path, facts in pages.items():
        steps = [path]
        following = facts
        while following.refresh:
            address = locate(hosting, following.path, following.refresh)
            if address.how not in addresses.FOUND or address.path not in pages:
                break
            if address.path in steps:
                message = f"the redirect runs in a circle: {' → '.join([*steps, address.path])}"
                yield Fault("redirect-loop", path, 0, message, "let it lead to a page that stays")
                break
            steps.append(address.path)
            following = pages[address.path]
        if len(steps) > 2 and not following.refresh:
            message = f"the redirect reaches {steps[-1]} only after {len(steps) - 1} steps"
            yield Fault("redirect-chain", path, 0, message, "let it lead there at once")


def _judge_jumps(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    for path, facts in pages.items():
        for jump in facts.jumps:
            target = pages.get(jump.target)
            written = jump.url.partition("#")[2].partition(":~:")[0]
            if target is None or target.refresh or target.ids & {jump.fragment, written} or written.lower() == "top":
                continue
            where = "this page has" if jump.target == path else f"{jump.target} has"
            message = f'the link "{jump.url}" leads to a place that is not there: {where} no id "{jump.fragment}"'
            hint = "correct what stands behind the #: the heading may have changed its words"
            yield Fault("broken-fragment", path, jump.line, message, hint, jump.url)


def _judge_detours(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    aliases = {path for path, facts in pages.items() if facts.refresh}
    for path, facts in pages.items():
        for target in sorted(facts.targets & aliases) if not facts.refresh else ():
            message = f'a link leads to {target}, which sends its visitors on to "{pages[target].refresh}"'
            needle = "/" + target.removesuffix("index.html")
            yield Fault("redirected-link", path, 0, message, "link to the new place itself", needle)


def _judge_orphans(files: Iterable[str], pages: Mapping[str, PageFacts], documents: Documents) -> Iterator[Fault]:
    linked = {target for path, facts in pages.items() for target in facts.targets if target != path}
    for path in files:
        if path in linked or path in UNLINKED or path.startswith((".well-known/", ".")):
            continue
        if path in pages and not pages[path].refresh:
            hint = "link to it, or take it out of the site"
            yield Fault("orphan-page", path, 0, "no page links to this one", hint)
        elif path not in documents.targets and Path(path).suffix.lower() in LOOSE:
            yield Fault("orphan-file", path, 0, "nothing in the site uses this file", "link to it, or take it away")


def _judge_likeness(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    shown = [facts for facts in pages.values() if not facts.refresh and "noindex" not in facts.robots]
    for kind, noun in (("duplicate-title", "title"), ("duplicate-description", "description")):
        first: dict[str, str] = {}
        for facts in shown:
            text = facts.title if kind == "duplicate-title" else facts.description
            if text and text in first:
                message = f'the {noun} "{text[:80]}" is that of {first[text]} too'
                hint = f"give each page a {noun} of its own, so that readers can tell them apart"
                yield Fault(kind, facts.path, 0, message, hint, "title" if noun == "title" else text[:40])
            elif text:
                first[text] = facts.path


def _judge_listed(pages: Mapping[str, PageFacts], documents: Documents) -> Iterator[Fault]:
    for target, (sitemap, line) in documents.listed.items():
        facts = pages.get(target)
        if facts is not None and ("noindex" in facts.robots or facts.refresh):
            why = "sends its visitors on" if facts.refresh else "asks not to be indexed"
            message = f"the sitemap lists {target}, which {why}"
            yield Fault("sitemap-noindex", sitemap, line, message, "leave it out of the sitemap")
