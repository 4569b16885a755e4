"""Checks every feed of a built site, alone and together with the others."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sitegen.check.feeds.archive import Chain, check_chain, check_chains
from sitegen.check.feeds.atom import check_atom
from sitegen.check.feeds.json_feed import check_feed_url, check_json, read_json, rows, text_in
from sitegen.check.feeds.opml import addresses, check_opml
from sitegen.check.feeds.rss import chain_of, check_rss
from sitegen.check.feeds.rss_channel import text_of
from sitegen.check.feeds.values import FeedLocation
from sitegen.check.feeds.vocabulary import ATOM, MEDIA
from sitegen.check.problem_types import page_problem
from sitegen.errors import ERROR, Problem
from sitegen.formats.site_urls import SAFE
from sitegen.formats.urls import home_of
from sitegen.system.processes import Parcel

SizeOf = Callable[[str], int | None]
"""Returns the size of a file of the site in bytes by its path, or None if there is none."""


@dataclass(frozen=True, slots=True)
class FeedFacts(Parcel):
    """The problems of one feed, and its values that must agree with other feeds.

    `own` is the URL that it gives itself and `chain` its links to archives, "" and None if it has
    none; `listed` are the feeds that an OPML list names, `items` the URLs of the posts in a feed, and
    `earlier` is the URL of the document with the posts before them, "" if there is none.
    """

    path: str
    problems: tuple[Problem, ...]
    own: str = ""
    chain: Chain | None = None
    listed: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    earlier: str = ""


def validate_feed(data: bytes) -> Iterator[Problem]:
    """Yield what is wrong with one feed, each problem with its severity."""
    yield from _check(data, *_read(data))


def read_feed(path: str, data: bytes, base_url: str, size_of: SizeOf | None) -> FeedFacts:
    """Return what is wrong with a feed at a path, and its links to others."""
    base = home_of(base_url)
    location = base + quote(path, safe=SAFE)
    value, problem = _read(data)
    problems = [_on_page(path, problem) for problem in _check(data, value, problem)]
    if path.endswith(".json"):
        if _is_json(data) and problem is None:
            problems += [_on_page(path, problem) for problem in check_feed_url(value, location)]
            items = tuple(text_in(item, "url") for item in rows(value, "items"))
            own, earlier = text_in(value, "feed_url"), text_in(value, "next_url")
            return FeedFacts(path, tuple(problems), own, items=items, earlier=earlier)
        return FeedFacts(path, tuple(problems))
    if _is_json(data) or problem is not None:
        return FeedFacts(path, tuple(problems))
    if size_of is not None:
        problems += [_on_page(path, problem) for problem in check_sizes(value, base, size_of)]
    if value.tag == "opml":
        return FeedFacts(path, tuple(problems), listed=tuple(addresses(value)))
    channel = value if value.tag != "rss" else value.find("channel")
    if channel is None:
        return FeedFacts(path, tuple(problems))
    chain = chain_of(channel)
    own = chain.first("self")
    if own and own != location and own.removesuffix("/") + "/index.xml" != location:
        message = f"the self link leads to {own}, but the feed is at {location}"
        problems.append(page_problem("feed-warning", path, 0, message, "is the base URL right?"))
    items, earlier = tuple(_urls_of_items(channel)), chain.first("prev-archive")
    return FeedFacts(path, tuple(problems), own, chain, items=items, earlier=earlier)


def check_feeds_together(feeds: Iterable[FeedFacts], paths: Collection[str], base_url: str) -> list[Problem]:
    """Return what is wrong between the feeds of a site, whose paths are `paths`.

    Each link between archives leads to a document that links back, each archive is reached from a
    feed, and all that an OPML list names is there.
    """
    base = home_of(base_url)
    chains: dict[str, Chain] = {}
    listed: list[tuple[str, str]] = []
    locations: dict[str, str] = {}
    for feed in feeds:
        listed += [(feed.path, url) for url in feed.listed]
        if feed.own and feed.chain is not None:
            chains[feed.own], locations[feed.own] = feed.chain, feed.path
    return [_on_page(locations[url], problem) for url, problem in check_chains(chains)] + [
        page_problem("bad-feed", path, 0, f"the list names a missing feed: {url}")
        for path, url in listed
        if url.startswith(base) and unquote(url.removeprefix(base)) not in paths and url not in chains
    ]


def check_sizes(root: Any, base: str, size_of: SizeOf) -> Iterator[Problem]:
    """Yield the media of a feed that are files of the site, but are missing or of another size than stated."""
    declared = [(element, element.get("url"), element.get("fileSize")) for element in root.iter(f"{MEDIA}content")]
    declared += [(element, element.get("url"), element.get("length")) for element in root.iter("enclosure")]
    declared += [
        (element, element.get("href"), element.get("length"))
        for element in root.iter(f"{ATOM}link")
        if element.get("rel") == "enclosure"
    ]
    for element, url, size in declared:
        path = unquote((url or "").removeprefix(base))
        location = FeedLocation(line=element.sourceline)
        if not (url or "").startswith(base):
            continue
        found = size_of(path)
        if found is None:
            yield location.problem(f"the file {url} is missing")
        elif size not in (None, "0", str(found)):
            yield location.problem(
                f"the file {url} has {found} bytes, not {size}", "feed readers show the progress of a download by it"
            )


def _urls_of_items(channel: Any) -> Iterator[str]:
    """Yield the URLs of the posts in a channel of RSS or a feed of Atom."""
    for item in channel.iterchildren("item"):
        if url := text_of(item, "link"):
            yield url
    for entry in channel.iterchildren(f"{ATOM}entry"):
        for link in entry.iterchildren(f"{ATOM}link"):
            if link.get("rel", "alternate") == "alternate" and link.get("href"):
                yield link.get("href")


def _on_page(path: str, problem: Problem) -> Problem:
    """Return a problem of a feed as one of a file of the site."""
    id_ = "bad-feed" if problem.severity == ERROR else "feed-warning"
    return page_problem(id_, path, problem.line, problem.message, problem.hint)


def _has_references(data: bytes, line: int) -> bool:
    """Return whether a line of a document, counted from 1, has hexadecimal character references."""
    lines = data.split(b"\n", line)
    return 0 < line <= len(lines) and b"&#x" in lines[line - 1]


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"{", b"[")


def _read(data: bytes) -> tuple[Any, Problem | None]:
    """Return the value of a JSON document or the root of an XML document, or the problem if it cannot be parsed."""
    if _is_json(data):
        return read_json(data)
    from lxml import etree  # noqa: PLC0415 - a build never checks

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser), None
    except etree.XMLSyntaxError as error:
        return None, FeedLocation(line=error.lineno or 0).problem(f"the file is not well-formed XML: {error.msg}")


def _check(data: bytes, value: Any, problem: Problem | None) -> Iterator[Problem]:
    """Yield what is wrong with a document, given its parsed value, or the problem if it could not be parsed."""
    if problem is not None:
        yield problem
        return
    if _is_json(data):
        yield from check_json(data, value)
        return
    yield from _check_xml_document(data, value)
    if value.tag == "rss":
        channel = value.find("channel")
        yield from check_rss(value, lambda line: _has_references(data, line))
        if channel is not None:
            yield from check_chain(chain_of(channel))
    elif value.tag == f"{ATOM}feed":
        yield from check_atom(value)
        yield from check_chain(chain_of(value))
    elif value.tag == "opml":
        yield from check_opml(value)
    else:
        yield FeedLocation(line=value.sourceline).problem(f"<{value.tag}> is not the root of a known format of feeds")


def _check_xml_document(data: bytes, root: Any) -> Iterator[Problem]:
    """Yield what is wrong with a feed as an XML document."""
    tree = root.getroottree()
    if tree.docinfo.doctype:
        yield FeedLocation(line=1).problem("the feed has a document type declaration", "readers refuse it for safety")
    if tree.docinfo.encoding and tree.docinfo.encoding.upper() != "UTF-8":
        yield FeedLocation(line=1).warning(f"the feed is encoded in {tree.docinfo.encoding}, not UTF-8")
    if data[:1] != b"<":
        yield FeedLocation(line=1).problem("the XML declaration is not at the start of the file")
    if b"<?xml-stylesheet" in data[:2000]:
        yield FeedLocation(line=1).problem("the feed refers to a style sheet", "browsers are dropping XSLT support")
