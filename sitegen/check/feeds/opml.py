"""Checks of OPML 2.0 lists of feeds."""

from collections.abc import Iterator
from typing import Any

from sitegen.check.feeds.rss_channel import text_of
from sitegen.check.feeds.values import FeedLocation, check_language, check_unique, check_url, read_rfc_822
from sitegen.errors import Problem
from sitegen.formats.html_elements import names

VERSIONS = names("RSS RSS1 scriptingNews")
HEAD = names(
    "title dateCreated dateModified ownerName ownerEmail ownerId docs expansionState vertScrollState windowTop "
    "windowLeft windowBottom windowRight"
)


def check_opml(root: Any) -> Iterator[Problem]:
    """Yield what is wrong with an OPML document."""
    location = FeedLocation(line=root.sourceline)
    if root.get("version") != "2.0":
        yield location.problem(f'the version of OPML is "{root.get("version") or ""}", not 2.0')
    if root.find("head") is None or not text_of(root, "head/title"):
        yield location.problem("the list has no title in its head")
    if len(root.findall("body")) != 1:
        yield location.problem(f"the list has {len(root.findall('body'))} bodies, not one")
    yield from check_head(location, root)
    seen: dict[str, str] = {}
    for number, outline in enumerate(root.iter("outline"), 1):
        here = FeedLocation(f'outline {number} ("{outline.get("text", "")[:60]}")', outline.sourceline)
        if not outline.get("text"):
            yield here.problem("the outline has no text")
        for name in ("isComment", "isBreakpoint"):
            if outline.get(name, "true") not in ("true", "false"):
                yield here.problem(f'{name} is "{outline.get(name)}", neither true nor false')
        if outline.get("type") == "rss" or outline.get("xmlUrl") is not None:
            yield from check_outline(here, outline)
            yield from check_unique(here, seen, "xmlUrl", outline.get("xmlUrl") or "")
        elif not len(outline):
            yield here.problem("the outline has neither a feed nor outlines in it")
        elif outline.get("title") is not None and outline.get("type") is None:
            yield here.warning("the folder has a title, but no type", "leave the title out: text says the name")


def check_head(location: FeedLocation, root: Any) -> Iterator[Problem]:
    """Yield what is wrong with the head of the list."""
    for element in root.findall("head/*"):
        text = (element.text or "").strip()
        if element.tag not in HEAD:
            yield location.problem(f"OPML has no element <{element.tag}> in its head")
        elif element.tag.startswith("date") and read_rfc_822(text) is None:
            yield location.problem(f'{element.tag} is not a date of RFC 822: "{text}"')
        elif element.tag == "ownerEmail" and "@" not in text:
            yield location.problem(f'ownerEmail is not an email address: "{text}"')


def check_outline(here: FeedLocation, outline: Any) -> Iterator[Problem]:
    """Yield what is wrong with the outline of a feed."""
    if outline.get("title") is None:
        yield here.warning("the outline has no title", "write the same as in text")
    if outline.get("type") != "rss":
        yield here.problem('the type of an outline of a feed is not "rss"', "every format of feed has this type")
    yield from check_url(here, "xmlUrl", outline.get("xmlUrl"))
    if outline.get("htmlUrl") is not None:
        yield from check_url(here, "htmlUrl", outline.get("htmlUrl"))
    if outline.get("version", "RSS") not in VERSIONS:
        yield here.problem(f'"{outline.get("version")}" is not a version of a feed', "remove the attribute")
    if outline.get("language") is not None:
        yield from check_language(here, outline.get("language"))


def addresses(root: Any) -> list[str]:
    """Return the URLs of the feeds that a list names."""
    return [outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("xmlUrl")]
