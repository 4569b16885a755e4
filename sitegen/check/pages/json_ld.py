"""Structured data: whether a page's JSON-LD can be read, and has what schema.org and search engines ask for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sitegen.check.html.tokenizer import Document
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

ARTICLES = frozenset(("BlogPosting", "NewsArticle", "Article"))
REQUIRED = {
    "BlogPosting": ("headline", "datePublished", "author", "publisher"),
    "NewsArticle": ("headline", "datePublished", "author", "publisher"),
    "Article": ("headline", "datePublished", "author"),
    "CollectionPage": ("name", "url"),
    "ItemList": ("itemListElement",),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position",),
    "WebSite": ("name",),
    "WebPage": ("name",),
    "SearchAction": ("target", "query-input"),
    "InteractionCounter": ("interactionType", "userInteractionCount"),
    "Person": ("name",),
    "Organization": ("name",),
    "NewsMediaOrganization": ("name",),
    "ImageObject": ("url",),
}
_DATES = frozenset(("datePublished", "dateModified", "dateCreated", "endTime", "startTime", "uploadDate"))
_URLS = frozenset(("url", "item", "image", "logo", "mainEntityOfPage", "isBasedOn", "contentUrl", "thumbnailUrl"))
_SPECIAL = frozenset(("ItemList", "BreadcrumbList", "SearchAction", "InteractionCounter"))
_PEOPLE = frozenset(("author", "publisher"))
_WEIGHED = _URLS | _PEOPLE
_ABSOLUTE = re.compile(r"https?://[^/]", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def read_blocks(document: Document) -> list[tuple[str, int]]:
    """Return the text and the line of each JSON-LD block of a page."""
    return [
        (document.raw_inside(tag), tag.start)
        for tag in document.of("script")
        if tag.attributes.get("type", "").lower() == "application/ld+json"
    ]


def read_data(document: Document) -> tuple[list[tuple[Mapping[str, Any], int]], list[Problem]]:
    """Return the top-level objects of a page's JSON-LD with their offsets, and a problem for each invalid block."""
    objects: list[tuple[Mapping[str, Any], int]] = []
    problems: list[Problem] = []
    for text, start in read_blocks(document):
        value, messages = _read_block(text)
        objects += [(item, start) for item in value]
        line = document.line(start)
        problems += [page_problem("bad-json-ld", document.path, line, message, hint) for message, hint in messages]
    return objects, problems


def _read_block(text: str) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]]]:
    """Return the top-level objects of a block, and message and hint for each value that is not an object."""
    objects: list[Mapping[str, Any]] = []
    messages: list[tuple[str, str]] = []
    try:
        value = json.loads(text)
    except ValueError as error:
        return [], [(f"the structured data is not JSON: {error}", "let the template write it with its json filter")]
    except RecursionError:
        return [], [("the structured data is nested too deeply", "")]
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict) or "schema.org" not in str(item.get("@context", "")):
            message = "the structured data does not name the vocabulary of schema.org"
            messages.append((message, 'begin it with "@context": "https://schema.org"'))
            continue
        graph = item.get("@graph")
        if isinstance(graph, list):
            objects += [node for node in graph if isinstance(node, dict)]
        else:
            objects.append(item)
    return objects, messages


def check_json_ld(document: Document, objects: list[tuple[Mapping[str, Any], int]]) -> Iterator[Problem]:
    """Yield what each object of a page's JSON-LD lacks, and which of its values are wrong."""
    for item, start in objects:
        if not _types(item):
            hint = "name one of schema.org's types"
            message = "an object of the structured data has no @type"
            yield page_problem("incomplete-json-ld", document.path, document.line(start), message, hint)
        first, last = _moment(item.get("datePublished")), _moment(item.get("dateModified"))
        if first and last and last < first:
            message = f"dateModified {item['dateModified']} is before datePublished {item['datePublished']}"
            hint = "correct `updated` in the post, or remove it"
            yield page_problem("inconsistent-json-ld", document.path, document.line(start), message, hint, "updated")
        for message, hint in _check_object(item, 0):
            yield page_problem("incomplete-json-ld", document.path, document.line(start), message, hint)


def data_urls(item: Any, depth: int = 0) -> Iterator[str]:
    """Yield the URLs in an object of JSON-LD and in all objects within it."""
    if depth > 20:
        return
    if isinstance(item, list):
        for part in item:
            yield from data_urls(part, depth + 1)
    elif isinstance(item, dict):
        for name, value in item.items():
            if isinstance(value, str):
                if name in _URLS:
                    yield value
                continue
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, str) and name in _URLS:
                    yield part
                elif isinstance(part, dict) and name == "mainEntityOfPage" and isinstance(part.get("@id"), str):
                    yield part["@id"]
                elif isinstance(part, (dict, list)):
                    yield from data_urls(part, depth + 1)


def article_urls(objects: Iterable[tuple[Mapping[str, Any], int]]) -> Iterator[tuple[str, int]]:
    """Yield the URL of the page of which each article says that it is the main entity, with its offset."""
    for item, start in objects:
        if ARTICLES & _types(item):
            value = item.get("mainEntityOfPage")
            url = value.get("@id") if isinstance(value, dict) else value
            if isinstance(url, str):
                yield url, start


def has_article(objects: list[tuple[Mapping[str, Any], int]]) -> bool:
    """Return whether one of the objects is an article."""
    return any(ARTICLES & _types(item) for item, _ in objects)


def counts_without_provenance(document: Document, objects: list[tuple[Mapping[str, Any], int]]) -> Iterator[Problem]:
    """Yield each interaction count without the platform that counted, or without a date."""
    for item, start in objects:
        counters = item.get("interactionStatistic", [])
        for counter in counters if isinstance(counters, list) else [counters]:
            if isinstance(counter, dict):
                lacking = [name for name in ("interactionService", "endTime") if not counter.get(name)]
                if lacking:
                    message = f"a count in the structured data lacks {' and '.join(lacking)}"
                    hint = "say in the post on which platform it was counted, and on which day it was read off"
                    yield page_problem("count-without-provenance", document.path, document.line(start), message, hint)


def _check_object(item: Mapping[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    types = _types(item)
    shown, required = _describe(types)
    for schema_type, name in required:
        value = item.get(name)
        if not value and value in (None, "", [], {}) and not (schema_type == "Person" and "@id" in item):
            yield f"the {schema_type} of the structured data lacks {name}", f"give it a {name}"
    if types & _SPECIAL:
        yield from _check_special(item, types, shown)
    for name, value in item.items():
        if name in _DATES and not _is_date(value):
            yield f"the {name} {value!r} of the {shown} is not a date", "write it as 2024-05-01T09:00:00+00:00"
        if name not in _WEIGHED and isinstance(value, (str, int)):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and depth < 20:
                yield from _check_object(part, depth + 1)
            elif name in _URLS and isinstance(part, str) and not _ABSOLUTE.match(part):
                yield f'the {name} "{part}" of the {shown} is not a whole URL', "begin it with https:// and the host"
            elif name in _PEOPLE and isinstance(part, str):
                yield f"the {name} of the {shown} is mere text", "make it a Person or an Organization with a name"


@lru_cache(maxsize=256)
def _describe(types: frozenset[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what messages call an object of some types, and what each of these requires."""
    required = tuple((schema_type, name) for schema_type in sorted(types) for name in REQUIRED.get(schema_type, ()))
    return " ".join(sorted(types)) or "object", required


def _check_special(item: Mapping[str, Any], types: frozenset[str], shown: str) -> Iterator[tuple[str, str]]:
    if types & {"ItemList", "BreadcrumbList"}:
        yield from _check_list(item, shown)
    if "SearchAction" in types:
        yield from _check_search_action(item)
    if "InteractionCounter" in types and not _is_count(item.get("userInteractionCount", 0)):
        yield (
            f"the count {item['userInteractionCount']!r} of the structured data is not a whole number",
            "write a number",
        )


def _check_list(item: Mapping[str, Any], shown: str) -> Iterator[tuple[str, str]]:
    elements = item.get("itemListElement") or []
    elements = elements if isinstance(elements, list) else [elements]
    positions = [part["position"] for part in elements if isinstance(part, dict) and "position" in part]
    if all(isinstance(location, int) for location in positions) and positions != sorted(set(positions)):
        yield f"the positions of the {shown} are not in order: {positions[:10]}", "count them from 1 upwards"
    for number, part in enumerate(elements, 1):
        if isinstance(part, dict) and "ListItem" in _types(part):
            inner = part.get("item")
            named = part.get("name") or (isinstance(inner, dict) and inner.get("name"))
            last = number == len(elements)
            if "BreadcrumbList" in _types(item) and (not named or not (inner or last)):
                yield f"step {number} of the breadcrumbs lacks its name or its item", "give it both"
            elif not (inner or named or part.get("url")):
                yield f"entry {number} of the {shown} says nothing", "give it a url or an item"


def _check_search_action(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    target = item.get("target", "")
    template = target.get("urlTemplate", "") if isinstance(target, dict) else target
    names = _PLACEHOLDER.findall(str(template))
    query = str(item.get("query-input", ""))
    if template and (not names or f"name={names[0]}" not in query.replace(" ", "")):
        yield (
            "the SearchAction's target and query-input do not name the same field",
            ('write "…?q={query}" and "required name=query"'),
        )


def _types(item: Mapping[str, Any]) -> frozenset[str]:
    value = item.get("@type", ())
    return _single(value) if isinstance(value, str) else frozenset([part for part in value if isinstance(part, str)])


@lru_cache(maxsize=256)
def _single(schema_type: str) -> frozenset[str]:
    return frozenset([schema_type])


def _is_count(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool) and value >= 0) or (
        isinstance(value, str) and value.isdecimal()
    )


def _moment(value: object) -> datetime | None:
    """Return a date of the structured data as a moment that can be compared, None if it is not one."""
    if not isinstance(value, str) or not _is_date(value):
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
