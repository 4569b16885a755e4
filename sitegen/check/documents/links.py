"""The files other than pages that contain URLs: what each is, and the URLs of style sheets and feeds."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import quote

from sitegen.check.documents.document_facts import DocumentFacts, Documents
from sitegen.check.documents.robots import FILE as ROBOTS
from sitegen.check.documents.robots import check_robots
from sitegen.check.documents.sitemap import is_sitemap, read_sitemap
from sitegen.check.documents.webmanifest import NAMES as MANIFESTS
from sitegen.check.documents.webmanifest import manifest_targets
from sitegen.check.facts_cache import FactsCache
from sitegen.check.feeds.detect import HEAD_BYTES, SUFFIXES, is_feed
from sitegen.check.feeds.run import SizeOf, check_feeds_together, read_feed
from sitegen.check.links import resolve
from sitegen.check.links.located_urls import UrlKey, record_urls
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.site_urls import SAFE
from sitegen.system.fingerprints import of_bytes
from sitegen.system.processes import spread

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STYLE_URL = re.compile(r"url\(\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'()]+))\s*+\)|@import\s+(?:\"([^\"]*)\"|'([^']*)')")
MAX_URL = 2000
"""How many characters after the host are read; longer URLs are passed over, so that feeds take linear time."""

_URL_CHARACTERS = rf"(?=([^\s\"'<>\\]{{0,{MAX_URL}}}+))"
_URL_BREAK = re.compile(r"[\"'<>\s]")
_BEFORE = re.compile(
    r"(?:\b(?:href|src|url|poster)\s*=\s*\\?(?:[\"']|&quot;|&#34;)"
    r"|\"(?:url|home_page_url|feed_url|next_url|image|icon|favicon|banner_image|avatar)\":\s*\""
    r"|<(?:link|comments|icon|logo|url|guid(?![^<>]*isPermaLink=[\"']false)[^<>]*)>\s*(?:<!\[CDATA\[)?)$"
)
_USUAL = (' href="', " href=&quot;", ' href=\\"', ' src="', " src=&quot;", ' src=\\"', "<link>", '"url":"', '"url": "')
"""The markup before most URLs: a part of what `_BEFORE` finds."""
_NEVER = ("<id>", ' isPermaLink="false">', '"id":"', '"id": "')
"""The markup before most strings that are not URLs: a part of what `_BEFORE` does not find."""


ReadDocument = tuple[DocumentFacts, str, tuple[UrlKey, ...], Mapping[str, int | None]]
"""The facts of a file, the fingerprint of its bytes, its URLs, and the sizes of other files that were asked for."""


def read_documents(
    output: Path,
    files: Sequence[str],
    hosting: Hosting,
    groups: frozenset[str],
    jobs: int,
    cache: FactsCache | None = None,
) -> Documents:
    """Read the files other than pages, and check those that contain URLs; unchanged ones are not read again."""
    base_url = f"{hosting.scheme}://{hosting.host}{quote(hosting.base, safe=SAFE)}"

    def read(path: str) -> ReadDocument:
        recorded, located = record_urls(hosting)
        sizes: dict[str, int | None] = {}

        def size_of(name: str) -> int | None:
            sizes[name] = found_size = find_size(output, hosting, name)
            return found_size

        data = (output / path).read_bytes()
        facts = _read_document(path, data, recorded, base_url, size_of if "feeds" in groups else None)
        return facts, of_bytes(data), tuple(located.keys_used), sizes

    names = [path for path in files if _may_hold_urls(output, path)]
    known = {path: cache.find_document(path) for path in names} if cache is not None else {}
    unknown = spread(read, [path for path in names if known.get(path) is None], jobs)
    found: list[DocumentFacts] = []
    for path in names:
        facts = known.get(path)
        if facts is None:
            facts, digest, urls, sizes = next(unknown)
            if cache is not None:
                cache.add_document(facts, digest, urls, sizes)
        found.append(facts)
    listed = {target: (facts.path, line) for facts in found for target, line in facts.listed.items()}
    problems = [problem for facts in found for problem in facts.problems]
    feeds = {facts.path for facts in found if facts.is_feed}
    checked = sorted([facts.feed for facts in found if facts.feed is not None], key=lambda feed: feed.path)
    if checked:
        problems += [problem for feed in checked for problem in feed.problems]
        problems += check_feeds_together(checked, feeds, base_url)
    targets = frozenset().union(*(facts.targets for facts in found))
    sitemaps = [facts for facts in found if is_sitemap(facts.path)]
    mapped = bool(sitemaps) and all(facts.listed or not facts.problems for facts in sitemaps)
    return Documents(targets, frozenset(feeds), listed, mapped, tuple(problems), tuple(checked))


def _may_hold_urls(output: Path, path: str) -> bool:
    """Return whether a file may have URLs; of files of the search index, which have none, only the head is read."""
    if path == ROBOTS or path.endswith((".css", *MANIFESTS)) or is_sitemap(path):
        return True
    return path.endswith(SUFFIXES) and is_feed(path, _read_head(output / path))


def _read_head(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(HEAD_BYTES)


def find_size(output: Path, hosting: Hosting, path: str) -> int | None:
    """Return the size of a file of the site in bytes, None if it is missing."""
    return (output / path).stat().st_size if path in hosting.files else None


def _read_document(path: str, data: bytes, hosting: Hosting, base_url: str, size_of: SizeOf | None) -> DocumentFacts:
    """Return the URLs of a file that is not a page, and its problems; those of a feed only with `size_of`."""
    if path.endswith(MANIFESTS):
        found, problems = manifest_targets(hosting, path, data.decode("utf-8-sig", "replace"))
        return DocumentFacts(path, frozenset(found), problems=tuple(problems))
    if is_sitemap(path):
        entries, problems = read_sitemap(hosting, path, data)
        targets = frozenset(target for target in entries if target.endswith(".xml"))
        return DocumentFacts(path, targets, entries, tuple(problems))
    text = data.decode("utf-8", "replace")
    if path.endswith(".css"):
        found, problems = style_targets(hosting, path, text)
        return DocumentFacts(path, frozenset(found), problems=tuple(problems))
    if path == ROBOTS:
        return DocumentFacts(path, problems=tuple(check_robots(hosting, text)))
    found, problems = feed_targets(hosting, path, text)
    feed = None
    if size_of is not None:
        feed = read_feed(path, data, base_url, size_of)
    return DocumentFacts(path, frozenset(found), {}, tuple(problems), True, feed)


def style_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Problem]]:
    """Return the files that a style sheet uses, and a problem for each that is missing."""
    targets: set[str] = set()
    problems: list[Problem] = []
    plain = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    for found in _STYLE_URL.finditer(plain):
        url = next(filter(None, found.groups()), "")
        address = locate(hosting, path, url)
        if address.how == resolve.FILE:
            targets.add(address.path)
        elif url and not url.startswith("#") and address.how not in (resolve.OTHER, resolve.EXTERNAL):
            line = plain.count("\n", 0, found.start()) + 1
            message = f'the style sheet uses "{url}", which leads to no file'
            problems.append(
                page_problem("broken-style-url", path, line, message, "correct the URL, or add the file", url)
            )
    return targets, problems


def feed_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Problem]]:
    """Return the site's own files that a feed links to, and a problem for each that is missing."""
    targets: set[str] = set()
    problems: dict[str, Problem] = {}
    seen: set[str] = set()
    origin = f"{hosting.scheme}://{hosting.host}"
    line, location = 1, 0
    for found in re.finditer(re.escape(origin) + _URL_CHARACTERS, text):
        start, url = found.start(), origin + found[1]
        if url in seen or len(found[1]) == MAX_URL or not _is_address(text, start):
            continue
        seen.add(url)
        if "&" in url:
            url = _URL_BREAK.split(unescape(unescape(url)), maxsplit=1)[0]
        if url[len(origin) : len(origin) + 1] not in ("", "/", "?", "#"):
            continue
        address = locate(hosting, path, url)
        if address.how in resolve.FOUND:
            targets.add(address.path)
        elif url not in problems:
            line, location = line + text.count("\n", location, start), start
            message = f'the feed links to "{url}", which leads to no file'
            hint = f"the file is called {address.path}" if address.how == resolve.CASE else "correct the URL"
            problems[url] = page_problem("broken-feed-url", path, line, message, hint, url)
    return targets, list(problems.values())


def _is_address(text: str, start: int) -> bool:
    """Return whether a URL in a feed is one that readers follow, by the markup before it."""
    if text.endswith(_USUAL, 0, start):
        return True
    return not text.endswith(_NEVER, 0, start) and _BEFORE.search(text[max(0, start - 120) : start]) is not None
