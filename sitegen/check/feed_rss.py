"""Flaws of RSS 2.0, by the Best Practices Profile of the RSS Advisory Board and the W3C's validator."""

from collections.abc import Iterator
from typing import Any

from sitegen.check.feed_archive import HISTORY, Chain
from sitegen.check.feed_content import judge_content
from sitegen.check.feed_values import (
    WEB,
    Flaw,
    Place,
    judge_language,
    judge_media_type,
    judge_number,
    judge_same,
    judge_url,
    read_rfc_822,
)
from sitegen.feeds.text import words

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
THREAD = "{http://purl.org/syndication/thread/1.0}"

CHANNEL = words(
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator "
    "docs cloud ttl image rating textInput skipHours skipDays item"
)
ITEM = words("title link description author category comments enclosure guid pubDate source")
KNOWN = frozenset((ATOM, CONTENT, DC, MEDIA, SLASH, THREAD, f"{{{HISTORY}}}"))
REFUSED = frozenset((f"{MEDIA}statistics", f"{MEDIA}community", "{http://purl.org/dc/terms/}source"))
ORDER = ("title", "link", "description", f"{CONTENT}encoded")


def judge_rss(root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with an RSS document."""
    if root.get("version") != "2.0":
        yield Place(line=root.sourceline).flaw(f'the version of RSS is "{root.get("version") or ""}", not 2.0')
    channels = root.findall("channel")
    if len(channels) != 1:
        yield Place(line=root.sourceline).flaw(f"there are {len(channels)} channels, not one")
    for channel in channels[:1]:
        yield from judge_channel(channel)
        yield from judge_items(channel)


def chain_of(channel: Any) -> Chain:
    """Return how a channel is linked to its archives."""
    links: dict[str, tuple[str, ...]] = {}
    for link in channel.findall(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        links[relation] = (*links.get(relation, ()), link.get("href", ""))
    archive = channel.find(f"{{{HISTORY}}}archive") is not None
    return Chain(links, archive, channel.find(f"{{{HISTORY}}}complete") is not None)


def text_of(parent: Any, name: str) -> str:
    """Return the text of a child element without white space at its ends, "" if there is none."""
    return (parent.findtext(name) or "").strip()


def judge_channel(channel: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the channel itself."""
    place = Place(line=channel.sourceline)
    for name in ("title", "description"):
        if not text_of(channel, name):
            yield place.flaw(f"the channel has no {name}")
    yield from judge_url(place, "the link of the channel", text_of(channel, "link"))
    yield from judge_names(place, channel, CHANNEL)
    for name in ("title", "link", "description", "language", "lastBuildDate", "copyright"):
        if len(channel.findall(name)) > 1:
            yield place.flaw(f"the channel has several elements <{name}>")
    if channel.find("language") is None:
        yield place.flaw("the channel does not say its language", "add <language>")
    else:
        yield from judge_language(place, text_of(channel, "language"))
    built = text_of(channel, "lastBuildDate")
    if not built:
        yield place.flaw("the channel has no lastBuildDate")
    elif read_rfc_822(built) is None:
        yield place.flaw(f'lastBuildDate is not a date of RFC 822: "{built}"')
    after = False
    for child in channel.iterchildren("*"):
        after = after or child.tag == "item"
        if after and child.tag != "item":
            yield Place(line=child.sourceline).flaw(f"<{local(child)}> stands after the items", "put the items last")


def local(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def judge_names(place: Place, parent: Any, known: frozenset[str]) -> Iterator[Flaw]:
    """Yield the children that readers and validators do not know."""
    for child in parent.iterchildren("*"):
        space = child.tag[: child.tag.index("}") + 1] if child.tag.startswith("{") else ""
        if child.tag in REFUSED:
            yield place.flaw(f"<{local(child)}> is an element that validators refuse", "leave it out")
        elif space and space not in KNOWN:
            yield place.flaw(f"<{local(child)}> is of the unknown vocabulary {space[1:-1]}", "leave it out")
        elif not space and child.tag not in known:
            yield place.flaw(f"RSS has no element <{child.tag}> here")


def judge_items(channel: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the items, each and together."""
    guids: dict[str, str] = {}
    dates = []
    built = read_rfc_822(text_of(channel, "lastBuildDate"))
    for number, item in enumerate(channel.findall("item"), 1):
        place = Place(f'item {number} ("{text_of(item, "title")[:60]}")', item.sourceline)
        yield from judge_names(place, item, ITEM)
        yield from judge_item(place, item)
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
        yield place.flaw("the elements of the item are out of order", "title, link, description, then content:encoded")
    for name in (*ORDER, "guid", "pubDate", "author"):
        if names.count(name) > 1:
            yield place.flaw(f"the item has several elements <{name.rpartition('}')[2]}>")
    if not text_of(item, "title"):
        yield place.flaw("the item has no title")
    if not text_of(item, "description"):
        yield place.flaw("the item has no description")
    yield from judge_url(place, "the link of the item", text_of(item, "link"))
    yield from judge_people(place, item)
    for name in ("description", f"{CONTENT}encoded"):
        for element in item.findall(name):
            if name != "description" or (element.text or "").strip():
                yield from judge_content(place, element.text or "")
    for link in item.findall(f"{ATOM}link"):
        yield from judge_url(place, f"the link with the relation {link.get('rel')}", link.get("href"))


def judge_people(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with the authors and categories of an item."""
    author = item.findtext("author")
    if author is not None and "@" not in author:
        yield place.flaw(f'the author "{author}" has no e-mail address', "name people in dc:creator")
    if author is not None and item.find(f"{DC}creator") is not None:
        yield place.flaw("the item has both author and dc:creator", "keep dc:creator")
    for name in ("category", f"{DC}creator", f"{DC}source"):
        if any(not (element.text or "").strip() for element in item.findall(name)):
            yield place.flaw(f"the item has an empty element <{name.rpartition('}')[2]}>")


def judge_guid(place: Place, item: Any, guids: dict[str, str]) -> Iterator[Flaw]:
    """Yield what is wrong with the guid of an item."""
    guid, element = text_of(item, "guid"), item.find("guid")
    if not guid or element is None:
        yield place.flaw("the item has no guid", "without one, readers show it again after each change")
        return
    permanent = element.get("isPermaLink", "true")
    if guid.isdigit():
        yield place.flaw(f"the guid {guid} is a bare number", "it is not unique in the world; use the URL")
    if permanent not in ("true", "false"):
        yield place.flaw(f'isPermaLink is "{permanent}", neither true nor false')
    elif permanent == "true" and not WEB.fullmatch(guid):
        yield place.flaw(f'the guid "{guid}" is said to be a permalink, but is no URL', 'add isPermaLink="false"')
    yield from judge_same(place, guids, "the guid", guid)


def judge_media(place: Place, item: Any) -> Iterator[Flaw]:
    """Yield what is wrong with enclosures, media, counts and sources."""
    if len(item.findall("enclosure")) > 1:
        yield place.flaw("the item has several enclosures", "readers take only one")
    for element in item.findall("enclosure"):
        yield from judge_url(place, "the URL of the enclosure", element.get("url"))
        yield from judge_number(place, "the length of the enclosure", element.get("length"))
        yield from judge_media_type(place, "the enclosure", element.get("type"))
    for element in item.iter(f"{MEDIA}content"):
        yield from judge_url(place, "the URL of media:content", element.get("url"))
        medium = element.get("medium", "")
        expected = f"{medium}/" if medium in ("image", "audio", "video") else ""
        yield from judge_media_type(place, "media:content", element.get("type"), expected)
        for name in ("fileSize", "width", "height"):
            if element.get(name) is not None:
                yield from judge_number(place, f"{name} of media:content", element.get(name))
    counts = [text_of(item, name) for name in (f"{SLASH}comments", f"{THREAD}total") if item.find(name) is not None]
    for count in counts:
        yield from judge_number(place, "the number of comments", count)
    if len(set(counts)) > 1:
        yield place.flaw(f"the item counts {counts[0]} comments in one place and {counts[1]} in another")
    for element in item.findall("source"):
        yield from judge_url(place, "the URL of the source", element.get("url"))
