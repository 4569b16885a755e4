"""Flaws of OPML 2.0 lists of feeds."""

from collections.abc import Iterator
from typing import Any

from sitegen.check.feed_rss import text_of
from sitegen.check.feed_values import Flaw, Place, judge_same, judge_url


def judge_opml(root: Any) -> Iterator[Flaw]:
    """Yield what is wrong with an OPML document."""
    place = Place(line=root.sourceline)
    if root.get("version") != "2.0":
        yield place.flaw(f'the version of OPML is "{root.get("version") or ""}", not 2.0')
    if root.find("head") is None or not text_of(root, "head/title"):
        yield place.flaw("the list has no title in its head")
    if root.find("body") is None:
        yield place.flaw("the list has no body")
    seen: dict[str, str] = {}
    for number, outline in enumerate(root.iter("outline"), 1):
        here = Place(f'outline {number} ("{outline.get("text", "")[:60]}")', outline.sourceline)
        if not outline.get("text"):
            yield here.flaw("the outline has no text")
        if outline.get("type") == "rss" or outline.get("xmlUrl") is not None:
            if outline.get("type") != "rss":
                yield here.flaw('the outline of a feed has not the type "rss"', "every format of feed has this type")
            yield from judge_url(here, "xmlUrl", outline.get("xmlUrl"))
            yield from judge_same(here, seen, "xmlUrl", outline.get("xmlUrl") or "")
            if outline.get("htmlUrl") is not None:
                yield from judge_url(here, "htmlUrl", outline.get("htmlUrl"))
        elif not len(outline):
            yield here.flaw("the outline has neither a feed nor outlines in it")


def addresses(root: Any) -> list[str]:
    """Return the URLs of the feeds that a list names."""
    return [outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("xmlUrl")]
