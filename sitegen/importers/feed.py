"""Imports feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed, also an archive in several files (RFC 5005)."""

import re
from collections.abc import Iterator

from sitegen.importers.archive import Archive, UnreadableError
from sitegen.importers.feed_document import FeedDocument
from sitegen.importers.feed_xml import read_xml
from sitegen.importers.items import ImportedPost, Item, Options, Place, Skipped
from sitegen.importers.json_feed import read_json_feed

NAME = "feed"
PRIVATE: tuple[str, ...] = ()

_ROOT = re.compile(rb"<(?:rss|rdf:RDF|RDF|(?:\w+:)?feed|channel)[\s>]")
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version")


def recognise(archive: Archive) -> int:
    """Return 90 where the first file begins as a feed does."""
    return 90 if any(_kind(archive, name) for name in archive.names[:20]) else 0


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
                yield Skipped(Place(name), "not a feed")
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
    if _JSON_FEED.search(head):
        return "json"
    head = head.replace(b"\0", b"")
    return "xml" if b"<" in head[:64] and _ROOT.search(head) else ""


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
