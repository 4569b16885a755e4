"""The URLs in files that are no pages: style sheets, feeds, sitemaps, robots.txt."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from sitegen.check import addresses
from sitegen.check.addresses import Hosting, locate
from sitegen.check.finding import Fault

SITEMAP_URLS = 50_000
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLE_URL = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"')]+))\s*\)|@import\s+(?:\"([^\"]*)\"|'([^']*)')")
_LAST_CHANGE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?")
_URL_REST = r"(?=([^\s\"'<>\\]*+))"
_URL_BREAK = re.compile(r"[\"'<>\s]")
_BEFORE = re.compile(
    r"(?:\b(?:href|src|url|poster)\s*=\s*\\?(?:[\"']|&quot;|&#34;)"
    r"|\"(?:url|home_page_url|feed_url|next_url|image|icon|favicon|banner_image|avatar)\":\s*\""
    r"|<(?:link|comments|icon|logo|url|guid(?![^>]*isPermaLink=[\"']false)[^>]*)>\s*(?:<!\[CDATA\[)?)$"
)
_USUAL = (' href="', " href=&quot;", ' href=\\"', ' src="', " src=&quot;", ' src=\\"', "<link>", '"url":"', '"url": "')
"""What stands before most addresses: a part of what `_BEFORE` finds."""
_NEVER = ("<id>", ' isPermaLink="false">', '"id":"', '"id": "')
"""What stands before most of those that are none: a part of what `_BEFORE` does not find."""
_FEED_START = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]|\"version\"\s*:\s*\"https://jsonfeed\.org/")


@dataclass(frozen=True, slots=True)
class Documents:
    """What the files that are no pages came to: the files they name, the feeds, and the sitemaps' entries."""

    targets: frozenset[str]
    feeds: frozenset[str]
    listed: Mapping[str, tuple[str, int]]
    faults: tuple[Fault, ...]


def read_documents(output: Path, files: Iterable[str], hosting: Hosting, groups: frozenset[str]) -> Documents:
    """Read the files that are no pages, and judge those of a kind that holds URLs."""
    targets: set[str] = set()
    documents: dict[str, bytes] = {}
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
            found, more = feed_targets(hosting, path, text)
            documents[path] = data
        else:
            continue
        targets |= found
        faults += more
    if "feeds" in groups and documents:
        from sitegen.check.feeds import check_feeds  # noqa: PLC0415 - a site without feeds needs no XML

        sizes = {path: (output / path).stat().st_size for path in hosting.files}
        problems = check_feeds(documents, f"{hosting.scheme}://{hosting.host}{hosting.base}", sizes)
        faults += [Fault("bad-feed", item.path, item.line, item.message, item.hint) for item in problems]
    return Documents(frozenset(targets), frozenset(documents), listed, tuple(faults))


def style_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Fault]]:
    """Return the files that a style sheet uses, and a fault for each that is not there."""
    targets: set[str] = set()
    faults: list[Fault] = []
    plain = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    for found in _STYLE_URL.finditer(plain):
        url = next(filter(None, found.groups()), "")
        address = locate(hosting, path, url)
        if address.how == addresses.FILE:
            targets.add(address.path)
        elif url and not url.startswith("#") and address.how not in (addresses.OTHER, addresses.EXTERNAL):
            line = plain.count("\n", 0, found.start()) + 1
            message = f'the style sheet uses "{url}", which leads to no file'
            faults.append(Fault("broken-style-url", path, line, message, "correct the address, or add the file", url))
    return targets, faults


def is_feed(path: str, head: str) -> bool:
    """Tell by its name and its first characters whether a file is a feed."""
    return path.endswith((".xml", ".rss", ".atom", ".json", ".rdf")) and _FEED_START.search(head) is not None


def feed_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Fault]]:
    """Return the site's own files that a feed links to, and a fault for each that is not there."""
    targets: set[str] = set()
    faults: dict[str, Fault] = {}
    seen: set[str] = set()
    origin = f"{hosting.scheme}://{hosting.host}"
    for found in re.finditer(re.escape(origin) + _URL_REST, text):
        start, url = found.start(), origin + found[1]
        if url in seen or not _is_address(text, start):
            continue
        seen.add(url)
        if "&" in url:
            url = _URL_BREAK.split(unescape(unescape(url)), maxsplit=1)[0]
        if url[len(origin) : len(origin) + 1] not in ("", "/", "?", "#"):
            continue
        address = locate(hosting, path, url)
        if address.how in addresses.FOUND:
            targets.add(address.path)
        elif url not in faults:
            line = text.count("\n", 0, start) + 1
            message = f'the feed links to "{url}", which leads to no file'
            hint = f"the file is called {address.path}" if address.how == addresses.CASE else "correct the address"
            faults[url] = Fault("broken-feed-url", path, line, message, hint, url)
    return targets, list(faults.values())


def _is_address(text: str, start: int) -> bool:
    """Tell by what stands before it whether a URL in a feed is one that readers follow."""
    if text.endswith(_USUAL, 0, start):
        return True
    return not text.endswith(_NEVER, 0, start) and _BEFORE.search(text[max(0, start - 120) : start]) is not None


def read_sitemap(hosting: Hosting, path: str, data: bytes) -> tuple[dict[str, int], list[Fault]]:
    """Return the files that a sitemap lists, with their lines, and what is wrong with it (sitemaps.org)."""
    from lxml import etree  # noqa: PLC0415 - only a site with a sitemap needs it

    listed: dict[str, int] = {}
    faults: list[Fault] = []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = f"the sitemap is not well-formed: {error.msg}"
        return {}, [Fault("bad-sitemap", path, error.lineno or 0, message, "correct what writes it")]
    entries = [entry for entry in root if isinstance(entry.tag, str)]
    if len(entries) > SITEMAP_URLS:
        message = f"the sitemap lists {len(entries):,} pages, more than the {SITEMAP_URLS:,} that may be"
        faults.append(Fault("bad-sitemap", path, 0, message, "split it, and list the parts in a sitemap index"))
    for entry in entries:
        parts = {str(part.tag).rpartition("}")[2]: (part.text or "").strip() for part in entry}
        line = entry.sourceline if isinstance(entry.sourceline, int) else 0
        url = parts.get("loc", "")
        change = parts.get("lastmod", "")
        address = locate(hosting, path, url)
        if not url:
            faults.append(Fault("bad-sitemap", path, line, "an entry of the sitemap has no address", "give it a loc"))
        elif not url.startswith(f"{hosting.scheme}://{hosting.host}/"):
            message = f'the sitemap lists "{url}", which is no address of this site'
            faults.append(Fault("broken-sitemap-url", path, line, message, "write it in full, with the base URL", url))
        elif address.how != addresses.FILE:
            message = f'the sitemap lists "{url}", which leads to no file by itself'
            faults.append(Fault("broken-sitemap-url", path, line, message, "list the page's own address", url))
        elif address.path in listed:
            message = f'the sitemap lists "{url}" twice'
            faults.append(Fault("bad-sitemap", path, line, message, "list it once", url))
        else:
            listed[address.path] = line
        if change and not _LAST_CHANGE.fullmatch(change):
            message = f'the lastmod "{change}" is not a date'
            faults.append(Fault("bad-sitemap", path, line, message, "write it as 2024-05-01T09:00:00+00:00"))
    return listed, faults


def judge_robots(hosting: Hosting, path: str, text: str) -> Iterator[Fault]:
    """Yield each sitemap that robots.txt names and that is not there, and a rule that shuts all out (RFC 9309)."""
    yield from _judge_rules(path, text)
    for number, row in enumerate(text.splitlines(), 1):
        name, _, value = row.partition(":")
        url = value.partition("#")[0].strip()
        if name.strip().lower() == "sitemap" and locate(hosting, path, url).how not in (
            addresses.FILE,
            addresses.EXTERNAL,
        ):
            message = f'robots.txt names the sitemap "{url}", which leads to no file'
            yield Fault("broken-sitemap-url", path, number, message, "correct the address", url)


def _judge_rules(path: str, text: str) -> Iterator[Fault]:
    """Yield the rule that keeps every robot from the whole site."""
    agents: set[str] = set()
    closed = 0
    ruled = False
    for number, row in enumerate(text.splitlines(), 1):
        name, _, value = (part.strip() for part in row.partition("#")[0].partition(":"))
        if name.lower() == "user-agent":
            agents = {value} if ruled else agents | {value}
            ruled = False
        elif name.lower() in ("allow", "disallow"):
            ruled = True
            if "*" in agents and value in ("/", "/*"):
                closed = number if name.lower() == "disallow" else 0
    if closed:
        message = "robots.txt keeps search engines from the whole site"
        hint = "take the rule away; a post that shall not be listed gets noindex from its source's policy"
        yield Fault("blocked-by-robots", path, closed, message, hint, "Disallow: /")
