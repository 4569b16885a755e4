"""What only all pages together tell: places within pages, orphans, redirects, likeness."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sitegen.check.documents.links import Documents
from sitegen.check.findings import Fault
from sitegen.check.images import SUFFIXES
from sitegen.check.links import resolve
from sitegen.check.links.redirects import FILE as REDIRECTS
from sitegen.check.links.redirects import Redirect, judge_redirects
from sitegen.check.links.resolve import Hosting, locate, page_path
from sitegen.check.pages.page_facts import PageFacts

ERROR_PAGE = "404.html"
ID = re.compile(r"\bid=[\"']([^\"']*)[\"']")
UNLINKED = frozenset(("index.html", ERROR_PAGE, "robots.txt", "favicon.ico", "CNAME", REDIRECTS, "_headers"))
LOOSE = frozenset((*SUFFIXES, ".svg", ".css", ".pdf", ".mp3", ".mp4", ".webm", ".ogg", ".zip", ".ico"))
"""Files that nobody finds unless something names them; scripts and data may be fetched by other scripts."""


def judge_rules(hosting: Hosting, rules: Sequence[Redirect], aliases: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the redirect rules, now that all files are known.

    `aliases` are the pages that only send their visitors on: they stand beside a rule for the hosts
    that know no rules, and do not collide with it.
    """
    answered: dict[str, str] = {}
    for path in hosting.files - aliases:
        address = page_path(hosting, path)
        answered[address] = answered[address.rstrip("/") or "/"] = path
        answered[hosting.base + path] = path
    yield from judge_redirects(rules, answered)
    for rule in rules:
        if rule.status >= 400 and rule.target.startswith("/") and "*" in rule.source:
            continue
        if ":" in rule.target.partition("://")[2] or (":" in rule.target and "://" not in rule.target):
            continue
        if locate(hosting, "", quote(rule.target, safe="/:?#%=&")).how in (resolve.MISSING, resolve.CASE):
            message = f'the redirect of "{rule.source}" leads to "{rule.target}", which is no file'
            yield Fault("broken-redirect", REDIRECTS, rule.line, message, "let it lead to a page", rule.target)


def judge_canonicals(hosting: Hosting, pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Yield each page that names another page of the site as its real address."""
    for path, facts in pages.items():
        for url in facts.canonicals if not facts.refresh else ():
            address = locate(hosting, path, url)
            if address.how in resolve.FOUND and address.path != path and address.path in pages:
                message = f"the page says that its real address is that of {address.path}"
                hint = "name the page's own address: search engines leave it out otherwise"
                yield Fault("canonical-elsewhere", path, 0, message, hint, url)


def judge_refreshes(hosting: Hosting, pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Follow the pages that only send their visitors on, as aliases do, and yield circles and chains."""
    for path, facts in pages.items():
        steps = [path]
        following = facts
        while following.refresh:
            address = locate(hosting, following.path, following.refresh)
            if address.how not in resolve.FOUND or address.path not in pages:
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


def judge_symbols(output: Path, pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Yield each use of a symbol that its SVG file does not have; links to places in such files are not judged."""
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
                yield Fault("broken-fragment", path, jump.line, message, hint, jump.url)


def judge_jumps(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Yield each link to a place that its page does not have."""
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


def judge_detours(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Yield each link to a page that only sends its visitors on."""
    aliases = {path for path, facts in pages.items() if facts.refresh}
    for path, facts in pages.items():
        for target in sorted(facts.targets & aliases) if not facts.refresh else ():
            message = f'a link leads to {target}, which sends its visitors on to "{pages[target].refresh}"'
            needle = "/" + target.removesuffix("index.html")
            yield Fault("redirected-link", path, 0, message, "link to the new place itself", needle)


def judge_orphans(files: Iterable[str], pages: Mapping[str, PageFacts], documents: Documents) -> Iterator[Fault]:
    """Yield the pages that no other page links to, and the files that nothing uses."""
    linked = {target for path, facts in pages.items() for target in facts.targets if target != path}
    for path in files:
        if path in linked or path in UNLINKED or path.startswith((".well-known/", ".")):
            continue
        if path in pages and not pages[path].refresh:
            hint = "link to it, or take it out of the site"
            yield Fault("orphan-page", path, 0, f"no page links to {path}", hint)
        elif path not in documents.targets and Path(path).suffix.lower() in LOOSE:
            yield Fault("orphan-file", path, 0, f"nothing in the site uses {path}", "link to it, or take it away")


def judge_absent_error_page(hosting: Hosting) -> Iterator[Fault]:
    """Yield a fault for a site of which hosts have no page to show where there is none."""
    if ERROR_PAGE not in hosting.files:
        message = f"the site has no {ERROR_PAGE}, which hosts show to readers of an address that leads nowhere"
        yield Fault("missing-404", ERROR_PAGE, 0, message, f"give it a page, by a template {ERROR_PAGE}")


def judge_likeness(pages: Mapping[str, PageFacts]) -> Iterator[Fault]:
    """Yield the pages that share their title or description with another."""
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


def judge_listed(pages: Mapping[str, PageFacts], documents: Documents) -> Iterator[Fault]:
    """Yield the pages that a sitemap lists although they ask not to be indexed."""
    for target, (sitemap, line) in documents.listed.items():
        facts = pages.get(target)
        if facts is not None and ("noindex" in facts.robots or facts.refresh):
            why = "sends its visitors on" if facts.refresh else "asks not to be indexed"
            message = f"the sitemap lists {target}, which {why}"
            yield Fault("sitemap-noindex", sitemap, line, message, "leave it out of the sitemap")
