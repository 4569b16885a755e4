"""Reads the metadata of a saved page: its meta tags, links and JSON-LD."""

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
class PageMetadata:
    """Metadata of a page: the values of its meta tags by lower-case name, its JSON-LD article, links and title."""

    meta_tags: Mapping[str, tuple[str, ...]]
    article: Mapping[str, Any]
    links: Mapping[str, str]
    title: str
    language: str
    time: str

    def meta(self, *names: str) -> str:
        """Return the value of the first of these meta tags that exists, or ""."""
        return next((self.meta_tags[name][0] for name in names if self.meta_tags.get(name)), "")

    def json_ld(self, *names: str) -> str:
        """Return the first of these members of the JSON-LD article that is a string or a number, or ""."""
        found = (self.article[name] for name in names if isinstance(self.article.get(name), str | int))
        return unescape(str(next(found, "")))


def read_metadata(text: str) -> PageMetadata:
    """Return the metadata of a page; raise UnreadableError for a page without text and images."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableError("it does not contain HTML")
    if not _has_content(root):
        raise UnreadableError("it contains neither text nor images")
    meta_tags: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            meta_tags.setdefault(key.casefold(), []).append(value)
    links = {str(link.get("rel")).casefold(): link.get("href") or "" for link in reversed(list(root.iter("link")))}
    title = next((" ".join("".join(map(str, one.itertext())).split()) for one in root.iter("title")), "")
    moment = next((one.get("datetime") or "" for one in root.iter("time") if one.get("datetime")), "")
    return PageMetadata(
        {key: tuple(value) for key, value in meta_tags.items()},
        _article(root),
        links,
        title,
        root.get("lang") or "",
        moment,
    )


def _has_content(root: etree._Element) -> bool:
    body = root.find("body") if root.tag == "html" else root
    if body is None or next(body.iter("img"), None) is not None:
        return body is not None
    invisible = ("script", "style", "title", "noscript", "template")
    return any(
        re.search(r"\w", text)
        for one in body.iter()
        for text in ((one.text or "") if one.tag not in invisible and isinstance(one.tag, str) else "", one.tail or "")
    )


def _article(root: etree._Element) -> Mapping[str, Any]:
    """Return the first article in the JSON-LD of a page, or {}."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            pending: list[Any] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            value = pending.pop(0)
            if isinstance(value, list):
                pending += value
            elif isinstance(value, dict):
                types = value.get("@type")
                if any(
                    isinstance(type_name, str) and _ARTICLES.search(type_name)
                    for type_name in (types if isinstance(types, list) else [types])
                ):
                    return value
                pending += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    return {}
