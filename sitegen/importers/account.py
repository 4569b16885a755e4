"""Counts what a cleaned text loses when it becomes Markdown, by type."""

from collections import Counter

from sitegen.importers.archive.payload import LONGEST_NAME, holds_content
from sitegen.importers.convert.html_tree import Element, is_empty

CARRIERS = frozenset(("a", "audio", "embed", "iframe", "img", "object", "picture", "source", "video"))
"""Elements that name what they show in an attribute of their own; `data-` attributes only repeat it."""


def count_attributes(tree: Element, dropped: Counter[str]) -> None:
    """Count the `data-` attributes of a cleaned tree that could hold content: no writer writes them.

    A cleaner that has read such an attribute deletes it.
    """
    for element in tree.iter():
        for name in map(str, element.keys()):
            if not name.startswith("data-") or name == "data-note" or element.tag in CARRIERS:
                continue
            if holds_content(element.get(name) or "") or is_empty(element):
                dropped[f"`{name}` of {describe(element)}"] += 1


def describe(element: Element) -> str:
    """Return an element as a report names it: its tag with its first class."""
    names = (element.get("class") or "").split()
    return f"<{element.tag} class={names[0][:LONGEST_NAME]}>" if names else f"<{element.tag}>"
