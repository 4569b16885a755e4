"""Finds links to Markdown files that an engine may recognise, but not CommonMark.

A link to a missing Markdown file stops a build, unless the post has `broken_links: warning`. Python-Markdown recognises
more links than the CommonMark parser, and raw HTML may contain other elements with URLs.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape
from operator import itemgetter

from sitegen.importers.markdown_source.links import TargetSpan, scan
from sitegen.system.files import MARKDOWN_ENDINGS

_ENDINGS = "|".join(re.escape(ending) for ending in MARKDOWN_ENDINGS).encode()
_ENDING = re.compile(_ENDINGS, re.IGNORECASE)
_ENDING_IN_TEXT = re.compile(_ENDINGS.decode(), re.IGNORECASE | re.ASCII)
_LINK = re.compile(
    rb"(?:\]\(|\]:|\b(?:href|src|srcset|cite|data|action|formaction|poster|background)\s*+=)\s*+[\"'<]?+"
    rb"(?P<url>[^\"'<>()\n]{0,400}?(?:" + _ENDINGS + rb"))(?=[\"'<>()#?\s]|\Z)",
    re.IGNORECASE,
)


def may_have_unread_links(text: str) -> bool:
    """Return whether Markdown may contain a link to a Markdown file."""
    return _ENDING_IN_TEXT.search(text) is not None


def find_unread_links(text: str, targets: Sequence[TargetSpan]) -> tuple[str, ...]:
    """Return the URLs of possible links to Markdown files outside of code that are not among the targets."""
    if not may_have_unread_links(text):
        return ()
    data = text.encode("utf-8", "replace")
    known = [(target.start, target.end) for target in targets]
    if all(_is_within(match.start(), known) for match in _ENDING.finditer(data)):
        return ()
    found = [match for match in _LINK.finditer(data) if not _is_within(match.start("url"), known)]
    code = scan(data.decode()).code if found else ()
    return tuple(
        unescape(match["url"].decode("utf-8", "replace")) for match in found if not _is_within(match.start("url"), code)
    )


def _is_within(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether an offset is in one of the spans, which are sorted and do not overlap."""
    at = bisect_right(spans, offset, key=itemgetter(0))
    return at > 0 and offset <= spans[at - 1][1]
