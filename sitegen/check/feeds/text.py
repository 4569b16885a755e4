"""Checks of plain text in feeds: titles, names and categories that a feed reader could misread as HTML."""

import re
from collections.abc import Callable, Iterator
from html.entities import name2codepoint

from sitegen.check.feeds.values import FeedLocation
from sitegen.errors import Problem
from sitegen.feeds.content import TAGS

END_TAG = re.compile(r"</(\w+)>")
ENTITY = re.compile(r"&(#?\w+)")
MARKUP = re.compile(r"&#[x0-9]|<[/a-zA-Z]")
SUSPECT = re.compile(r"[<&\x80-\x9f\ufffd]")
UNREADABLE = re.compile(r"[\x80-\x9f\ufffd]")

HasReferences = Callable[[int], bool]
"""Returns whether a line of a document has hexadecimal character references."""


def check_text(
    location: FeedLocation, name: str, text: str, has_references: HasReferences | None = None
) -> Iterator[Problem]:
    """Yield problems of a plain text that feed readers could misread; with `has_references`, of one in RSS.

    RSS does not define whether a text is HTML. All readers show "&" and "<" in the same way if they are written as
    hexadecimal references (RSS Advisory Board, Best Practices Profile).
    """
    if not SUSPECT.search(text):
        return
    if UNREADABLE.search(text):
        hint = "it was read in the wrong encoding at some time: correct the post"
        yield location.warning(f"{name} has characters that cannot be shown", hint)
    written = has_references is not None and has_references(location.line)
    tags = [tag for tag in END_TAG.findall(text) if tag.lower() in TAGS]
    entities = [] if written else [entity for entity in ENTITY.findall(text) if is_entity(entity)]
    if tags or entities:
        found = f"</{tags[0]}>" if tags else f"&{entities[0]};"
        yield location.warning(f"{name} contains `{found}`, which readers may take for HTML", "say it in other words")
    elif has_references is not None and not written and MARKUP.search(text):
        hint = "write & as &#x26; and < as &#x3C;, as the RSS Advisory Board advises"
        yield location.warning(f"{name} contains `&` or `<` in a form that readers may take for HTML", hint)


def is_entity(name: str) -> bool:
    """Return whether an HTML parser would read a name after "&" as a character."""
    return name in name2codepoint or name == "apos" or not name.isalpha()
