"""Flaws of RSS 2.0, by the Best Practices Profile of the RSS Advisory Board and the W3C's validator."""

from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.archive import Chain
from sitegen.check.feeds.content import judge_content
from sitegen.check.feeds.extensions import judge_comments, judge_media_content, judge_relation
from sitegen.check.feeds.podcast import judge_episode
from sitegen.check.feeds.rss_channel import child_of, judge_channel, judge_names, text_of
from sitegen.check.feeds.text import HasReferences, judge_text
from sitegen.check.feeds.values import (
    WEB,
    Flaw,
    Place,
    judge_language,
    judge_media_type,
    judge_number,
    judge_same,
    judge_url,
    read_rfc_822,
    read_rfc_3339,
)
from sitegen.check.feeds.vocabulary import ATOM, CONTENT, DC, HISTORY, ITEM
from sitegen.ledger.file import check_guid

PLAIN = ("title", "category", "source")
ORDER = ("title", "link", "description", f"{CONTENT}encoded")


def judge_rss(root: Any, has_references: HasReferences) -> Iterator[Flaw]:
    """Yield what is wrong with an RSS document; `has_references` is asked of its lines."""
    if root.get("version") != "2.0":
        yield Place(line=root.sourceline).flaw(f'the version of RSS is "{root.get("version") or ""}", not 2.0')
    channels = root.findall("channel")
    if len(channels) != 1:
        yield Place(line=root.sourceline).flaw(f"there are {len(channels)} channels, not one")
    for channel in channels[:1]:
        yield from judge_channel(channel, has_references)
        yield from judge_items(channel, has_references)


def chain_of(channel: Any) -> Chain:
    """Return how a channel is linked to its archives."""
    links: dict[str, tuple[str, ...]] = {}
    for link in channel.iterchildren(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        links[relation] = (*links.get(relation, ()), link.get("href", ""))
    archive = channel.find(f"{HISTORY}archive") is not None
    return Chain(links, archive, channel.find(f"{HISTORY}complete") is not None)


def judge_items(channel: Any, has_references: HasReferences) -> Iterator[Flaw]:
    """Yield what is wrong with the items, each and together."""
    guids: dict[str, str] = {}
    dates = []
    built = read_rfc_822(text_of(channel, "lastBuildDate"))
    for number, item in enumerate(channel.findall("item"), 1):
        place = Place(f'item {number} ("{text_of(item, "title")[:60]}")', item.sourceline)
        yield from judge_names(place, item, ITEM)
        yield from judge_item(place, item)
        for name in PLAIN:
            for element in item.iterchildren(name):
                if text := element.text:
                    yield from judge_text(Place(place.item, element.sourceline), f"<{name}>", text, has_references)
        yield from judge_guid(place, item, guids)
        yield from judge_media(place, item)
        date = read_rfc_822(text_of(item, "pubDate"))
        if date is None:
            yield place.flaw(f'pubDate is not a date of RFC 822: "{text_of(item, "pubDate")}"')
        else:
            dates.append(date)
            if built and date > built:
                yield place.flaw("the item is newer than the channel's lastBuildDate")
    if dates != sorted(dates, reverse=True):
        yield Place(line=channel.sourceline).flaw("the items are not ordered from the newest to the oldest")


def judge_item(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the texts of an item, their order and their number."""
    names = [child.tag for child in item.iterchildren("*")]
    placed = [name for name in names if name in ORDER]
    if placed != sorted(placed, key=ORDER.index):
        yield place.warning(
            "the elements of the item are out of order", "title, link, description, then content:encoded"
        )
    for name in (*ORDER, "guid", "pubDate", "author"):
        if names.count(name) > 1:
            yield place.flaw(f"the item has several elements <{name.rpartition('}')[2]}>")
    if not text_of(item, "title"):
        yield place.warning("the item has no title")
    if not text_of(item, "description"):
        yield place.warning("the item has no description")
    yield from judge_url(place, "the link of the item", text_of(item, "link"))
    yield from judge_people(place, item)
    for name in ("description", f"{CONTENT}encoded"):
        for element in item.iterchildren(name):
            if name != "description" or (element.text or "").strip():
                yield from judge_content(place, element.text or "")
    yield from judge_rare(place, item)


def judge_rare(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with elements that few items have."""
    for link in item.iterchildren(f"{ATOM}link"):
        yield from judge_url(place, f"the link with the relation {link.get('rel')}", link.get("href"))
        yield from judge_relation(place, link, "application/rss+xml")
    if child_of(item, "comments") is not None:
        yield from judge_url(place, "the address of the comments", text_of(item, "comments"))
    for element in item.iterchildren(f"{DC}language"):
        yield from judge_language(place, element.text or "")
    for element in item.iterchildren(f"{DC}date"):
        if read_rfc_3339((element.text or "").strip()) is None:
            yield place.flaw(f'dc:date is not a date of RFC 3339: "{element.text or ""}"')


def judge_people(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the authors and categories of an item."""
    element = child_of(item, "author")
    author = None if element is None else element.text or ""
    if author is not None and "@" not in author:
        yield place.flaw(f'the author "{author}" has no e-mail address', "name people in dc:creator")
    if author is not None and child_of(item, f"{DC}creator") is not None:
        yield place.warning("the item has both author and dc:creator", "keep dc:creator")
    for name in ("category", f"{DC}creator", f"{DC}source"):
        if any(not (element.text or "").strip() for element in item.iterchildren(name)):
            yield place.warning(f"the item has an empty element <{name.rpartition('}')[2]}>")


def judge_guid(place: Place, item: Any, guids: dict[str, str]) -> Iterator[Flaw]:
    """Yield what is wrong with the guid of an item."""
    guid, element = text_of(item, "guid"), child_of(item, "guid")
    if element is None:
        yield place.warning("the item has no guid", "without one, readers show it again after each change")
        return
    if not guid:
        yield place.flaw("the guid of the item is empty", "without one, readers show it again after each change")
        return
    permanent = element.get("isPermaLink", "true")
    try:
        check_guid(guid)
    except ValueError as error:
        yield place.warning(f"the guid {error}", "use the post's URL")
    if permanent not in ("true", "false"):
        yield place.flaw(f'isPermaLink is "{permanent}", neither true nor false')
    elif permanent == "true" and not WEB.fullmatch(guid):
        yield place.flaw(f'the guid "{guid}" is said to be a permalink, but is no URL', 'add isPermaLink="false"')
    yield from judge_same(place, guids, "the guid", guid)


def judge_media(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with enclosures, media, counts and sources."""
    if len(list(item.iterchildren("enclosure"))) > 1:
        yield place.warning("the item has several enclosures", "readers take only one")
    for element in item.iterchildren("enclosure"):
        yield from judge_url(place, "the URL of the enclosure", element.get("url"))
        yield from judge_number(place, "the length of the enclosure", element.get("length"))
        yield from judge_media_type(place, "the enclosure", element.get("type"))
    yield from judge_media_content(place, item)
    yield from judge_comments(place, item)
    yield from judge_episode(place, item)
    if child_of(item, "source") is not None and child_of(item, f"{DC}source") is not None:
        yield place.warning("the item has both source and dc:source", "keep source")
    for element in item.iterchildren("source"):
        yield from judge_url(place, "the URL of the source", element.get("url"))
        if not (element.text or "").strip():
            yield place.flaw("the source has no name")
