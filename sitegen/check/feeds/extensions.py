"""Checks of extensions that RSS and Atom share: media, comments, relations of links."""

import re
from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.text import check_text
from sitegen.check.feeds.values import FeedLocation, check_media_type, check_number, check_url
from sitegen.check.feeds.vocabulary import ELEMENTS, MEDIA, RELATIONS, SLASH, THREAD
from sitegen.errors import Problem

CHOICES = {
    "medium": frozenset({"image", "audio", "video", "document", "executable"}),
    "expression": frozenset({"sample", "full", "nonstop"}),
    "isDefault": frozenset({"true", "false"}),
}
NUMBERS = ("fileSize", "width", "height", "duration", "bitrate", "channels")


def check_media_content(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with the media of an item (Media RSS 1.5.1)."""
    for element in item.iter(f"{MEDIA}content"):
        yield from check_url(location, "the URL of media:content", element.get("url"))
        medium = element.get("medium", "")
        expected = f"{medium}/" if medium in ("image", "audio", "video") else ""
        if element.get("type") is not None:
            yield from check_media_type(location, "media:content", element.get("type"), expected)
        for name, known in CHOICES.items():
            if element.get(name, next(iter(known))) not in known:
                yield location.problem(
                    f'{name} of media:content is "{element.get(name)}"', f"write {' or '.join(sorted(known))}"
                )
        for child in element.iterchildren(f"{MEDIA}*"):
            if child.tag.removeprefix(MEDIA) not in ELEMENTS[MEDIA]:
                yield location.problem(f"Media RSS has no element <{child.tag.removeprefix(MEDIA)}>")
        for child in element.iterchildren(f"{MEDIA}description", f"{MEDIA}title"):
            if child.get("type", "plain") == "plain":
                yield from check_text(
                    FeedLocation(location.item, child.sourceline), "media:description", child.text or ""
                )
        for name in NUMBERS:
            if element.get(name) is not None:
                yield from check_number(location, f"{name} of media:content", element.get(name))


def check_comments(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with the number of comments (slash:comments, RFC 4685)."""
    counts = []
    for name in (f"{SLASH}comments", f"{THREAD}total"):
        found = [(element.text or "").strip() for element in item.iterchildren(name)]
        if len(found) > 1:
            yield location.problem(f"the item has several elements <{name.rpartition('}')[2]}>")
        counts += found
    for count in counts:
        yield from check_number(location, "the number of comments", count)
    if len(set(counts)) > 1:
        yield location.problem(f"the item counts {counts[0]} comments in one element and {counts[1]} in another")
    for element in item.iterchildren(f"{THREAD}in-reply-to"):
        if not element.get("ref"):
            yield location.problem("thr:in-reply-to has no ref")


def check_relation(location: FeedLocation, link: Any, own: str) -> Iterator[Problem]:
    """Yield what is wrong with the relation of a link, and with the type of the one that leads to the feed itself."""
    relation = link.get("rel", "alternate")
    if relation not in RELATIONS and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", relation):
        yield location.warning(f'no reader knows the relation "{relation}"', "write a registered one, or a URI")
    if relation == "self" and link.get("type", own) != own:
        yield location.warning(f'the self link has the type "{link.get("type")}", not {own}')
