"""Makes the raw HTML of imported Markdown safe and well-formed: balanced tags, alternative texts, no scripts."""

import re
from collections import Counter

from sitegen.formats import lazy_regex
from sitegen.importers.markdown_source.html_repairer import repair
from sitegen.importers.markdown_source.links import scan
from sitegen.importers.markdown_source.plain_html import is_plain

MAX_REPAIRS = 8
"""Number of repairs of a post, since a repair may turn other text into HTML."""

# Each expression begins with a literal character, which `re` finds much faster than an alternative.
_BLANK = r"(?:\s|&#?\w{1,10};|(?!))*+"
_TAG = re.compile(r"<(?!https?:|mailto:)[A-Za-z/]")
_EMPTY_LINK = re.compile(rf"\[(?:(?<!!\[)|(?<=\\!\[)){_BLANK}\]\(")
_EMPTY_IMAGE = re.compile(rf"!\[{_BLANK}\]")
_LINKED_IMAGE = re.compile(rf"\[(?:[*_~\s]|&#?\w{{1,10}};|(?!))*+!\[{_BLANK}\]")
_IMAGE_IN_HEADING = re.compile(rf"^[^#\n]*+#[^\n]*!\[{_BLANK}\]", re.MULTILINE)
_EMPTY_HEADING = re.compile(r"#(?<!##)#*+(?:[^\S\n]|&#?\w{1,10};|(?!))*+(?:#++[^\S\n]*+)?$", re.MULTILINE)
_FIGURE = lazy_regex.compile(
    r'^<figure>\n?(?:<img(?: src="[^"<>\s]*")?(?: alt="[^"<>=\n]*")(?: title="[^"<>=\n]*")?>'
    r'|<a href="[^"<>\s]*"><img src="[^"<>\s]*" alt="[^"<>=&\n\w]*+\w[^"<>=&\n]*+"></a>)[ \n]?'
    r"(?:<figcaption>"
    r'(?:[^<>\n]++|<(?P<tag>a(?= )|b|em|i|s|strong|u)(?: href="[^"<>\s]*")?>[^<>\n\w]*+\w[^<>\n]*+</(?P=tag)>|(?!))*+'
    r"</figcaption>\n?)?</figure>$",
    re.MULTILINE,
)
"""A figure that needs no repair, as the converter of HTML usually writes it.

It is always a block of HTML, so the rest can be searched without it.
"""
_ACTIVE_CONTENT = re.compile(r"<script|\son[a-z]+\s*=", re.IGNORECASE)


def repair_html(text: str, dropped: Counter[str]) -> str:
    """Repair the raw HTML of Markdown so that both engines render it as well-formed, and count the changes.

    Scripts and event handlers are removed. Tags of unknown elements (`Vec<u8>`) become text. Stray end tags are
    removed, and missing ones are added at the end of the paragraph or block. Images get an alternative text; for an
    image that is alone in a link, it is derived from its file name or the target of the link.
    """
    if not may_need_repair(text):
        return text
    for _ in range(MAX_REPAIRS):
        text, before = repair(text, dropped), text
        # Removing or moving a tag may turn a code span into HTML, so that a script in it would run.
        if text == before or not _ACTIVE_CONTENT.search(text):
            break
    return text


def may_need_repair(text: str) -> bool:
    """Return whether Markdown may need a repair, which is usually decided without a parser."""
    searched = _FIGURE.sub("", text) if "<figure>" in text else text
    if text.rfind("<!--") > text.rfind("-->") or _may_lack_text(searched):
        return True
    if not _TAG.search(searched):
        return False
    data = text.encode("utf-8", "replace")
    return not is_plain(data, scan(data.decode()))


def _may_lack_text(text: str) -> bool:
    """Return whether Markdown may contain a link or a heading without text, or with only an image."""
    return (
        _EMPTY_LINK.search(text) is not None
        or (
            _EMPTY_IMAGE.search(text) is not None
            and (_LINKED_IMAGE.search(text) is not None or _IMAGE_IN_HEADING.search(text) is not None)
        )
        or _EMPTY_HEADING.search(text) is not None
    )
