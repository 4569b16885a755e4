"""Recognises feeds: RSS, Atom and JSON Feed."""

import re

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import Recogniser, find_share, holds_template_tags, is_document, score_share

_ROOT = re.compile(rb"<(?:rss|rdf:RDF|RDF|(?:\w+:)?feed|channel)[\s>]")
_BINARY_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK", b"\x1f\x8b", b"\0\0")
"""First bytes of binary files that may contain XML as metadata, such as the XMP packet of an image."""
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version")


def recognise_feed(archive: Archive) -> int:
    """Return 90 if most documents are feeds, less if some are."""
    feeds = [name for name in archive.find("*.json") if feed_type(archive, name)]
    names = [name for name in archive.names if is_document(name)] + feeds
    return score_share(find_share(archive, lambda name: bool(feed_type(archive, name)), names), 90)


def feed_type(archive: Archive, name: str) -> str:
    """Return "xml" or "json" for a feed, "template" for a template of a feed, "" for any other file."""
    head = archive.head(name)
    file_type = "json" if _JSON_FEED.search(head) else ""
    if not file_type and not head.startswith(_BINARY_SIGNATURES):
        # A feed in UTF-16 has a zero byte in each ASCII character.
        head = head.replace(b"\0", b"")
        file_type = "xml" if b"<" in head[:64] and _ROOT.search(head) else ""
    return "template" if file_type and holds_template_tags(head) else file_type


RECOGNISERS = {"feed": Recogniser(recognise_feed)}
