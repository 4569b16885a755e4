"""Cross-page checks: fragments, orphans, redirects, duplicates."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sitegen.check.documents.document_facts import Documents
from sitegen.check.images import SUFFIXES
from sitegen.check.links import resolve
from sitegen.check.links.redirects import FILE as REDIRECTS
from sitegen.check.links.redirects import RedirectRule, check_redirects
from sitegen.check.links.resolve import Hosting, locate, page_path
from sitegen.check.pages.page_facts import CheckedPage
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.site_urls import ERROR_PAGE, is_error_page

ID = re.compile(r"\bid=[\"']([^\"']*)[\"']")
REPEATED_BY_FEEDS = frozenset(("broken-link", "broken-image", "broken-media", "broken-frame", "broken-comment-link"))
UNLINKED = frozenset(("index.html", "robots.txt", "favicon.ico", "CNAME", REDIRECTS, "_headers"))
LOOSE = frozenset((*SUFFIXES, ".svg", ".css", ".pdf", ".mp3", ".mp4", ".webm", ".ogg", ".zip", ".ico"))
"""Files that visitors only reach through a link; scripts and data may also be fetched by other scripts."""


def check_redirect_rules(hosting: Hosting, rules: Sequence[RedirectRule], aliases: frozenset[str]) -> Iterator[Problem]:
    """Yield what is wrong with the redirect rules, given all files.

    `aliases` are the pages that only redirect their visitors. They exist next to a rule, for hosts
    that do not support rules, and do not conflict with it.
    """
    answered: dict[str, str] = {}
    for path in hosting.files - aliases:
        address = page_path(hosting, path)
        answered[address] = answered[address.rstrip("/") or "/"] = path
        answered[hosting.base + path] = path
    yield from check_redirects(rules, answered)
    for rule in rules:
        if rule.status >= 400 and rule.target.startswith("/") and "*" in rule.source:
            continue
        if ":" in rule.target.partition("://")[2] or (":" in rule.target and "://" not in rule.target):
            continue
        if locate(hosting, "", quote(rule.target, safe="/:?#%=&")).how in (resolve.MISSING, resolve.CASE):
            message = f'the redirect of "{rule.source}" leads to "{rule.target}", which does not exist'
            yield page_problem("broken-redirect", REDIRECTS, rule.line, message, "redirect to a page", rule.target)


def check_canonicals(hosting: Hosting, pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Yield each page whose canonical URL is that of another page."""
    for path, facts in pages.items():
        for url in facts.canonicals if not facts.refresh else ():
            address = locate(hosting, path, url)
            if address.how in resolve.FOUND and address.path != path and address.path in pages:
                message = f"the canonical URL of the page is that of {address.path}"
                hint = "use the page's own URL: otherwise search engines do not list it"
                yield page_problem("canonical-elsewhere", path, 0, message, hint, url)


def drop_repeated(hosting: Hosting, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems without those of feeds that a page has too, because feeds repeat the links of posts."""
    problems = list(problems)
    reported = {
        locate(hosting, problem.page, problem.search_text).path
        for problem in problems
        if problem.id in REPEATED_BY_FEEDS
    }
    for problem in problems:
        if problem.id != "broken-feed-url" or locate(hosting, problem.page, problem.search_text).path not in reported:
            yield problem


def check_refreshes(hosting: Hosting, pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Follow the pages that redirect their visitors, as aliases do, and yield loops and chains."""
    for path, facts in pages.items():
        steps = [path]
        following = facts
        while following.refresh:
            address = locate(hosting, following.path, following.refresh)
            if address.how not in resolve.FOUND or address.path not in pages:
                break
            if address.path in steps:
                message = f"the redirect runs in a circle: {' → '.join([*steps, address.path])}"
                yield page_problem("redirect-loop", path, 0, message, "redirect to a page")
                break
            steps.append(address.path)
            following = pages[address.path]
        if len(steps) > 2 and not following.refresh:
            message = f"the redirect reaches {steps[-1]} only after {len(steps) - 1} steps"
            yield page_problem("redirect-chain", path, 0, message, "redirect there directly")


def check_svg_symbols(output: Path, pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Yield each use of a symbol that its SVG file does not have; links to fragments of such files are not checked."""
    ids: dict[str, set[str]] = {}
    for path, facts in pages.items():
        for jump in facts.jumps:
            if not jump.target.endswith(".svg"):
                continue
            if jump.target not in ids:
                ids[jump.target] = set(ID.findall((output / jump.target).read_text("utf-8", errors="replace")))
            if jump.fragment not in ids[jump.target]:
                message = f'the image "{jump.url}" is missing: {jump.target} has no id "{jump.fragment}"'
                hint = "correct what follows the #, or add the symbol to the file"
                yield page_problem("broken-fragment", path, jump.line, message, hint, jump.url)


def check_fragments(pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Yield each link to a fragment that its page does not have."""
    for path, facts in pages.items():
        for jump in facts.jumps:
            target = pages.get(jump.target)
            written = jump.url.partition("#")[2].partition(":~:")[0]
            if target is None or target.refresh or target.ids & {jump.fragment, written} or written.lower() == "top":
                continue
            where = "this page has" if jump.target == path else f"{jump.target} has"
            message = f'the fragment of the link "{jump.url}" does not exist: {where} no id "{jump.fragment}"'
            hint = "correct the part after the #: the heading may have been renamed"
            yield page_problem("broken-fragment", path, jump.line, message, hint, jump.url)


def check_redirected_links(pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Yield each link to a page that redirects its visitors."""
    aliases = {path for path, facts in pages.items() if facts.refresh}
    for path, facts in pages.items():
        for target in sorted(facts.targets & aliases) if not facts.refresh else ():
            message = f'a link leads to {target}, which redirects to "{pages[target].refresh}"'
            needle = "/" + target.removesuffix("index.html")
            yield page_problem("redirected-link", path, 0, message, "link to the new URL", needle)


def check_orphans(
    files: Iterable[str], pages: Mapping[str, CheckedPage], documents: Documents, inputs: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield the pages that no other page links to, and the files that nothing uses except `inputs` of the build."""
    linked = {*UNLINKED, *inputs}
    for path, facts in pages.items():
        linked |= facts.targets - {path} if path in facts.targets else facts.targets
    for path in files:
        if path in linked or is_error_page(path) or path.startswith((".well-known/", ".")):
            continue
        if path in pages and not pages[path].refresh:
            hint = "link to it, or remove it from the site"
            yield page_problem("orphan-page", path, 0, f"no page links to {path}", hint)
        elif path not in documents.targets and Path(path).suffix.lower() in LOOSE:
            yield page_problem("orphan-file", path, 0, f"nothing in the site uses {path}", "link to it, or remove it")


def check_error_page_exists(hosting: Hosting) -> Iterator[Problem]:
    """Yield a problem if the site has no error page."""
    if ERROR_PAGE not in hosting.files:
        message = f"the site has no {ERROR_PAGE}, which hosts show for pages that do not exist"
        yield page_problem("missing-404", ERROR_PAGE, 0, message, f"add a template {ERROR_PAGE}")


def check_duplicates(pages: Mapping[str, CheckedPage]) -> Iterator[Problem]:
    """Yield the pages that share their title or description with another."""
    shown = [facts for facts in pages.values() if not facts.refresh and "noindex" not in facts.robots]
    for problem_type, noun in (("duplicate-title", "title"), ("duplicate-description", "description")):
        first: dict[str, str] = {}
        for facts in shown:
            text = facts.title if problem_type == "duplicate-title" else facts.description
            if text and text in first:
                message = f'the {noun} "{text[:80]}" is also that of {first[text]}'
                hint = f"give each page its own {noun}"
                yield page_problem(
                    problem_type, facts.path, 0, message, hint, "title" if noun == "title" else text[:40]
                )
            elif text:
                first[text] = facts.path


def check_sitemap_entries(pages: Mapping[str, CheckedPage], documents: Documents) -> Iterator[Problem]:
    """Yield the pages that a sitemap lists although they ask not to be indexed."""
    for target, (sitemap, line) in documents.listed.items():
        facts = pages.get(target)
        if facts is not None and ("noindex" in facts.robots or facts.refresh):
            why = "redirects its visitors" if facts.refresh else "asks not to be indexed"
            message = f"the sitemap lists {target}, which {why}"
            yield page_problem("sitemap-noindex", sitemap, line, message, "remove it from the sitemap")
