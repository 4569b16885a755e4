"""Reads a saved Wix page in HTML: its metadata, its article and its counts."""

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
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.html_elements import BLOCKS
from sitegen.importers.base import HtmlBody, ImportedComment, Location
from sitegen.importers.convert.html_tree import Element, drop_all, parse, remove, words
from sitegen.importers.platforms.wix.byline import parse_day
from sitegen.importers.platforms.wix.comments import read_comments
from sitegen.importers.platforms.wix.counts import PLATFORM, Counts, read_counts
from sitegen.importers.platforms.wix.source import read_source
from sitegen.importers.platforms.wix.ui_strings import AUTHOR, BOTTOM_OF_PAGE, COMMENTS, TOP_OF_PAGE
from sitegen.model import Count

_META = re.compile(r"<meta\b[^>]*+(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_SCRIPT = re.compile(r"<script([^>]*+)(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_IS_JSON_LD = re.compile(r"""type\s*+=\s*+["']?application/ld\+json""", re.IGNORECASE)
_SCRIPT_END = re.compile("</script>", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:[^><]++|<(?!title)|(?!))*+>(.*?)(?:</title>|(?P<unclosed>\Z))", re.I | re.S)
_LINK = re.compile(r"<link\b([^>]*+)(?:>|(?P<unclosed>\Z))", re.IGNORECASE)
_IS_CANONICAL = re.compile(r"""rel\s*+=\s*+["']?canonical""", re.IGNORECASE)
_HTML_TAG = re.compile(r"<html\b([^>]*+)")
_LANGUAGE = re.compile(r".*\blang\s*+=\s*+[\"']?([A-Za-z-]{2,10})", re.DOTALL)
_ARTICLE_HOOKS = ("post-description", "post-content", "rich-content-viewer", "post-body", "rcv-block-first")
_TRAILING_LINES = 8
_MAX_HEADING_CHARACTERS = 60
_STRINGS = etree.XPath("following::text() | descendant::text()", smart_strings=False)
_LINE_BREAKS = BLOCKS | {"br", "button"}
_BOILERPLATE_HOOK = re.compile(
    r"post-(?:footer|header|main-actions|actions|title|ratings)|recent-posts|related-posts|comments?-"
)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The content and the metadata of a saved page."""

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
    warning: str = ""
    discussion: tuple[ImportedComment, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of the page's URL."""
        return unquote(urlsplit(self.url).path.rstrip("/").rsplit("/", 1)[-1])


def read_html_page(html: str, zone: tzinfo) -> HtmlPage:
    """Return the post of a saved page; raise ValueError if it has none, UnreadableError as `html_tree.parse` does."""
    meta = _read_meta(html)
    json_ld = _read_json_ld(html)
    tree = parse(html, Counter())
    first_heading = next((node for node in tree.iter("h1") if words(node)), None)
    heading = next((node for node in tree.iter("h1") if node.get("data-hook") == "post-title"), first_heading)
    page_title = unescape(match[1]).strip() if (match := search_closed(_TITLE, html)) else ""
    title = (
        json_ld.get("headline") or (words(heading) if heading is not None else "") or meta.get("og:title", page_title)
    )
    article = _find_article(tree)
    if article is None or not title:
        raise ValueError("it contains no post")
    counts = _read_page_counts(tree, article)
    counts = _read_json_ld_counts(json_ld).filled_from(counts)
    author = (
        _name(json_ld.get("author"))
        or meta.get("article:author", "")
        or meta.get("author", "")
        or _read_avatar_author(tree)
    )
    warnings: list[str] = []
    date = _parse_date(json_ld.get("datePublished") or meta.get("article:published_time"), zone, warnings)
    updated = _parse_date(json_ld.get("dateModified") or meta.get("article:modified_time"), zone, warnings)
    links = (dict(_attributes(link[0])) for link in find_closed(_LINK, html) if _IS_CANONICAL.search(link[1]))
    canonical = next(links, {}).get("href", "")
    url = meta.get("og:url") or canonical
    after = list(_find_lines(tree, article)) if _has_comments(article) else []
    comments = read_comments(after, Location(""), lambda day: parse_day(day, zone)[0])
    source = _take_source(article)
    dropped: Counter[str] = Counter()
    page = HtmlPage(
        title=" ".join(str(title).split()),
        body=HtmlBody(_serialize(article, dropped), url if url.startswith("http") else ""),
        url=url,
        author=author if not author.startswith("http") else "",
        source=source,
        date=date,
        updated=updated,
        image=meta.get("og:image", ""),
        summary=meta.get("description", "") or meta.get("og:description", ""),
        counts=counts,
        dropped=FrozenDict(dropped),
        discussion=comments.found,
        language=next((found[1] for tag in _HTML_TAG.finditer(html) if (found := _LANGUAGE.match(tag[1]))), ""),
    )
    return replace(page, warning="; ".join(warnings))


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
    """Yield the content of each script with JSON-LD."""
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
    for hook in _ARTICLE_HOOKS:
        found = next((node for node in tree.iter() if node.get("data-hook") == hook), None)
        if found is not None:
            return found
    return next((node for tag in ("article", "main") for node in tree.iter(tag) if words(node)), None)


def _read_page_counts(tree: Element, article: Element) -> Counts:
    """Return the counts on a page from the article on; the counts of other posts' cards come later."""
    counts, inside = Counts(), set(article.iter())
    started = False
    for node in tree.iter():
        started = started or node in inside
        hook = node.get("data-hook") or ""
        if not started or (hook.startswith(("recent", "related")) and counts):
            continue
        if node.tag in BLOCKS | {"span", "button"} and len(text := words(node)) < 120 and (found := read_counts(text)):
            merged = counts.filled_from(found)
            if merged == counts:
                break
            counts = merged
    return counts


def _has_comments(article: Element) -> bool:
    """Return whether the heading of comments is on a page: finding all its lines would take much longer."""
    strings: Any = _STRINGS(article)
    return any(COMMENTS.fullmatch(string.strip()) for string in strings if len(string) < _MAX_HEADING_CHARACTERS)


def _find_lines(tree: Element, article: Element) -> Iterator[str]:
    """Yield the lines of text after an article, or of the whole page if the article may contain the comments."""
    started = article.get("data-hook") not in _ARTICLE_HOOKS
    inside = set(article.iter()) if not started else set()
    line: list[str] = []
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        if node in inside:
            started = started or (event == "end" and node is article)
            text = node.tail if event == "end" and node is article else ""
        else:
            text = node.text if event == "start" else node.tail
        if not started or not isinstance(node.tag, str):
            continue
        if node.tag in _LINE_BREAKS:
            yield from filter(None, [" ".join("".join(line).split())])
            line = []
        line.append(text or "")
    yield from filter(None, [" ".join("".join(line).split())])


def _read_json_ld_counts(json_ld: Mapping[str, Any]) -> Counts:
    numbers: dict[str, Count] = {}
    statistics = json_ld.get("interactionStatistic")
    for item in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(item, Mapping) and isinstance(item.get("userInteractionCount"), int):
            action = item.get("interactionType")
            action = str(action.get("@type") if isinstance(action, Mapping) else action).rsplit("/", 1)[-1]
            numbers[action] = Count(item["userInteractionCount"], PLATFORM)
    comments = json_ld.get("commentCount")
    if isinstance(comments, int):
        numbers.setdefault("CommentAction", Count(comments, PLATFORM))
    views = numbers.get("WatchAction") or numbers.get("ReadAction") or numbers.get("ViewAction")
    return Counts(views, numbers.get("CommentAction"), numbers.get("LikeAction"))


def _read_avatar_author(tree: Element) -> str:
    for image in tree.iter("img"):
        if match := AUTHOR.fullmatch(image.get("alt") or ""):
            return match["name"].removeprefix(":").strip()
    return ""


def _name(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return str(value.get("name") or "") if isinstance(value, Mapping) else str(value or "")


def _parse_date(value: Any, zone: tzinfo, warnings: list[str]) -> datetime | None:
    try:
        return read_date(str(value), zone) if value else None
    except ValueError as error:
        warnings.append(str(error))
        return None


def _take_source(article: Element) -> str:
    """Remove the source in brackets from the first paragraph of an article, and return its name."""
    for node in article.iter("p", "div", "span"):
        if not (text := words(node)):
            continue
        if node.tag == "p" or not len(node):
            if source := read_source(text):
                remove(node)
            return source
    return ""


def _serialize(article: Element, dropped: Counter[str]) -> str:
    for node in list(article.iter()):
        hook = node.get("data-hook") or ""
        if node is not article and (_BOILERPLATE_HOOK.match(hook) or node.tag == "nav"):
            remove(node)
            dropped["part of the page around the article"] += 1
    if article.get("data-hook") not in _ARTICLE_HOOKS:
        # Only an element that contains more than the article has page markers, and counts near its end.
        lines = [node for node in article.iter("p", "div", "span", "h1") if not len(node) and words(node)]
        page_markers = [
            node for node in lines if TOP_OF_PAGE.fullmatch(words(node)) or BOTTOM_OF_PAGE.fullmatch(words(node))
        ]
        counts = [node for node in lines[-_TRAILING_LINES:] if read_counts(words(node))]
        drop_all((*page_markers, *counts), "part of the page around the article", dropped)
    return str(etree.tostring(article, encoding="unicode", method="html"))
