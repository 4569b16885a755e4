"""Imports feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed, also an archive in several files (RFC 5005)."""

import re
from collections.abc import Iterator

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.evidence import find_share, holds_template_tags, is_document, score_share
from sitegen.importers.base import ImportedPost, Item, Options, Place, Skipped
from sitegen.importers.feed.document import FeedDocument
from sitegen.importers.feed.json import read_json_feed
from sitegen.importers.feed.xml import read_xml

NAME = "feed"
PRIVATE: tuple[str, ...] = ()

_ROOT = re.compile(rb"<(?:rss|rdf:RDF|RDF|(?:\w+:)?feed|channel)[\s>]")
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK", b"\x1f\x8b", b"\0\0")
"""How files begin that may hold XML as their metadata: an image's XMP packet is RDF."""
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version")


def recognise(archive: Archive) -> int:
    """Return 90 where most documents are feeds, less where some are."""
    feeds = [name for name in archive.find("*.json") if _kind(archive, name)]
    names = [name for name in archive.names if is_document(name)] + feeds
    return score_share(find_share(archive, lambda name: bool(_kind(archive, name)), names), 90)


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each entry once: the version of the newest document where several files hold it."""
    documents: list[FeedDocument] = []
    for name in archive.names:
        kind = _kind(archive, name)
        try:
            if kind == "json":
                documents.append(read_json_feed(archive, name, options))
            elif kind == "xml":
                documents.append(read_xml(archive, name, options))
            else:
                yield Skipped(Place(name), "not a feed, but a template of one" if kind == "template" else "not a feed")
        except UnreadableError as error:
            yield Skipped(Place(name), str(error))
    seen: dict[str, Place] = {}
    for document in _newest_first(documents):
        for item in document.items:
            if isinstance(item, ImportedPost):
                first = seen.setdefault(item.identity, item.where)
                if first is not item.where:
                    yield Skipped(item.where, f"the same entry stands in {first}, which is newer")
                    continue
            yield item


def _kind(archive: Archive, name: str) -> str:
    head = archive.head(name)
    kind = "json" if _JSON_FEED.search(head) else ""
    if not kind and not head.startswith(_BINARY):
        # A feed in UTF-16 has a zero in each character.
        head = head.replace(b"\0", b"")
        kind = "xml" if b"<" in head[:64] and _ROOT.search(head) else ""
    return "template" if kind and holds_template_tags(head) else kind


def _newest_first(documents: list[FeedDocument]) -> list[FeedDocument]:
    """Order documents along their `prev-archive` and `next` links; those that nothing links to come first."""
    by_address = {address: document for document in documents for address in document.addresses}
    linked = {id(by_address[document.earlier]) for document in documents if document.earlier in by_address}
    ordered: list[FeedDocument] = []
    for start in (*(one for one in documents if id(one) not in linked), *documents):
        document: FeedDocument | None = start
        while document is not None and document not in ordered:
            ordered.append(document)
            document = by_address.get(document.earlier)
    return ordered
