"""Which files of a site are feeds, by their names and their first bytes."""

import re

SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".opml", ".json")
HEAD_BYTES = 8000
"""Number of bytes that distinguish a feed from other files."""

_ROOT = re.compile(rb"<(?:\w+:)?(?:(?:rss|feed|opml)[\s>]|RDF\s[^<>]*purl\.org/rss/)")
_VERSION = re.compile(rb'"version"\s*:\s*"https?:(?://|\\/\\/)jsonfeed\.org')


def is_feed(path: str, data: bytes) -> bool:
    """Return whether a file, of which at least its first HEAD_BYTES bytes are given, is a feed or an OPML list."""
    if path.endswith(".json"):
        return _VERSION.search(data, 0, HEAD_BYTES) is not None
    return path.endswith(SUFFIXES) and _ROOT.search(data, 0, HEAD_BYTES) is not None
