"""The gate for feeds: judges every feed of a built site, alone and together with the others."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sitegen.check.feeds.archive import Chain, judge_chain, judge_chains
from sitegen.check.feeds.atom import judge_atom
from sitegen.check.feeds.detect import SUFFIXES, is_feed
from sitegen.check.feeds.json_feed import judge_json, judge_place, read_json, rows, text_in
from sitegen.check.feeds.opml import addresses, judge_opml
from sitegen.check.feeds.rss import chain_of, judge_rss
from sitegen.check.feeds.rss_channel import text_of
from sitegen.check.feeds.values import Flaw, Place
from sitegen.check.feeds.vocabulary import ATOM, MEDIA
from sitegen.check.findings import ERROR, Fault
from sitegen.errors import Problem
from sitegen.formats.site_urls import SAFE
from sitegen.system.processes import Parcel

SizeOf = Callable[[str], int | None]
"""Tells the bytes of a file of the site by its path, None where there is none."""


@dataclass(frozen=True, slots=True)
class FeedFacts(Parcel):
    """What is wrong with a feed by itself, and what its neighbours must agree with.

    `own` is the URL that it gives itself and `chain` its links to archives, "" and None where it has
    none; `listed` are the feeds that an OPML list names, `items` the URLs of the posts in a feed, and
    `earlier` is the URL of the document with the posts before them, "" if there is none.
    """

    path: str
    faults: tuple[Fault, ...]
    own: str = ""
    chain: Chain | None = None
    listed: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    earlier: str = ""


def check_feed(data: bytes, path: str) -> list[Problem]:
    """Return what is wrong with one feed: RSS 2.0, Atom 1.0, JSON Feed 1.1 or OPML 2.0, whichever it is."""
    return [_problem(_fault(path, flaw)) for flaw in validate_feed(data)]


def validate_feed(data: bytes) -> Iterator[Flaw]:
    """Yield what is wrong with one feed by itself, each flaw with its severity."""
    yield from _judge(data, *_read(data))


def check_feeds(files: Mapping[str, bytes], base_url: str, sizes: Mapping[str, int] | None = None) -> list[Problem]:
    """Return what is wrong with the feeds among the files of a site, by path, each alone and all together.

    With the `sizes` of all files in bytes, by path, images and enclosures of the site must be there and
    as large as told.
    """
    size_of = None if sizes is None else sizes.get
    feeds = [read_feed(path, data, base_url, size_of) for path, data in sorted(files.items()) if is_feed(path, data)]
    faults = [fault for feed in feeds for fault in feed.faults]
    return list(map(_problem, faults + judge_together(feeds, files, base_url)))


def read_feed(path: str, data: bytes, base_url: str, size_of: SizeOf | None) -> FeedFacts:
    """Return what is wrong with a feed that stands at a path, and what links it to others."""
    base = base_url.rstrip("/") + "/"
    place = base + quote(path, safe=SAFE)
    value, flaw = _read(data)
    faults = [_fault(path, flaw) for flaw in _judge(data, value, flaw)]
    if path.endswith(".json"):
        if _is_json(data) and flaw is None:
            faults += [_fault(path, flaw) for flaw in judge_place(value, place)]
            items = tuple(text_in(item, "url") for item in rows(value, "items"))
            own, earlier = text_in(value, "feed_url"), text_in(value, "next_url")
            return FeedFacts(path, tuple(faults), own, items=items, earlier=earlier)
        return FeedFacts(path, tuple(faults))
    if _is_json(data) or flaw is not None:
        return FeedFacts(path, tuple(faults))
    if size_of is not None:
        faults += [_fault(path, flaw) for flaw in judge_sizes(value, base, size_of)]
    if value.tag == "opml":
        return FeedFacts(path, tuple(faults), listed=tuple(addresses(value)))
    channel = value if value.tag != "rss" else value.find("channel")
    if channel is None:
        return FeedFacts(path, tuple(faults))
    chain = chain_of(channel)
    own = chain.first("self")
    if own and own != place and own.removesuffix("/") + "/index.xml" != place:
        message = f"the self link leads to {own}, but the feed stands at {place}"
        faults.append(Fault("feed-warning", path, 0, message, "is the base URL right?"))
    items, earlier = tuple(_urls_of_items(channel)), chain.first("prev-archive")
    return FeedFacts(path, tuple(faults), own, chain, items=items, earlier=earlier)


def judge_together(feeds: Iterable[FeedFacts], paths: Collection[str], base_url: str) -> list[Fault]:
    """Return what is wrong between the feeds of a site, whose paths are `paths`.

    Each link between archives leads to a document that links back, each archive is reached from a
    feed, and all that an OPML list names is there.
    """
    base = base_url.rstrip("/") + "/"
    chains: dict[str, Chain] = {}
    listed: list[tuple[str, str]] = []
    places: dict[str, str] = {}
    for feed in feeds:
        listed += [(feed.path, url) for url in feed.listed]
        if feed.own and feed.chain is not None:
            chains[feed.own], places[feed.own] = feed.chain, feed.path
    return [_fault(places[url], flaw) for url, flaw in judge_chains(chains)] + [
        Fault("bad-feed", path, 0, f"the list names a feed that is not there: {url}")
        for path, url in listed
        if url.startswith(base) and unquote(url.removeprefix(base)) not in paths and url not in chains
    ]


def judge_sizes(root: Any, base: str, size_of: SizeOf) -> Iterator[Flaw]:
    """Yield the media of a feed that are files of the site, but are missing or of another size than it says."""
    told = [(element, element.get("url"), element.get("fileSize")) for element in root.iter(f"{MEDIA}content")]
    told += [(element, element.get("url"), element.get("length")) for element in root.iter("enclosure")]
    told += [
        (element, element.get("href"), element.get("length"))
        for element in root.iter(f"{ATOM}link")
        if element.get("rel") == "enclosure"
    ]
    for element, url, size in told:
        path = unquote((url or "").removeprefix(base))
        place = Place(line=element.sourceline)
        if not (url or "").startswith(base):
            continue
        found = size_of(path)
        if found is None:
            yield place.flaw(f"the file {url} is not there")
        elif size not in (None, "0", str(found)):
            yield place.flaw(f"the file {url} has {found} bytes, not {size}", "readers rely on it to show progress")


def read_sizes(folder: Path) -> dict[str, int]:
    """Return the sizes of all files below a folder in bytes, by path."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def read_feeds(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder that may be feeds, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    }


def _urls_of_items(channel: Any) -> Iterator[str]:
    """Yield the URLs of the posts in a channel of RSS or a feed of Atom."""
    for item in channel.iterchildren("item"):
        if url := text_of(item, "link"):
            yield url
    for entry in channel.iterchildren(f"{ATOM}entry"):
        for link in entry.iterchildren(f"{ATOM}link"):
            if link.get("rel", "alternate") == "alternate" and link.get("href"):
                yield link.get("href")


def _fault(path: str, flaw: Flaw) -> Fault:
    message = f"{flaw.item}: {flaw.message}" if flaw.item else flaw.message
    kind = "bad-feed" if flaw.severity == ERROR else "feed-warning"
    return Fault(kind, path, flaw.line, message, flaw.hint)


def _problem(fault: Fault) -> Problem:
    return Problem(fault.page, fault.line, fault.message, fault.hint)


def _has_references(data: bytes, line: int) -> bool:
    """Return whether a line of a document, counted from 1, has hexadecimal character references."""
    lines = data.split(b"\n", line)
    return 0 < line <= len(lines) and b"&#x" in lines[line - 1]


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"{", b"[")


def _read(data: bytes) -> tuple[Any, Flaw | None]:
    """Return the value of a JSON document or the root of an XML document, or the flaw for which there is none."""
    if _is_json(data):
        return read_json(data)
    from lxml import etree  # noqa: PLC0415 - a build never checks

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser), None
    except etree.XMLSyntaxError as error:
        return None, Place(line=error.lineno or 0).flaw(f"the file is not well-formed XML: {error.msg}")


def _judge(data: bytes, value: Any, flaw: Flaw | None) -> Iterator[Flaw]:
    """Yield what is wrong with a document that was read as a value, or with a flaw."""
    if flaw is not None:
        yield flaw
        return
    if _is_json(data):
        yield from judge_json(data, value)
        return
    yield from _judge_document(data, value)
    if value.tag == "rss":
        channel = value.find("channel")
        yield from judge_rss(value, lambda line: _has_references(data, line))
        if channel is not None:
            yield from judge_chain(chain_of(channel))
    elif value.tag == f"{ATOM}feed":
        yield from judge_atom(value)
        yield from judge_chain(chain_of(value))
    elif value.tag == "opml":
        yield from judge_opml(value)
    else:
        yield Place(line=value.sourceline).flaw(f"<{value.tag}> is the root of no feed that is known here")


def _judge_document(data: bytes, root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with a feed as an XML document."""
    tree = root.getroottree()
    if tree.docinfo.doctype:
        yield Place(line=1).flaw("the feed has a document type declaration", "readers refuse it for safety")
    if tree.docinfo.encoding and tree.docinfo.encoding.upper() != "UTF-8":
        yield Place(line=1).warning(f"the feed is encoded in {tree.docinfo.encoding}, not UTF-8")
    if data[:1] != b"<":
        yield Place(line=1).flaw("something stands before the XML declaration")
    if b"<?xml-stylesheet" in data[:2000]:
        yield Place(line=1).flaw("the feed asks for a style sheet", "browsers stop to support XSL")
