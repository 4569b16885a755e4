"""Checks of the channel of an RSS feed: the elements about the feed as a whole."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sitegen.check.feeds.extensions import check_relation
from sitegen.check.feeds.podcast import check_podcast
from sitegen.check.feeds.text import HasReferences, check_text
from sitegen.check.feeds.values import FeedLocation, check_language, check_number, check_url, read_rfc_822
from sitegen.check.feeds.vocabulary import ATOM, ATTRIBUTES, CHANNEL, ELEMENTS, HISTORY, REFUSED
from sitegen.errors import Problem

REPEATABLE = frozenset({"category", "item"})
DAYS = frozenset({"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
HOURS = frozenset(map(str, range(24)))
PARENTS = frozenset({"image", "item", "skipDays", "skipHours", "textInput"})
IMAGE_TYPES = frozenset({"gif", "jpeg", "jpg", "png"})
IMAGE_SIZES = {"width": 144, "height": 400}


def text_of(parent: Any, name: str) -> str:
    """Return the text of a child element without white space at its ends, "" if there is none."""
    if "/" in name and not name.startswith("{"):
        return (parent.findtext(name) or "").strip()
    element = child_of(parent, name)
    return "" if element is None else (element.text or "").strip()


def child_of(parent: Any, name: str) -> Any:
    """Return the first child element of a name, None if there is none: `find` does it too, in three times the time."""
    return next(parent.iterchildren(name), None)


def local(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def check_channel(channel: Any, has_references: HasReferences) -> Iterator[Problem]:
    """Yield what is wrong with the channel itself; `has_references` returns whether a line has such references."""
    location = FeedLocation(line=channel.sourceline)
    for name in ("title", "description"):
        if not text_of(channel, name):
            yield location.problem(f"the channel has no {name}")
    yield from check_url(location, "the link of the channel", text_of(channel, "link"))
    yield from check_element_names(location, channel, CHANNEL)
    for name, count in Counter(child.tag for child in channel.iterchildren("*")).items():
        if count > 1 and name not in REPEATABLE and (name in CHANNEL or name.startswith(HISTORY)):
            yield location.problem(f"the channel has several elements <{name.rpartition('}')[2]}>")
    if channel.find("language") is None:
        yield location.problem("the channel does not say its language", "add <language>")
    else:
        yield from check_language(location, text_of(channel, "language"))
    if channel.find("lastBuildDate") is None:
        yield location.warning("the channel has no lastBuildDate")
    for element in (*channel.iterchildren("lastBuildDate"), *channel.iterchildren("pubDate")):
        if read_rfc_822((element.text or "").strip()) is None:
            yield location.problem(f'{element.tag} is not a date of RFC 822: "{element.text or ""}"')
    for link in channel.iterchildren(f"{ATOM}link"):
        yield from check_relation(location, link, "application/rss+xml")
    yield from check_texts(channel, has_references)
    yield from check_optional_elements(location, channel)
    yield from check_podcast(location, channel)
    after = False
    for child in channel.iterchildren("*"):
        after = after or child.tag == "item"
        if after and child.tag != "item":
            yield FeedLocation(line=child.sourceline).warning(
                f"<{local(child)}> is after the items", "put the items last"
            )


def check_texts(channel: Any, has_references: HasReferences) -> Iterator[Problem]:
    """Yield what feed readers could misinterpret in the text elements of a channel."""
    for name in ("title", "description", "copyright"):
        for element in channel.iterchildren(name):
            yield from check_text(
                FeedLocation(line=element.sourceline), f"<{name}>", element.text or "", has_references
            )


def check_optional_elements(location: FeedLocation, channel: Any) -> Iterator[Problem]:
    """Yield what is wrong with elements that few channels have."""
    for name in ("managingEditor", "webMaster"):
        if channel.find(name) is not None and "@" not in text_of(channel, name):
            yield location.problem(f"{name} has no e-mail address", "remove it")
    if channel.find("docs") is not None:
        yield from check_url(location, "docs", text_of(channel, "docs"))
    if channel.find("ttl") is not None:
        yield from check_number(location, "ttl", text_of(channel, "ttl"))
    for name, part, known in (("skipHours", "hour", HOURS), ("skipDays", "day", DAYS)):
        declared = [(element.text or "").strip() for element in channel.findall(f"{name}/{part}")]
        if set(declared) - known or len(set(declared)) != len(declared):
            yield location.problem(f"{name} does not name {part}s, each once", "remove it: feed readers ignore it")
    cloud = channel.find("cloud")
    if cloud is not None and not all(cloud.get(name) for name in ATTRIBUTES["cloud"]):
        yield location.problem("the cloud element is incomplete", "use WebSub hubs instead")
    for image in channel.iterchildren("image"):
        yield from check_image(location, channel, image)


def check_image(location: FeedLocation, channel: Any, image: Any) -> Iterator[Problem]:
    """Yield what is wrong with the image of a channel."""
    yield from check_url(location, "the URL of the channel's image", text_of(image, "url"))
    yield from check_url(location, "the link of the channel's image", text_of(image, "link"))
    if not text_of(image, "title"):
        yield location.problem("the channel's image has no title")
    for name in ("title", "link"):
        if text_of(image, name) and text_of(image, name) != text_of(channel, name):
            yield location.warning(f"the {name} of the channel's image is not the channel's", "write the same in both")
    suffix = text_of(image, "url").rpartition(".")[2].lower()
    if suffix.isalnum() and suffix not in IMAGE_TYPES:
        yield location.warning(f"the channel's image is a .{suffix} file", "RSS knows JPEG, PNG and GIF")
    for name, most in IMAGE_SIZES.items():
        size = text_of(image, name)
        if image.find(name) is not None and not (size.isascii() and size.isdigit() and 0 < int(size) <= most):
            yield location.problem(f"the {name} of the channel's image is not a number up to {most}")


def check_element_names(location: FeedLocation, parent: Any, known: frozenset[str]) -> Iterator[Problem]:
    """Yield the children and attributes that readers and validators do not know, and text between the children."""
    texts = [parent.text, *(child.tail for child in parent)]
    if any(text and text.strip() for text in texts):
        yield location.problem(f"there is text between the elements of the {local(parent)}")
    if parent.attrib:
        yield location.problem(f"the {local(parent)} has attributes", "remove them")
    for child in parent.iterchildren("*"):
        tag = child.tag
        if tag.startswith("{"):
            problem = check_foreign_elements(tag)
            if problem:
                yield location.problem(problem, "remove it")
        elif tag not in known:
            yield location.problem(f"RSS has no element <{tag}> here")
        elif len(child) and tag not in PARENTS:
            yield location.problem(f"<{tag}> holds elements", "it is text: write markup as &lt;b&gt;, or not at all")
        elif tag != "item" and (names := child.keys()) and (unknown := set(names) - ATTRIBUTES.get(tag, set())):
            yield location.problem(f"<{tag}> has no attribute {min(unknown)} in RSS", "remove it")


@lru_cache(maxsize=1024)
def check_foreign_elements(tag: str) -> str:
    """Return what is wrong with an element of another vocabulary, whose name is in braces; "" for nothing."""
    space, _, name = tag.partition("}")
    if tag in REFUSED:
        return f"<{name}> is an element that validators refuse"
    if space + "}" not in ELEMENTS:
        return f"<{name}> is of the unknown vocabulary {space[1:]}"
    if name not in ELEMENTS[space + "}"]:
        return f"the vocabulary {space[1:]} has no element <{name}>"
    return ""
