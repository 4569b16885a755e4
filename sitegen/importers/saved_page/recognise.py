"""Recognises saved HTML pages."""

import re

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import (
    Recogniser,
    find_share,
    has_front_matter,
    holds_template_tags,
    score_share,
)

_HTML = (".html", ".htm", ".xhtml", ".shtml")
_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)


def recognise_page(archive: Archive) -> int:
    """Return up to 40 by the share of HTML pages among the documents: more specific formats score higher."""
    return score_share(find_share(archive, lambda name: not reason_to_skip(archive, name)), 40)


def reason_to_skip(archive: Archive, name: str) -> str:
    """Return why a file is not a saved page, or "" for a saved page."""
    head = archive.head(name)
    if _START.match(head) is None and (not name.lower().endswith(_HTML) or has_front_matter(head)):
        return "not an HTML page"
    return "a template of an HTML page, not a page" if holds_template_tags(head) else ""


RECOGNISERS = {"page": Recogniser(recognise_page)}
