"""Recognises saved pages of HTML."""

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
    """Return up to 40 by the share of documents that are pages of HTML: the formats that know more are surer."""
    return score_share(find_share(archive, lambda name: not why_not_page(archive, name)), 40)


def why_not_page(archive: Archive, name: str) -> str:
    """Return why a file is not a saved page, "" for one that is."""
    head = archive.head(name)
    if _START.match(head) is None and (not name.lower().endswith(_HTML) or has_front_matter(head)):
        return "not a page of HTML"
    return "not a page of HTML, but a template of one" if holds_template_tags(head) else ""


RECOGNISERS = {"page": Recogniser(recognise_page)}
