"""Flaws of Atom 1.0 (RFC 4287)."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sitegen.check.feeds.content import judge_content
from sitegen.check.feeds.extensions import judge_comments, judge_media_content, judge_relation
from sitegen.check.feeds.rss import chain_of
from sitegen.check.feeds.rss_channel import child_of, text_of
from sitegen.check.feeds.text import judge_text
from sitegen.check.feeds.values import (
    URI,
    Flaw,
    Place,
    judge_language,
    judge_media_type,
    judge_number,
    judge_same,
    judge_url,
    read_rfc_3339,
)
from sitegen.check.feeds.vocabulary import ATOM
from sitegen.check.findings import WARNING
from sitegen.feeds.text import words

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
TAG_URI = re.compile(r"tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:\S*")
URN = re.compile(
    r"urn:(?:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:(?:[a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+)",
    re.IGNORECASE,
)
SCHEMES = words("ftp http https info mailto mid cid news tag urn xmpp")
"""The registered schemes that an id may have."""

TEXT = re.compile(r"text/|.*[/+]xml\b", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/\s]*+={0,2}\s*+")


def judge_atom(root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with an Atom document: our rules first, and the grammar where they find nothing."""
    flaws = [*judge_feed(root), *judge_entries(root)]
    yield from flaws
    grammar = read_grammar()
    if not flaws and not grammar.validate(root):
        error = grammar.error_log.last_error
        yield Place(line=error.line).flaw(f"the feed does not fit the grammar of Atom: {error.message}", "see RFC 4287")


@cache
def read_grammar() -> Any:
    """Return the grammar of Atom, read once a process."""
    from lxml import etree  # noqa: PLC0415 - only a check of Atom needs it

    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def judge_feed(root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the feed itself."""
    place = Place(line=root.sourceline)
    yield from judge_basics(place, root)
    if root.get(LANG) is None:
        yield place.flaw("the feed does not say its language", "add xml:lang")
    if any(element.get(BASE) is not None for element in root.iter("*")):
        yield place.flaw("the feed has xml:base", "many readers do not heed it; write absolute addresses")
    for name in ("icon", "logo"):
        if root.find(f"{ATOM}{name}") is not None:
            yield from judge_url(place, f"the {name} of the feed", text_of(root, f"{ATOM}{name}"))
    for generator in root.iterchildren(f"{ATOM}generator"):
        if generator.get("uri") is not None:
            yield from judge_url(place, "the URI of the generator", generator.get("uri"))
    links = chain_of(root).links
    if not links.get("alternate"):
        yield place.flaw('the feed has no link with the relation "alternate"', "it leads to the page of the feed")
    entries = root.findall(f"{ATOM}entry")
    if root.find(f"{ATOM}author") is None and not all(
        child_of(entry, f"{ATOM}author") is not None for entry in entries
    ):
        yield place.flaw("neither the feed nor each entry names an author")
    after = False
    for child in root.iterchildren("*"):
        after = after or child.tag == f"{ATOM}entry"
        if after and child.tag != f"{ATOM}entry":
            yield Place(line=child.sourceline).flaw("an element of the feed stands after the entries")


def judge_basics(place: Place, parent: Any) -> Iterator[Flaw]:
    """Yield what is wrong with that which feeds, entries and sources have alike."""
    for name in ("id", "title", "updated"):
        count = len(list(parent.iterchildren(f"{ATOM}{name}")))
        if count > 1:
            yield place.flaw(f"there are {count} elements <{name}>, not one")
        elif not text_of(parent, f"{ATOM}{name}"):
            message = f"the {name} is missing or empty"
            # An empty title is allowed (RFC 4287, section 4.2.14).
            yield place.warning(message) if count and name == "title" else place.flaw(message)
    yield from judge_id(place, text_of(parent, f"{ATOM}id"))
    for name in ("title", "subtitle", "summary", "rights"):
        for element in parent.iterchildren(f"{ATOM}{name}"):
            if element.get("type", "text") == "text":
                yield from judge_text(place, f"the {name}", element.text or "")
    for name in ("updated", "published"):
        for element in parent.iterchildren(f"{ATOM}{name}"):
            if element.text and read_rfc_3339(element.text.strip()) is None:
                yield place.flaw(f'{name} is not a date of RFC 3339: "{element.text}"')
    if parent.get(LANG):
        yield from judge_language(place, parent.get(LANG))
    yield from judge_terms(place, parent)
    yield from judge_links(place, parent)


def judge_id(place: Place, value: str) -> Iterator[Flaw]:
    """Yield what is wrong with an id (RFC 4287, section 4.2.6)."""
    scheme = value.partition(":")[0].lower()
    if not value:
        return
    if not URI.fullmatch(value):
        yield place.flaw(f'the id "{value}" is not a URI', "use the URL, or urn:uuid: and a UUID")
    elif scheme == "tag" and not TAG_URI.fullmatch(value):
        yield place.flaw(f'the id "{value}" is not a tag URI', "write it as tag:example.com,2024:name (RFC 4151)")
    elif scheme == "urn" and not URN.fullmatch(value):
        yield place.flaw(f'the id "{value}" is not a URN', "write it as urn:uuid: and a UUID (RFC 8141)")
    elif scheme in ("http", "https") and not value.partition(":")[2].strip("/"):
        yield place.flaw(f'the id "{value}" is not a URI', "use the URL, or urn:uuid: and a UUID")
    elif scheme not in SCHEMES:
        yield place.warning(f'the scheme of the id "{value}" is not registered', "use urn:uuid: and a UUID")


def judge_terms(place: Place, parent: Any) -> Iterator[Flaw]:
    """Yield what is wrong with people and categories."""
    for person in (*parent.iterchildren(f"{ATOM}author"), *parent.iterchildren(f"{ATOM}contributor")):
        if not text_of(person, f"{ATOM}name"):
            yield place.warning("a person has no name")
        yield from judge_text(place, "a person's name", text_of(person, f"{ATOM}name"))
        if child_of(person, f"{ATOM}uri") is not None:
            yield from judge_url(place, "the URI of a person", text_of(person, f"{ATOM}uri"))
    for category in parent.iterchildren(f"{ATOM}category"):
        if not category.get("term"):
            yield place.warning("a category has no term")
        if not URI.fullmatch(category.get("scheme", "x:y")):
            yield place.flaw(f'the scheme of a category is no URI: "{category.get("scheme")}"')


def judge_links(place: Place, parent: Any) -> Iterator[Flaw]:
    """Yield what is wrong with links."""
    seen = set()
    for link in parent.iterchildren(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        if relation != "enclosure" or not URI.fullmatch(link.get("href", "")):
            yield from judge_url(place, f"the link with the relation {relation}", link.get("href"))
        yield from judge_relation(place, link, "application/atom+xml")
        if link.get("type") is not None or relation == "enclosure":
            yield from judge_media_type(place, f"the link with the relation {relation}", link.get("type"))
        if link.get("length") is not None:
            yield from judge_number(place, f"the length of the link with the relation {relation}", link.get("length"))
        key = (relation, link.get("type"), link.get("hreflang"))
        if relation == "alternate" and key in seen:
            yield place.flaw("there are two alternate links of one type and language")
        seen.add(key)


def judge_entries(root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the entries, each and together."""
    ids: dict[str, str] = {}
    dates: list[datetime] = []
    feed_updated = read_rfc_3339(text_of(root, f"{ATOM}updated"))
    for number, entry in enumerate(root.findall(f"{ATOM}entry"), 1):
        place = Place(f'entry {number} ("{text_of(entry, f"{ATOM}title")[:60]}")', entry.sourceline)
        yield from judge_basics(place, entry)
        yield from judge_same(place, ids, "the id", text_of(entry, f"{ATOM}id"), WARNING)
        yield from judge_texts(place, entry)
        published = read_rfc_3339(text_of(entry, f"{ATOM}published"))
        updated = read_rfc_3339(text_of(entry, f"{ATOM}updated"))
        if published and updated and updated < published:
            yield place.flaw("the entry was updated before it was published")
        if updated and feed_updated and updated > feed_updated:
            yield place.flaw("the entry is newer than the feed")
        if published:
            dates.append(published)
        for source in entry.iterchildren(f"{ATOM}source"):
            for name in ("id", "title", "updated"):
                if not text_of(source, f"{ATOM}{name}"):
                    yield place.warning(f"the source of the entry has no {name}")
        yield from judge_comments(place, entry)
        yield from judge_media_content(place, entry)
    if dates != sorted(dates, reverse=True):
        yield Place(line=root.sourceline).flaw("the entries are not ordered from the newest to the oldest")


def judge_texts(place: Place, entry: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the content and the summary of an entry."""
    content, summary = child_of(entry, f"{ATOM}content"), child_of(entry, f"{ATOM}summary")
    relations = {link.get("rel", "alternate") for link in entry.iterchildren(f"{ATOM}link")}
    if "alternate" not in relations:
        yield place.flaw("the entry has no link to its page")
    if content is None and summary is None:
        yield place.flaw("the entry has neither content nor summary")
    for element in (content, summary):
        if element is not None:
            kind = element.get("type", "text")
            if kind not in ("text", "html", "xhtml") and "/" not in kind:
                yield place.flaw(f'a text has the type "{kind}"', "Atom knows text, html and xhtml")
            elif "/" in kind and not TEXT.match(kind) and not BASE64.fullmatch(element.text or ""):
                yield place.flaw(f"the content of the type {kind} is not in Base64")
            elif kind == "html":
                yield from judge_content(place, element.text or "")
