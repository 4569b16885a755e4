"""Imports feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed, also an archive in several files (RFC 5005)."""

from collections.abc import Iterator

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import ImportedPost, Item, Location, Options, Skipped
from sitegen.importers.feed.document import FeedDocument
from sitegen.importers.feed.json import read_json_feed
from sitegen.importers.feed.recognise import feed_kind
from sitegen.importers.feed.xml import read_xml


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each entry once: the version of the newest document where several files hold it."""
    documents: list[FeedDocument] = []
    for name in archive.names:
        kind = feed_kind(archive, name)
        try:
            if kind == "json":
                documents.append(read_json_feed(archive, name, options))
            elif kind == "xml":
                documents.append(read_xml(archive, name, options))
            else:
                yield Skipped(
                    Location(name), "not a feed, but a template of one" if kind == "template" else "not a feed"
                )
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))
    seen: dict[str, Location] = {}
    for document in _newest_first(documents):
        for item in document.items:
            if isinstance(item, ImportedPost):
                first = seen.setdefault(item.identity, item.where)
                if first is not item.where:
                    yield Skipped(item.where, f"the same entry stands in {first}, which is newer")
                    continue
            yield item


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
