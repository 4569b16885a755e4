"""Reads a saved Wix page as HTML: its metadata, its article, its counts."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from sitegen.formats.dates import read_date
from sitegen.formats.delimiters import find_closed, search_closed
from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_tree import BLOCKS, Element, drop_all, parse, remove, words
from sitegen.importers.platforms.wix.counts import PLATFORM, Counts, read_counts
from sitegen.importers.platforms.wix.source import read_source
from sitegen.importers.platforms.wix.ui_strings import AUTHOR, BOTTOM, TOP
from sitegen.model import Count, FrozenDict

_META = re.compile(r"<meta\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_SCRIPT = re.compile(r"<script([^>]*+)(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_IS_JSON_LD = re.compile(r"""type\s*+=\s*+["']?application/ld\+json""", re.IGNORECASE)
_SCRIPT_END = re.compile("</script>", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:[^><]++|<(?!title))*+>(.*?)(?:</title>|(?P<unclosed>\Z))", re.I | re.S)
_LINK = re.compile(r"<link\b([^>]*+)(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_IS_CANONICAL = re.compile(r"""rel\s*+=\s*+["']?canonical""", re.IGNORECASE)
_HTML_TAG = re.compile(r"<html\b([^>]*+)")
_LANGUAGE = re.compile(r".*\blang\s*+=\s*+[\"']?([A-Za-z-]{2,10})", re.DOTALL)
_ARTICLE = ("post-description", "post-content", "rich-content-viewer", "post-body", "rcv-block-first")
_LAST = 8
_HOOKS = re.compile(r"post-(?:footer|header|main-actions|actions|title|ratings)|recent-posts|related-posts|comments?-")


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What one saved page says."""

    title: str
    body: HtmlBody
    url: str = ""
    author: str = ""
    source: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    image: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    counts: Counts = field(default_factory=Counts)
    dropped: FrozenDict = field(default_factory=FrozenDict)
    doubt: str = ""

    @property
    def slug(self) -> str:
        """The last part of the page's address."""
        return unquote(urlsplit(self.url).path.rstrip("/").rsplit("/", 1)[-1])


def read_html_page(html: str, zone: tzinfo) -> HtmlPage:
    """Return the post of a saved page; ValueError if it has none. Raises UnreadableError as `tree.parse` does."""
    meta = _read_meta(html)
    facts = _read_json_ld(html)
    tree = parse(html, Counter())
    title_tag = next((node for node in tree.iter("h1") if words(node)), None)
    heading = next((node for node in tree.iter("h1") if node.get("data-hook") == "post-title"), title_tag)
    shown = unescape(match[1]).strip() if (match := search_closed(_TITLE, html)) else ""
    title = facts.get("headline") or (words(heading) if heading is not None else "") or meta.get("og:title", shown)
    article = _find_article(tree)
    if article is None or not title:
        raise ValueError("it shows no post")
    counts = _page_counts(tree, article)
    counts = _stated_counts(facts).over(counts)
    author = _name(facts.get("author")) or meta.get("article:author", "") or meta.get("author", "") or _avatar(tree)
    doubts: list[str] = []
    date = _moment(facts.get("datePublished") or meta.get("article:published_time"), zone, doubts)
    changed = _moment(facts.get("dateModified") or meta.get("article:modified_time"), zone, doubts)
    links = (dict(_attributes(link[0])) for link in find_closed(_LINK, html) if _IS_CANONICAL.search(link[1]))
    canonical = next(links, {}).get("href", "")
    url = meta.get("og:url") or canonical
    source = _take_source(article)
    dropped: Counter[str] = Counter()
    page = HtmlPage(
        title=" ".join(str(title).split()),
        body=HtmlBody(_serialise(article, dropped), url if url.startswith("http") else ""),
        url=url,
        author=author if not author.startswith("http") else "",
        source=source,
        date=date,
        updated=changed,
        image=meta.get("og:image", ""),
        summary=meta.get("description", "") or meta.get("og:description", ""),
        counts=counts,
        dropped=FrozenDict(dropped),
        language=next((found[1] for tag in _HTML_TAG.finditer(html) if (found := _LANGUAGE.match(tag[1]))), ""),
    )
    return replace(page, doubt="; ".join(doubts))


def _read_meta(html: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in find_closed(_META, html):
        attributes = dict(_attributes(tag[0]))
        name = attributes.get("property") or attributes.get("name") or ""
        if name and attributes.get("content"):
            found.setdefault(name.lower(), attributes["content"].strip())
    return found


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(tag):
        yield match[1].lower(), unescape(match[2] or match[3] or match[4] or "")


def _read_json_ld(html: str) -> Mapping[str, Any]:
    for source in _find_json_ld(html):
        try:
            value = json.loads(source)
        except (ValueError, RecursionError):
            continue
        items = value.get("@graph", [value]) if isinstance(value, Mapping) else value
        for item in items if isinstance(items, list) else ():
            if isinstance(item, Mapping) and str(item.get("@type")) in ("BlogPosting", "Article", "NewsArticle"):
                return item
    return {}


def _find_json_ld(html: str) -> Iterator[str]:
    """Yield the content of each script that holds JSON-LD."""
    position = 0
    while (tag := _SCRIPT.search(html, position)) and tag["unclosed"] is None:
        position = tag.end()
        if _IS_JSON_LD.search(tag[1]):
            end = _SCRIPT_END.search(html, position)
            if end is None:
                return
            yield html[position : end.start()]
            position = end.end()


def _find_article(tree: Element) -> Element | None:
    for hook in _ARTICLE:
        found = next((node for node in tree.iter() if node.get("data-hook") == hook), None)
        if found is not None:
            return found
    return next((node for tag in ("article", "main") for node in tree.iter(tag) if words(node)), None)


def _page_counts(tree: Element, article: Element) -> Counts:
    """Take the counts out of the page, from the article on: those of other posts' cards come later."""
    counts, inside = Counts(), set(article.iter())
    started = False
    for node in tree.iter():
        started = started or node in inside
        hook = node.get("data-hook") or ""
        if not started or (hook.startswith(("recent", "related")) and counts):
            continue
        if node.tag in BLOCKS | {"span", "button"} and len(text := words(node)) < 120 and (found := read_counts(text)):
            merged = counts.over(found)
            if merged == counts:
                break
            counts = merged
    return counts


def _stated_counts(facts: Mapping[str, Any]) -> Counts:
    numbers: dict[str, Count] = {}
    stated = facts.get("interactionStatistic")
    for item in stated if isinstance(stated, list) else [stated]:
        if isinstance(item, Mapping) and isinstance(item.get("userInteractionCount"), int):
            kind = item.get("interactionType")
            kind = str(kind.get("@type") if isinstance(kind, Mapping) else kind).rsplit("/", 1)[-1]
            numbers[kind] = Count(item["userInteractionCount"], PLATFORM)
    comments = facts.get("commentCount")
    if isinstance(comments, int):
        numbers.setdefault("CommentAction", Count(comments, PLATFORM))
    views = numbers.get("WatchAction") or numbers.get("ReadAction") or numbers.get("ViewAction")
    return Counts(views, numbers.get("CommentAction"), numbers.get("LikeAction"))


def _avatar(tree: Element) -> str:
    for image in tree.iter("img"):
        if match := AUTHOR.fullmatch(image.get("alt") or ""):
            return match["name"].removeprefix(":").strip()
    return ""


def _name(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return str(value.get("name") or "") if isinstance(value, Mapping) else str(value or "")


def _moment(value: Any, zone: tzinfo, doubts: list[str]) -> datetime | None:
    try:
        return read_date(str(value), zone) if value else None
    except ValueError as error:
        doubts.append(str(error))
        return None


def _take_source(article: Element) -> str:
    """Take the source in brackets out of an article's first paragraph, and return its name."""
    for node in article.iter("p", "div", "span"):
        if not (text := words(node)):
            continue
        if node.tag == "p" or not len(node):
            if source := read_source(text):
                remove(node)
            return source
    return ""


def _serialise(article: Element, dropped: Counter[str]) -> str:
    for node in list(article.iter()):
        hook = node.get("data-hook") or ""
        if node is not article and (_HOOKS.match(hook) or node.tag == "nav"):
            remove(node)
            dropped["part of the page around the article"] += 1
    if article.get("data-hook") not in _ARTICLE:
        # The element of a whole page holds its marks, and its counts near the end; the article's own holds neither.
        lines = [node for node in article.iter("p", "div", "span", "h1") if not len(node) and words(node)]
        marks = [node for node in lines if TOP.fullmatch(words(node)) or BOTTOM.fullmatch(words(node))]
        counts = [node for node in lines[-_LAST:] if read_counts(words(node))]
        drop_all((*marks, *counts), "part of the page around the article", dropped)
    return str(etree.tostring(article, encoding="unicode", method="html"))
