"""Makes lists of the paragraphs that Word writes for list items, with the mark or the number as text."""

import re
from collections import Counter

from sitegen.formats import lazy_regex
from sitegen.importers.convert.html_tree import Element, make, remove, words

_LIST_STYLE = lazy_regex.compile(r"mso-list\s*+:\s*+l\d++\s++level(\d)", re.IGNORECASE)
_MARK_STYLE = lazy_regex.compile(r"mso-list\s*+:\s*+Ignore", re.IGNORECASE)
_BULLETS = "\u00b7\u2022\u00a7\u25aa\u25cf\u25cb\uf0b7\uf0a7o\u2013-"
_MARK = lazy_regex.compile(rf"\s*+(?:([{_BULLETS}])|\(?(?:\d{{1,3}}|[A-Za-z]|[ivxIVX]{{1,5}})[.)])(?:\s++|\Z)")


def make_word_lists(tree: Element, dropped: Counter[str]) -> None:
    """Replace the list paragraphs of Word by lists, and count the items. Paragraphs without a mark stay."""
    lists: set[Element] = set()
    for paragraph in list(tree.iter("p")):
        style = _LIST_STYLE.search(paragraph.get("style") or "")
        if not style and not (paragraph.get("class") or "").startswith("MsoListParagraph"):
            continue
        mark = _take_mark(paragraph)
        if mark:
            _add_item(paragraph, "ul" if mark[1] else "ol", int(style[1]) if style else 1, lists)
            dropped["list of Word, written as a list"] += 1


def _take_mark(paragraph: Element) -> re.Match[str] | None:
    """Remove the mark at the beginning of a paragraph, and return it; None if there is none."""
    for element in paragraph.iterdescendants("span"):
        if _MARK_STYLE.search(element.get("style") or ""):
            if mark := _MARK.fullmatch(words(element)):
                remove(element)
            return mark
    for element in paragraph.iter():
        if (element.text or "").strip():
            if mark := _MARK.match(element.text or ""):
                element.text = (element.text or "")[mark.end() :]
                _strip_start(element)
            return mark
    return None


def _strip_start(element: Element) -> None:
    """Remove the spaces between a mark and the text, which are in elements of their own."""
    if not element.text and not len(element):
        element.tail = (element.tail or "").lstrip()
    for child in element if not element.text else ():
        if words(child):
            return
        child.text, child.tail = None, (child.tail or "").lstrip()
        if child.tail:
            return


def _add_item(paragraph: Element, tag: str, level: int, lists: set[Element]) -> None:
    """Move a paragraph into the list before it, or into a new one, as an item of a level; `lists` are those made."""
    before = paragraph.getprevious()
    text_between = before is not None and (before.tail or "").strip()
    if before is None or before not in lists or text_between or (level == 1 and before.tag != tag):
        before = make(tag)
        lists.add(before)
        paragraph.addprevious(before)
    tail, paragraph.tail = paragraph.tail, None
    target = before
    while level > 1 and len(target):
        item, level = target[-1], level - 1
        if not len(item) or item[-1] not in lists:
            lists.add(nested := make(tag))
            item.append(nested)
        target = item[-1]
    paragraph.tag = "li"
    paragraph.attrib.clear()
    target.append(paragraph)
    before.tail = (before.tail or "") + (tail or "")
