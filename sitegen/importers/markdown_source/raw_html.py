"""Makes the raw HTML of imported Markdown safe and well-formed: balanced tags, alternative texts, no scripts."""

import re
from collections import Counter

from sitegen.importers.markdown_source.html_repairer import repair
from sitegen.importers.markdown_source.links import scan
from sitegen.importers.markdown_source.plain_html import is_plain

MAX_REPAIRS = 8
"""How often a text is repaired again because the last repair may have made HTML of other text."""

# Each expression begins with the character that it searches for, which `re` finds far faster than an alternative.
_BLANK = r"(?:\s|&#?\w{1,10};)*+"
_TAG = re.compile(r"<(?!https?:|mailto:)[A-Za-z/]")
_EMPTY_LINK = re.compile(rf"\[(?:(?<!!\[)|(?<=\\!\[)){_BLANK}\]\(")
_EMPTY_IMAGE = re.compile(rf"!\[{_BLANK}\]")
_LINKED_IMAGE = re.compile(rf"\[(?:[*_~\s]|&#?\w{{1,10}};)*+!\[{_BLANK}\]")
_IMAGE_IN_HEADING = re.compile(rf"^[^#\n]*+#[^\n]*!\[{_BLANK}\]", re.MULTILINE)
_EMPTY_HEADING = re.compile(r"#(?<!##)#*+(?:[^\S\n]|&#?\w{1,10};)*+(?:#++[^\S\n]*+)?$", re.MULTILINE)
_FIGURE = re.compile(
    r'^<figure>\n?(?:<img(?: src="[^"<>\s]*")?(?: alt="[^"<>=\n]*")(?: title="[^"<>=\n]*")?>'
    r'|<a href="[^"<>\s]*"><img src="[^"<>\s]*" alt="[^"<>=&\n\w]*+\w[^"<>=&\n]*+"></a>)[ \n]?'
    r"(?:<figcaption>"
    r'(?:[^<>\n]++|<(?P<tag>a(?= )|b|em|i|s|strong|u)(?: href="[^"<>\s]*")?>[^<>\n\w]*+\w[^<>\n]*+</(?P=tag)>)*+'
    r"</figcaption>\n?)?</figure>$",
    re.MULTILINE,
)
"""A figure that has nothing to repair, as the importers' own converter writes most of them.

It is a block of HTML whatever is above and below it, so that the rest can be searched without it.
"""
_RUNS = re.compile(r"<script|\son[a-z]+\s*=", re.IGNORECASE)


def repair_html(text: str, dropped: Counter[str]) -> str:
    """Return Markdown whose raw HTML is well-formed, as far as both engines read it alike; count what was changed.

    Scripts and event handlers are removed. Tags of elements that do not exist (`Vec<u8>`) become text. End tags
    without a start tag are removed, missing ones are added at the end of the paragraph or block. Every image has an
    alternative text: one that is alone in a link is named by its file or by where the link leads.
    """
    if not may_need_repair(text):
        return text
    for _ in range(MAX_REPAIRS):
        text, before = repair(text, dropped), text
        # Without a tag that was removed or moved, what was a code span may be HTML, and a script in it would run.
        if text == before or not _RUNS.search(text):
            break
    return text


def may_need_repair(text: str) -> bool:
    """Return whether Markdown may have HTML to repair. For most posts, a search is enough."""
    searched = _FIGURE.sub("", text) if "<figure>" in text else text
    if text.rfind("<!--") > text.rfind("-->") or _has_no_text(searched):
        return True
    if not _TAG.search(searched):
        return False
    data = text.encode("utf-8", "replace")
    return not is_plain(data, scan(data.decode()))


def _has_no_text(text: str) -> bool:
    """Return whether there may be a link or heading that is empty, or has only an image."""
    return (
        _EMPTY_LINK.search(text) is not None
        or (
            _EMPTY_IMAGE.search(text) is not None
            and (_LINKED_IMAGE.search(text) is not None or _IMAGE_IN_HEADING.search(text) is not None)
        )
        or _EMPTY_HEADING.search(text) is not None
    )
