"""Imports feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed, also archives in several files (RFC 5005)."""

from collections.abc import Iterator

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import ImportedPost, Item, Location, Options, Skipped
from sitegen.importers.feed.document import FeedDocument
from sitegen.importers.feed.json import read_json_feed
from sitegen.importers.feed.recognise import feed_type
from sitegen.importers.feed.xml import read_xml


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each entry once: if several files contain it, from the newest document."""
    documents: list[FeedDocument] = []
    for name in archive.names:
        file_type = feed_type(archive, name)
        try:
            if file_type == "json":
                documents.append(read_json_feed(archive, name, options))
            elif file_type == "xml":
                documents.append(read_xml(archive, name, options))
            else:
                yield Skipped(
                    Location(name), "a template of a feed, not a feed" if file_type == "template" else "not a feed"
                )
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))
    seen: dict[str, Location] = {}
    for document in _sort_newest_first(documents):
        for item in document.items:
            if isinstance(item, ImportedPost):
                first = seen.setdefault(item.identity, item.where)
                if first is not item.where:
                    yield Skipped(item.where, f"a newer copy of this entry is at {first}")
                    continue
            yield item


def _sort_newest_first(documents: list[FeedDocument]) -> list[FeedDocument]:
    """Sort documents along their `prev-archive` and `next` links, beginning with those without links to them."""
    by_reference = {url: document for document in documents for url in document.references}
    linked = {id(by_reference[document.older]) for document in documents if document.older in by_reference}
    ordered: list[FeedDocument] = []
    for start in (*(one for one in documents if id(one) not in linked), *documents):
        document: FeedDocument | None = start
        while document is not None and document not in ordered:
            ordered.append(document)
            document = by_reference.get(document.older)
    return ordered
