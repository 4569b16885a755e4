"""Checks of RSS 2.0, by the Best Practices Profile of the RSS Advisory Board and the W3C's validator."""

from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.archive import Chain
from sitegen.check.feeds.content import check_content
from sitegen.check.feeds.extensions import check_comments, check_media_content, check_relation
from sitegen.check.feeds.podcast import check_episode
from sitegen.check.feeds.rss_channel import check_channel, check_element_names, child_of, text_of
from sitegen.check.feeds.text import HasReferences, check_text
from sitegen.check.feeds.values import (
    WEB,
    FeedLocation,
    check_language,
    check_media_type,
    check_number,
    check_unique,
    check_url,
    read_rfc_822,
    read_rfc_3339,
)
from sitegen.check.feeds.vocabulary import ATOM, CONTENT, DC, HISTORY, ITEM
from sitegen.content.ledger.file import check_guid as require_unique_guid
from sitegen.errors import Problem

PLAIN = ("title", "category", "source")
ORDER = ("title", "link", "description", f"{CONTENT}encoded")


def check_rss(root: Any, has_references: HasReferences) -> Iterator[Problem]:
    """Yield what is wrong with an RSS document; `has_references` returns whether a line has hexadecimal references."""
    if root.get("version") != "2.0":
        yield FeedLocation(line=root.sourceline).problem(
            f'the version of RSS is "{root.get("version") or ""}", not 2.0'
        )
    channels = root.findall("channel")
    if len(channels) != 1:
        yield FeedLocation(line=root.sourceline).problem(f"there are {len(channels)} channels, not one")
    for channel in channels[:1]:
        yield from check_channel(channel, has_references)
        yield from check_items(channel, has_references)


def chain_of(channel: Any) -> Chain:
    """Return how a channel is linked to its archives."""
    links: dict[str, tuple[str, ...]] = {}
    for link in channel.iterchildren(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        links[relation] = (*links.get(relation, ()), link.get("href", ""))
    archive = channel.find(f"{HISTORY}archive") is not None
    return Chain(links, archive, channel.find(f"{HISTORY}complete") is not None)


def check_items(channel: Any, has_references: HasReferences) -> Iterator[Problem]:
    """Yield what is wrong with the items, each and together."""
    guids: dict[str, str] = {}
    dates = []
    built = read_rfc_822(text_of(channel, "lastBuildDate"))
    for number, item in enumerate(channel.findall("item"), 1):
        location = FeedLocation(f'item {number} ("{text_of(item, "title")[:60]}")', item.sourceline)
        yield from check_element_names(location, item, ITEM)
        yield from check_item(location, item)
        for name in PLAIN:
            for element in item.iterchildren(name):
                if text := element.text:
                    yield from check_text(
                        FeedLocation(location.item, element.sourceline), f"<{name}>", text, has_references
                    )
        yield from check_guid(location, item, guids)
        yield from check_media(location, item)
        date = read_rfc_822(text_of(item, "pubDate"))
        if date is None:
            yield location.problem(f'pubDate is not a date of RFC 822: "{text_of(item, "pubDate")}"')
        else:
            dates.append(date)
            if built and date > built:
                yield location.problem("the item is newer than the channel's lastBuildDate")
    if dates != sorted(dates, reverse=True):
        yield FeedLocation(line=channel.sourceline).problem("the items are not ordered from the newest to the oldest")


def check_item(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with the text elements of an item, their order and their number."""
    names = [child.tag for child in item.iterchildren("*")]
    placed = [name for name in names if name in ORDER]
    if placed != sorted(placed, key=ORDER.index):
        yield location.warning(
            "the elements of the item are out of order", "title, link, description, then content:encoded"
        )
    for name in (*ORDER, "guid", "pubDate", "author"):
        if names.count(name) > 1:
            yield location.problem(f"the item has several elements <{name.rpartition('}')[2]}>")
    if not text_of(item, "title"):
        yield location.warning("the item has no title")
    if not text_of(item, "description"):
        yield location.warning("the item has no description")
    yield from check_url(location, "the link of the item", text_of(item, "link"))
    yield from check_people(location, item)
    for name in ("description", f"{CONTENT}encoded"):
        for element in item.iterchildren(name):
            if name != "description" or (element.text or "").strip():
                yield from check_content(location, element.text or "")
    yield from check_optional_elements(location, item)


def check_optional_elements(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with elements that few items have."""
    for link in item.iterchildren(f"{ATOM}link"):
        yield from check_url(location, f"the link with the relation {link.get('rel')}", link.get("href"))
        yield from check_relation(location, link, "application/rss+xml")
    if child_of(item, "comments") is not None:
        yield from check_url(location, "the URL of the comments", text_of(item, "comments"))
    for element in item.iterchildren(f"{DC}language"):
        yield from check_language(location, element.text or "")
    for element in item.iterchildren(f"{DC}date"):
        if read_rfc_3339((element.text or "").strip()) is None:
            yield location.problem(f'dc:date is not a date of RFC 3339: "{element.text or ""}"')


def check_people(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with the authors and categories of an item."""
    element = child_of(item, "author")
    author = None if element is None else element.text or ""
    if author is not None and "@" not in author:
        yield location.problem(f'the author "{author}" has no e-mail address', "name people in dc:creator")
    if author is not None and child_of(item, f"{DC}creator") is not None:
        yield location.warning("the item has both author and dc:creator", "keep dc:creator")
    for name in ("category", f"{DC}creator", f"{DC}source"):
        if any(not (element.text or "").strip() for element in item.iterchildren(name)):
            yield location.warning(f"the item has an empty element <{name.rpartition('}')[2]}>")


def check_guid(location: FeedLocation, item: Any, guids: dict[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the guid of an item."""
    guid, element = text_of(item, "guid"), child_of(item, "guid")
    if element is None:
        yield location.warning("the item has no guid", "without one, readers show it again after each change")
        return
    if not guid:
        yield location.problem("the guid of the item is empty", "without one, readers show it again after each change")
        return
    permanent = element.get("isPermaLink", "true")
    try:
        require_unique_guid(guid)
    except ValueError as error:
        yield location.warning(f"the guid {error}", "use the post's URL")
    if permanent not in ("true", "false"):
        yield location.problem(f'isPermaLink is "{permanent}", neither true nor false')
    elif permanent == "true" and not WEB.fullmatch(guid):
        yield location.problem(
            f'the guid "{guid}" is marked as a permalink, but is not a URL', 'add isPermaLink="false"'
        )
    yield from check_unique(location, guids, "the guid", guid)


def check_media(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with enclosures, media, counts and sources."""
    if len(list(item.iterchildren("enclosure"))) > 1:
        yield location.warning("the item has several enclosures", "readers take only one")
    for element in item.iterchildren("enclosure"):
        yield from check_url(location, "the URL of the enclosure", element.get("url"))
        yield from check_number(location, "the length of the enclosure", element.get("length"))
        yield from check_media_type(location, "the enclosure", element.get("type"))
    yield from check_media_content(location, item)
    yield from check_comments(location, item)
    yield from check_episode(location, item)
    if child_of(item, "source") is not None and child_of(item, f"{DC}source") is not None:
        yield location.warning("the item has both source and dc:source", "keep source")
    for element in item.iterchildren("source"):
        yield from check_url(location, "the URL of the source", element.get("url"))
        if not (element.text or "").strip():
            yield location.problem("the source has no name")
