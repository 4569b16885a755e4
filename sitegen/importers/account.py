"""Counts the attributes that are lost when a cleaned HTML tree becomes Markdown, by category."""

from collections import Counter

from sitegen.importers.archive.payload import MAX_NAME_CHARACTERS, holds_content
from sitegen.importers.convert.html_tree import Element, is_empty

MEDIA_ELEMENTS = frozenset(("a", "audio", "embed", "iframe", "img", "object", "picture", "source", "video"))
"""Elements with an attribute for the URL of their content; their `data-` attributes only repeat it."""


def count_attributes(tree: Element, dropped: Counter[str]) -> None:
    """Count the `data-` attributes of a cleaned tree that could hold content, since they are not written.

    Cleaners delete the attributes that they have read.
    """
    for element in tree.iter():
        for name in map(str, element.keys()):
            if not name.startswith("data-") or name == "data-note" or element.tag in MEDIA_ELEMENTS:
                continue
            if holds_content(element.get(name) or "") or is_empty(element):
                dropped[f"`{name}` of {describe(element)}"] += 1


def describe(element: Element) -> str:
    """Return an element's tag with its first class, for the report."""
    names = (element.get("class") or "").split()
    return f"<{element.tag} class={names[0][:MAX_NAME_CHARACTERS]}>" if names else f"<{element.tag}>"
