"""Checks of podcasts, by the requirements of Apple Podcasts for channels and episodes."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sitegen.check.feeds.values import WEB, FeedLocation
from sitegen.check.feeds.vocabulary import ITUNES
from sitegen.config.podcast import ARTWORK, CATEGORIES, DURATION, EPISODE_TYPES, SUFFIXES, TYPES
from sitegen.errors import Problem

EMAIL = re.compile(r"[^\s@<>()]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
MAX_CHARACTERS = 255


def check_podcast(location: FeedLocation, channel: Any) -> Iterator[Problem]:
    """Yield what is wrong with the podcast that a channel is, if it or an item has an element of the vocabulary."""
    own = {child.tag.removeprefix(ITUNES): child for child in channel.iterchildren(f"{ITUNES}*")}
    if not own and next(channel.iter(f"{ITUNES}*"), None) is None:
        return
    for name in ("category", "explicit", "owner"):
        if name not in own:
            yield location.warning(f"the podcast has no itunes:{name}", "podcast directories refuse it without")
    yield from check_shared_elements(location, channel)
    if "type" in own and text(own["type"]) not in TYPES:
        yield location.problem(f"itunes:type is `{text(own['type'])}`", "write episodic or serial")
    for category in channel.iterchildren(f"{ITUNES}category"):
        yield from check_category(location, category)
    for owner in channel.iterchildren(f"{ITUNES}owner"):
        email = owner.find(f"{ITUNES}email")
        if email is None:
            yield location.problem("itunes:owner has no itunes:email", "directories write to it")
        elif not EMAIL.fullmatch(text(email)):
            yield location.problem(f"itunes:email is not an e-mail address: `{text(email)}`")


def check_category(location: FeedLocation, category: Any) -> Iterator[Problem]:
    """Yield what is wrong with a category and those in it."""
    name = category.get("text")
    if name is None:
        yield location.problem("itunes:category has no attribute text")
        return
    inner = CATEGORIES.get(name)
    if inner is None:
        yield location.problem(
            f"`{name}` is not a category of Apple Podcasts", f"choose one of {', '.join(CATEGORIES)}"
        )
        return
    for child in category.iterchildren(f"{ITUNES}category"):
        if child.get("text") not in inner:
            yield location.problem(f"`{child.get('text')}` is not a subcategory of {name}")


def check_episode(location: FeedLocation, item: Any) -> Iterator[Problem]:
    """Yield what is wrong with an episode, if an item has an element of the vocabulary."""
    own = {child.tag.removeprefix(ITUNES): text(child) for child in item.iterchildren(f"{ITUNES}*")}
    if not own:
        return
    yield from check_shared_elements(location, item)
    if not DURATION.fullmatch(own.get("duration", "0")):
        yield location.problem(f"itunes:duration is `{own['duration']}`", "write seconds, or hours:minutes:seconds")
    if own.get("episodeType", "full") not in EPISODE_TYPES:
        yield location.problem(f"itunes:episodeType is `{own['episodeType']}`", "write full, trailer or bonus")
    for name in ("episode", "season"):
        number = own.get(name, "1")
        if not (number.isascii() and number.isdigit() and int(number)):
            yield location.problem(f"itunes:{name} is not a number from 1 upwards: `{number}`")
    for enclosure in item.iterchildren("enclosure"):
        suffix = PurePosixPath(urlsplit(enclosure.get("url", "")).path).suffix
        if suffix not in SUFFIXES:
            yield location.warning(f"podcast directories do not take a {suffix or 'file without suffix'}")


def check_shared_elements(location: FeedLocation, parent: Any) -> Iterator[Problem]:
    """Yield what is wrong with the elements that channels and episodes share."""
    for child in parent.iterchildren(f"{ITUNES}*"):
        name = child.tag.removeprefix(ITUNES)
        if name == "explicit" and text(child).lower() not in ("true", "false"):
            yield location.problem(f"itunes:explicit is `{text(child)}`", "write true or false")
        elif name == "image" and not WEB.fullmatch(child.get("href", "")):
            yield location.problem(f"the artwork is not an absolute URL: `{child.get('href', '')}`")
        elif name == "image" and not urlsplit(child.get("href", "")).path.lower().endswith(ARTWORK):
            yield location.warning(f"the artwork is not a JPEG or PNG: `{child.get('href')}`")
        elif name == "author" and len(text(child)) > MAX_CHARACTERS:
            yield location.problem(f"itunes:author has {len(text(child))} characters, more than {MAX_CHARACTERS}")


def text(element: Any) -> str:
    """Return the text of an element without white space at its ends."""
    return (element.text or "").strip()
