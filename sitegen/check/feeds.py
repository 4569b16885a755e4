"""The gate for feeds: judges every feed of a built site, alone and together with the others."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sitegen.check.feed_archive import Chain, judge_chain, judge_chains
from sitegen.check.feed_atom import judge_atom
from sitegen.check.feed_json import judge_json, judge_place
from sitegen.check.feed_opml import addresses, judge_opml
from sitegen.check.feed_rss import chain_of, judge_rss
from sitegen.check.feed_values import Flaw, Place
from sitegen.check.feed_words import ATOM, MEDIA
from sitegen.errors import Problem
from sitegen.paths import SAFE

SUFFIXES = (".xml", ".rss", ".atom", ".json", ".opml")
ROOTS = re.compile(rb"<(?:rss|opml|RDF|(?:\w+:)?feed)[\s>]")


def check_feed(data: bytes, path: str) -> list[Problem]:
    """Return what is wrong with one feed: RSS 2.0, Atom 1.0, JSON Feed 1.1 or OPML 2.0, whichever it is."""
    return [_problem(path, flaw) for flaw in _judge(data)]


def check_feeds(files: Mapping[str, bytes], base_url: str, sizes: Mapping[str, int] | None = None) -> list[Problem]:
    """Return what is wrong with the feeds among the files of a site, by path, each alone and all together.

    Together means: each stands where its self link says, each link between archives leads to a document
    that links back, each archive is reached from a feed, and all that an OPML list names is there. With the
    `sizes` of all files in bytes, by path, images and enclosures of the site must be there and as large as told.
    """
    base = base_url.rstrip("/") + "/"
    problems: list[Problem] = []
    chains: dict[str, Chain] = {}
    listed: list[tuple[str, str]] = []
    paths: dict[str, str] = {}
    for path, data in sorted(files.items()):
        if not is_feed(path, data):
            continue
        problems += check_feed(data, path)
        if path.endswith(".json"):
            problems += [_problem(path, flaw) for flaw in judge_place(data, base + quote(path, safe=SAFE))]
        root = None if path.endswith(".json") else _parse(data)
        if root is None:
            continue
        if sizes is not None:
            problems += [_problem(path, flaw) for flaw in judge_sizes(root, base, sizes)]
        if root.tag == "opml":
            listed += [(path, url) for url in addresses(root)]
            continue
        channel = root if root.tag != "rss" else root.find("channel")
        if channel is None:
            continue
        chain = chain_of(channel)
        own = chain.first("self")
        place = base + quote(path, safe=SAFE)
        if own and own != place and own.removesuffix("/") + "/index.xml" != place:
            message = f"the self link leads to {own}, but the feed stands at {place}"
            problems.append(Problem(path, 0, message, "is the base URL right?"))
        if own:
            chains[own] = chain
            paths[own] = path
    problems += [_problem(paths[url], flaw) for url, flaw in judge_chains(chains)]
    problems += [
        Problem(path, 0, f"the list names a feed that is not there: {url}")
        for path, url in listed
        if url.startswith(base) and unquote(url.removeprefix(base)) not in files and url not in chains
    ]
    return problems


def judge_sizes(root: Any, base: str, sizes: Mapping[str, int]) -> Iterator[Flaw]:
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
        if path not in sizes:
            yield place.flaw(f"the file {url} is not there")
        elif size not in (None, "0", str(sizes[path])):
            yield place.flaw(
                f"the file {url} has {sizes[path]} bytes, not {size}", "readers rely on it to show progress"
            )


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


def is_feed(path: str, data: bytes) -> bool:
    """Tell whether a file is a feed or an OPML list."""
    if path.endswith(".json"):
        return b"jsonfeed.org/version" in data[:2000]
    return path.endswith(SUFFIXES) and ROOTS.search(data[:4000]) is not None


def _problem(path: str, flaw: Flaw) -> Problem:
    message = f"{flaw.item}: {flaw.message}" if flaw.item else flaw.message
    return Problem(path, flaw.line, message, flaw.hint)


def _parse(data: bytes) -> Any:
    """Return the root element of an XML document, None if it is not well-formed."""
    from lxml import etree  # noqa: PLC0415 - a build never checks

    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError:
        return None


def _parser() -> Any:
    from lxml import etree  # noqa: PLC0415 - a build never checks

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)


def _judge(data: bytes) -> Iterator[Flaw]:
    if data.lstrip()[:1] in (b"{", b"["):
        yield from judge_json(data)
        return
    from lxml import etree  # noqa: PLC0415 - a build never checks

    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        yield Place(line=error.lineno or 0).flaw(f"the file is not well-formed XML: {error.msg}")
        return
    yield from _judge_document(data, root)
    if root.tag == "rss":
        channel = root.find("channel")
        yield from judge_rss(root)
        if channel is not None:
            yield from judge_chain(chain_of(channel))
    elif root.tag == f"{ATOM}feed":
        yield from judge_atom(root)
        yield from judge_chain(chain_of(root))
    elif root.tag == "opml":
        yield from judge_opml(root)
    else:
        yield Place(line=root.sourceline).flaw(f"<{root.tag}> is the root of no feed that is known here")


def _judge_document(data: bytes, root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with a feed as an XML document."""
    tree = root.getroottree()
    if tree.docinfo.doctype:
        yield Place(line=1).flaw("the feed has a document type declaration", "readers refuse it for safety")
    if tree.docinfo.encoding and tree.docinfo.encoding.upper() != "UTF-8":
        yield Place(line=1).flaw(f"the feed is encoded in {tree.docinfo.encoding}, not UTF-8")
    if data[:1] != b"<":
        yield Place(line=1).flaw("something stands before the XML declaration")
    if b"<?xml-stylesheet" in data[:2000]:
        yield Place(line=1).flaw("the feed asks for a style sheet", "browsers stop to support XSL")
