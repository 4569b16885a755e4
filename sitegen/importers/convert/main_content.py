"""Finds the main text of a page of any make, and drops what is around it."""

import re
from collections import Counter

from sitegen.importers.convert.html_tree import Element, drop_all, words

_AROUND = ("nav", "aside", "footer", "form", "button")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|breadcrumbs?|share|sharing|social|related|recommended|comments?|newsletter"
    r"|subscribe|subscription|cookie|banner|promo|advert\w*|ads?|footer|skip-link|toolbar|pagination|author-bio|read-next)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?|commentlist|replies|respond|disqus\w*)(?:$|[\s_-])", re.IGNORECASE)
_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "dialog"))
_ENOUGH = 140


def keep_main_text(tree: Element, dropped: Counter[str]) -> None:
    """Reduce a page's tree to its article: by what the page itself marks, otherwise by where its paragraphs are."""
    main = _marked(tree)
    if main is None:
        main = _densest(tree)
    if main is not tree:
        main.tail = None
        tree[:] = [main]
        tree.text = None
        dropped["page around the article"] += 1
    for element in list(tree.iterdescendants()):
        if element.getparent() is not None and _is_furniture(element, tree):
            drop_all([element], "navigation and other furniture", dropped)
    _drop_head(tree, dropped)


def _marked(tree: Element) -> Element | None:
    """Return the element that the page says is its article, if it holds most of a text."""
    marks = (
        [
            one
            for one in tree.iter()
            if one.get("itemprop") == "articleBody" or one.get("data-hook") == "post-description"
        ],
        [one for one in tree.iter() if "e-content" in (one.get("class") or "").split()],
        [one for one in tree.iter() if "entry-content" in (one.get("class") or "").split()],
        list(tree.iter("article")),
        [one for one in tree.iter() if one.get("role") == "article"],
        list(tree.iter("main")),
        [one for one in tree.iter() if one.get("role") == "main"],
    )
    for found in marks:
        # What readers wrote can be longer than the article, and be marked as one too.
        own = [one for one in found if not _is_aside(one)]
        best = max(own, key=lambda one: (next(one.iter("h1"), None) is not None, len(words(one))), default=None)
        if best is not None and len(words(best)) >= min(_ENOUGH, len(words(tree)) // 2):
            return best
    return None


def _is_aside(element: Element) -> bool:
    """Return whether an element belongs to readers' comments, or to what is beside the text."""
    return any(
        one.tag in _AROUND or _COMMENTS.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in (element, *element.iterancestors())
    )


def _densest(tree: Element) -> Element:
    """Return the element whose own paragraphs hold the most text, with half of it for those a level further in."""
    scores: Counter[Element] = Counter()
    for paragraph in tree.iter("p", "pre", "blockquote", "li", "h2", "h3"):
        length = len(words(paragraph))
        linked = sum(len(words(link)) for link in paragraph.iter("a"))
        worth = max(0, length - 2 * linked)
        parent = paragraph.getparent()
        if parent is None or not worth:
            continue
        if parent.tag in ("ul", "ol", "blockquote") and parent.getparent() is not None:
            parent = parent.getparent()
        if parent is not None:
            scores[parent] += worth
            above = parent.getparent()
            if above is not None:
                scores[above] += worth // 2
    return max(scores, key=lambda one: scores[one]) if scores else tree


def _is_furniture(element: Element, tree: Element) -> bool:
    if element.tag == "footer" and any(one.tag in ("blockquote", "figure") for one in element.iterancestors()):
        return False
    if element.tag in _AROUND or element.get("role") in _ROLES:
        return True
    if element.tag not in ("div", "section", "ul", "header", "p") or element.getparent() is None:
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    # What holds most of the text is not boilerplate, whatever it is called.
    return bool(_FURNITURE.search(named)) and len(words(element)) * 2 < len(words(tree))


def _drop_head(tree: Element, dropped: Counter[str]) -> None:
    """Drop a header that only repeats title, date and author."""
    for header in list(tree.iter("header")):
        if len(words(header)) < 400 and not list(header.iter("p")):
            for line in [one for one in header if one.tag not in ("h1", "figure", "img")]:
                drop_all([line], "line under the title", dropped)
