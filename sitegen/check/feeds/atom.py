"""Checks of Atom 1.0 (RFC 4287)."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sitegen.check.feeds.content import check_content
from sitegen.check.feeds.extensions import check_comments, check_media_content, check_relation
from sitegen.check.feeds.rss import chain_of
from sitegen.check.feeds.rss_channel import child_of, text_of
from sitegen.check.feeds.text import check_text
from sitegen.check.feeds.values import (
    URI,
    FeedLocation,
    check_language,
    check_media_type,
    check_number,
    check_unique,
    check_url,
    read_rfc_3339,
)
from sitegen.check.feeds.vocabulary import ATOM
from sitegen.errors import WARNING, Problem
from sitegen.formats.html_elements import names

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
TAG_URI = re.compile(r"tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:\S*")
URN = re.compile(
    r"urn:(?:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:(?:[a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+)",
    re.IGNORECASE,
)
SCHEMES = names("ftp http https info mailto mid cid news tag urn xmpp")
"""The registered schemes that an id may have."""

TEXT = re.compile(r"text/|.*[/+]xml\b", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/\s]*+={0,2}\s*+")


def check_atom(root: Any) -> Iterator[Problem]:
    """Yield what is wrong with an Atom document: our rules first, and the grammar where they find nothing."""
    problems = [*check_feed_element(root), *check_entries(root)]
    yield from problems
    grammar = read_grammar()
    if not problems and not grammar.validate(root):
        error = grammar.error_log.last_error
        yield FeedLocation(line=error.line).problem(
            f"the feed does not fit the grammar of Atom: {error.message}", "see RFC 4287"
        )


@cache
def read_grammar() -> Any:
    """Return the grammar of Atom, which is read once in a process."""
    from lxml import etree  # noqa: PLC0415 - only a check of Atom needs it

    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def check_feed_element(root: Any) -> Iterator[Problem]:
    """Yield what is wrong with the feed itself."""
    location = FeedLocation(line=root.sourceline)
    yield from check_required_elements(location, root)
    if root.get(LANG) is None:
        yield location.problem("the feed does not say its language", "add xml:lang")
    if any(element.get(BASE) is not None for element in root.iter("*")):
        yield location.problem("the feed has xml:base", "many feed readers ignore it; write absolute URLs")
    for name in ("icon", "logo"):
        if root.find(f"{ATOM}{name}") is not None:
            yield from check_url(location, f"the {name} of the feed", text_of(root, f"{ATOM}{name}"))
    for generator in root.iterchildren(f"{ATOM}generator"):
        if generator.get("uri") is not None:
            yield from check_url(location, "the URI of the generator", generator.get("uri"))
    links = chain_of(root).links
    if not links.get("alternate"):
        yield location.problem('the feed has no link with the relation "alternate"', "it leads to the page of the feed")
    entries = root.findall(f"{ATOM}entry")
    if root.find(f"{ATOM}author") is None and not all(
        child_of(entry, f"{ATOM}author") is not None for entry in entries
    ):
        yield location.problem("neither the feed nor each entry names an author")
    after = False
    for child in root.iterchildren("*"):
        after = after or child.tag == f"{ATOM}entry"
        if after and child.tag != f"{ATOM}entry":
            yield FeedLocation(line=child.sourceline).problem("an element of the feed is after the entries")


def check_required_elements(location: FeedLocation, parent: Any) -> Iterator[Problem]:
    """Yield what is wrong with the elements that feeds, entries and sources share."""
    for name in ("id", "title", "updated"):
        count = len(list(parent.iterchildren(f"{ATOM}{name}")))
        if count > 1:
            yield location.problem(f"there are {count} elements <{name}>, not one")
        elif not text_of(parent, f"{ATOM}{name}"):
            message = f"the {name} is missing or empty"
            # An empty title is allowed (RFC 4287, section 4.2.14).
            yield location.warning(message) if count and name == "title" else location.problem(message)
    yield from check_id(location, text_of(parent, f"{ATOM}id"))
    for name in ("title", "subtitle", "summary", "rights"):
        for element in parent.iterchildren(f"{ATOM}{name}"):
            if element.get("type", "text") == "text":
                yield from check_text(location, f"the {name}", element.text or "")
    for name in ("updated", "published"):
        for element in parent.iterchildren(f"{ATOM}{name}"):
            if element.text and read_rfc_3339(element.text.strip()) is None:
                yield location.problem(f'{name} is not a date of RFC 3339: "{element.text}"')
    if parent.get(LANG):
        yield from check_language(location, parent.get(LANG))
    yield from check_categories(location, parent)
    yield from check_links(location, parent)


def check_id(location: FeedLocation, value: str) -> Iterator[Problem]:
    """Yield what is wrong with an id (RFC 4287, section 4.2.6)."""
    scheme = value.partition(":")[0].lower()
    if not value:
        return
    if not URI.fullmatch(value):
        yield location.problem(f'the id "{value}" is not a URI', "use the URL, or urn:uuid: and a UUID")
    elif scheme == "tag" and not TAG_URI.fullmatch(value):
        yield location.problem(f'the id "{value}" is not a tag URI', "write it as tag:example.com,2024:name (RFC 4151)")
    elif scheme == "urn" and not URN.fullmatch(value):
        yield location.problem(f'the id "{value}" is not a URN', "write it as urn:uuid: and a UUID (RFC 8141)")
    elif scheme in ("http", "https") and not value.partition(":")[2].strip("/"):
        yield location.problem(f'the id "{value}" is not a URI', "use the URL, or urn:uuid: and a UUID")
    elif scheme not in SCHEMES:
        yield location.warning(f'the scheme of the id "{value}" is not registered', "use urn:uuid: and a UUID")


def check_categories(location: FeedLocation, parent: Any) -> Iterator[Problem]:
    """Yield what is wrong with people and categories."""
    for person in (*parent.iterchildren(f"{ATOM}author"), *parent.iterchildren(f"{ATOM}contributor")):
        if not text_of(person, f"{ATOM}name"):
            yield location.warning("a person has no name")
        yield from check_text(location, "a person's name", text_of(person, f"{ATOM}name"))
        if child_of(person, f"{ATOM}uri") is not None:
            yield from check_url(location, "the URI of a person", text_of(person, f"{ATOM}uri"))
    for category in parent.iterchildren(f"{ATOM}category"):
        if not category.get("term"):
            yield location.warning("a category has no term")
        if not URI.fullmatch(category.get("scheme", "x:y")):
            yield location.problem(f'the scheme of a category is not a URI: "{category.get("scheme")}"')


def check_links(location: FeedLocation, parent: Any) -> Iterator[Problem]:
    """Yield what is wrong with links."""
    seen = set()
    for link in parent.iterchildren(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        if relation != "enclosure" or not URI.fullmatch(link.get("href", "")):
            yield from check_url(location, f"the link with the relation {relation}", link.get("href"))
        yield from check_relation(location, link, "application/atom+xml")
        if link.get("type") is not None or relation == "enclosure":
            yield from check_media_type(location, f"the link with the relation {relation}", link.get("type"))
        if link.get("length") is not None:
            yield from check_number(
                location, f"the length of the link with the relation {relation}", link.get("length")
            )
        key = (relation, link.get("type"), link.get("hreflang"))
        if relation == "alternate" and key in seen:
            yield location.problem("there are two alternate links of one type and language")
        seen.add(key)


def check_entries(root: Any) -> Iterator[Problem]:
    """Yield what is wrong with the entries, each and together."""
    ids: dict[str, str] = {}
    dates: list[datetime] = []
    feed_updated = read_rfc_3339(text_of(root, f"{ATOM}updated"))
    for number, entry in enumerate(root.findall(f"{ATOM}entry"), 1):
        location = FeedLocation(f'entry {number} ("{text_of(entry, f"{ATOM}title")[:60]}")', entry.sourceline)
        yield from check_required_elements(location, entry)
        yield from check_unique(location, ids, "the id", text_of(entry, f"{ATOM}id"), WARNING)
        yield from check_texts(location, entry)
        published = read_rfc_3339(text_of(entry, f"{ATOM}published"))
        updated = read_rfc_3339(text_of(entry, f"{ATOM}updated"))
        if published and updated and updated < published:
            yield location.problem("the entry was updated before it was published")
        if updated and feed_updated and updated > feed_updated:
            yield location.problem("the entry is newer than the feed")
        if published:
            dates.append(published)
        for source in entry.iterchildren(f"{ATOM}source"):
            for name in ("id", "title", "updated"):
                if not text_of(source, f"{ATOM}{name}"):
                    yield location.warning(f"the source of the entry has no {name}")
        yield from check_comments(location, entry)
        yield from check_media_content(location, entry)
    if dates != sorted(dates, reverse=True):
        yield FeedLocation(line=root.sourceline).problem("the entries are not ordered from the newest to the oldest")


def check_texts(location: FeedLocation, entry: Any) -> Iterator[Problem]:
    """Yield what is wrong with the content and the summary of an entry."""
    content, summary = child_of(entry, f"{ATOM}content"), child_of(entry, f"{ATOM}summary")
    relations = {link.get("rel", "alternate") for link in entry.iterchildren(f"{ATOM}link")}
    if "alternate" not in relations:
        yield location.problem("the entry has no link to its page")
    if content is None and summary is None:
        yield location.problem("the entry has neither content nor summary")
    for element in (content, summary):
        if element is not None:
            content_type = element.get("type", "text")
            if content_type not in ("text", "html", "xhtml") and "/" not in content_type:
                yield location.problem(f'a text construct has the type "{content_type}"', "use text, html or xhtml")
            elif "/" in content_type and not TEXT.match(content_type) and not BASE64.fullmatch(element.text or ""):
                yield location.problem(f"the content of the type {content_type} is not in Base64")
            elif content_type == "html":
                yield from check_content(location, element.text or "")
