"""Recognises feeds: RSS, Atom and JSON Feed."""

import re

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import Recogniser, find_share, holds_template_tags, is_document, score_share

_ROOT = re.compile(rb"<(?:rss|rdf:RDF|RDF|(?:\w+:)?feed|channel)[\s>]")
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK", b"\x1f\x8b", b"\0\0")
"""How files begin that may hold XML as their metadata: an image's XMP packet is RDF."""
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version")


def recognise_feed(archive: Archive) -> int:
    """Return 90 where most documents are feeds, less where some are."""
    feeds = [name for name in archive.find("*.json") if feed_kind(archive, name)]
    names = [name for name in archive.names if is_document(name)] + feeds
    return score_share(find_share(archive, lambda name: bool(feed_kind(archive, name)), names), 90)


def feed_kind(archive: Archive, name: str) -> str:
    """Return what a file is: "xml" or "json" for a feed, "template" for a template of one, "" for anything else."""
    head = archive.head(name)
    kind = "json" if _JSON_FEED.search(head) else ""
    if not kind and not head.startswith(_BINARY):
        # A feed in UTF-16 has a zero in each character.
        head = head.replace(b"\0", b"")
        kind = "xml" if b"<" in head[:64] and _ROOT.search(head) else ""
    return "template" if kind and holds_template_tags(head) else kind


RECOGNISERS = {"feed": Recogniser(recognise_feed)}
