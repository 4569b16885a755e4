"""Reads what a saved page says of itself: its meta tags, its links, its JSON-LD."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from sitegen.importers.archive.archive import UnreadableError

_ARTICLES = re.compile(
    r"(?:Article|BlogPosting|NewsArticle|Report|ScholarlyArticle|SocialMediaPosting|CreativeWork|Essay)\Z"
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page's head says: the values of its meta tags by folded name, its JSON-LD article, links and title."""

    metas: Mapping[str, tuple[str, ...]]
    article: Mapping[str, Any]
    links: Mapping[str, str]
    title: str
    language: str
    time: str

    def meta(self, *names: str) -> str:
        """Return the first of some meta tags."""
        return next((self.metas[name][0] for name in names if self.metas.get(name)), "")

    def linked(self, *names: str) -> str:
        """Return the first of some members of the JSON-LD article that is a text."""
        found = (self.article[name] for name in names if isinstance(self.article.get(name), str | int))
        return unescape(str(next(found, "")))


def read_facts(text: str) -> PageFacts:
    """Return what a page's head and its JSON-LD say; raise UnreadableError for one that shows nothing."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableError("it holds no HTML")
    if not _shows_anything(root):
        raise UnreadableError("it shows neither words nor pictures")
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            metas.setdefault(key.casefold(), []).append(value)
    links = {str(link.get("rel")).casefold(): link.get("href") or "" for link in reversed(list(root.iter("link")))}
    title = next((" ".join("".join(map(str, one.itertext())).split()) for one in root.iter("title")), "")
    moment = next((one.get("datetime") or "" for one in root.iter("time") if one.get("datetime")), "")
    return PageFacts(
        {key: tuple(value) for key, value in metas.items()},
        _article(root),
        links,
        title,
        root.get("lang") or "",
        moment,
    )


def _shows_anything(root: etree._Element) -> bool:
    body = root.find("body") if root.tag == "html" else root
    if body is None or next(body.iter("img"), None) is not None:
        return body is not None
    unseen = ("script", "style", "title", "noscript", "template")
    return any(
        re.search(r"\w", text)
        for one in body.iter()
        for text in ((one.text or "") if one.tag not in unseen and isinstance(one.tag, str) else "", one.tail or "")
    )


def _article(root: etree._Element) -> Mapping[str, Any]:
    """Return the first article in the page's JSON-LD blocks, {} if there is none."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            waiting: list[Any] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(
                    isinstance(kind, str) and _ARTICLES.search(kind)
                    for kind in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    return value
                waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    return {}
