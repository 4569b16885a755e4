"""Finds the main content of any web page, and drops everything around it."""

import re
from collections import Counter

from sitegen.importers.convert.html_tree import Element, drop_all, words

_ASIDE_TAGS = ("nav", "aside", "footer", "form", "button")
_BOILERPLATE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|breadcrumbs?|share|sharing|social|related|recommended|comments?|newsletter"
    r"|subscribe|subscription|cookie|banner|promo|advert\w*|ads?|footer|skip-link|toolbar|pagination|author-bio|read-next)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?|commentlist|replies|respond|disqus\w*)(?:$|[\s_-])", re.IGNORECASE)
_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "dialog"))
_MIN_ARTICLE_CHARACTERS = 140


def keep_main_text(tree: Element, dropped: Counter[str]) -> None:
    """Reduce the tree of a page to its article, found by its markup, otherwise by the density of its paragraphs."""
    main = _find_marked_article(tree)
    if main is None:
        main = _find_densest_element(tree)
    if main is not tree:
        main.tail = None
        tree[:] = [main]
        tree.text = None
        dropped["page around the article"] += 1
    for element in list(tree.iterdescendants()):
        if element.getparent() is not None and _is_boilerplate(element, tree):
            drop_all([element], "navigation and other boilerplate", dropped)
    _drop_head(tree, dropped)


def _find_marked_article(tree: Element) -> Element | None:
    """Return the element that the page marks as its article, unless it is too short."""
    candidates = (
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
    for found in candidates:
        # Comments can be longer than the article, and be marked as articles too.
        articles = [one for one in found if not _is_aside(one)]
        best = max(articles, key=lambda one: (next(one.iter("h1"), None) is not None, len(words(one))), default=None)
        if best is not None and len(words(best)) >= min(_MIN_ARTICLE_CHARACTERS, len(words(tree)) // 2):
            return best
    return None


def _is_aside(element: Element) -> bool:
    """Return whether an element is part of comments, or of content beside the article."""
    return any(
        one.tag in _ASIDE_TAGS or _COMMENTS.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in (element, *element.iterancestors())
    )


def _find_densest_element(tree: Element) -> Element:
    """Return the element with the most text in its paragraphs; text one level deeper counts half."""
    scores: Counter[Element] = Counter()
    for paragraph in tree.iter("p", "pre", "blockquote", "li", "h2", "h3"):
        length = len(words(paragraph))
        linked = sum(len(words(link)) for link in paragraph.iter("a"))
        score = max(0, length - 2 * linked)
        parent = paragraph.getparent()
        if parent is None or not score:
            continue
        if parent.tag in ("ul", "ol", "blockquote") and parent.getparent() is not None:
            parent = parent.getparent()
        if parent is not None:
            scores[parent] += score
            above = parent.getparent()
            if above is not None:
                scores[above] += score // 2
    return max(scores, key=lambda one: scores[one]) if scores else tree


def _is_boilerplate(element: Element, tree: Element) -> bool:
    if element.tag == "footer" and any(one.tag in ("blockquote", "figure") for one in element.iterancestors()):
        return False
    if element.tag in _ASIDE_TAGS or element.get("role") in _ROLES:
        return True
    if element.tag not in ("div", "section", "ul", "header", "p") or element.getparent() is None:
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    # An element with most of the text is not boilerplate, even if its name suggests it.
    return bool(_BOILERPLATE.search(named)) and len(words(element)) * 2 < len(words(tree))


def _drop_head(tree: Element, dropped: Counter[str]) -> None:
    """Drop the lines of a header that only repeats title, date and author."""
    for header in list(tree.iter("header")):
        if len(words(header)) < 400 and not list(header.iter("p")):
            for line in [one for one in header if one.tag not in ("h1", "figure", "img")]:
                drop_all([line], "line under the title", dropped)
