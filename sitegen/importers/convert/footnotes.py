"""Finds footnotes in the markup of any platform, and converts them to one form.

A reference becomes `<a data-note="1">`, and a note becomes `<aside data-note="1">` at the end of the tree: they are
written as `[^1]` and `[^1]: ...`.
"""

import re

from sitegen.formats import lazy_regex
from sitegen.importers.convert.html_tree import Element, is_empty, make, remove, replace, unwrap, words

BACK_LINK_TEXT = lazy_regex.compile(
    r"^[\s\[(]*(?:↩|↵|⤴|⏎|⇡|↑|\^|back|return|jump up)[\s\ufe0e\ufe0f\])↩]*$", re.IGNORECASE
)
REFERENCE_TEXT = lazy_regex.compile(r"^[\s\[(]*(\d{1,4}|[*†‡§]+|[a-z]|[ivx]{1,6})[\s\]).:]*$", re.IGNORECASE)


def mark_footnotes(tree: Element) -> None:
    """Convert each short internal link and the note that it links to into a footnote."""
    targets = {
        str(node.get("id") or node.get("name")): node for node in tree.iter() if node.get("id") or node.get("name")
    }
    number = sum(1 for note in tree.iter("aside") if note.get("data-note"))
    labels: dict[Element, str] = {}
    for link in list(tree.iter("a")):
        target = targets.get((link.get("href") or "").removeprefix("#")) if _is_internal_link(link) else None
        if target is None or not REFERENCE_TEXT.match(words(link)) or _is_back_link(link, targets):
            continue
        note = _find_note(target)
        if note is None or note is tree or link in set(note.iter("a")):
            continue
        if note not in labels:
            number += 1
            labels[note] = str(number)
        _replace_reference(link, labels[note])
    for note, label in labels.items():
        _move_note(tree, note, label)


def make_reference(label: str) -> Element:
    """Return the element of a reference to a footnote."""
    return make("a", label, data_note=label)


def make_note(label: str, *children: Element, text: str = "") -> Element:
    """Return the element of a footnote with its content."""
    return make("aside", text, *children, data_note=label)


def _is_internal_link(link: Element) -> bool:
    return (link.get("href") or "").startswith("#") and len(link.get("href") or "") > 1


def _is_back_link(link: Element, targets: dict[str, Element]) -> bool:
    """Return whether a link is in a note and links back to the reference."""
    target = targets.get((link.get("href") or "").removeprefix("#"))
    linking = (target, *target.iter("a")) if target is not None else ()
    own_ids = {str(node.get("id")) for node in (link, *link.iterancestors()) if node.get("id")}
    links_back = any((node.get("href") or "").removeprefix("#") in own_ids for node in linking if node.get("href"))
    if not links_back:
        return False
    # Reference and note link to each other: the first one in the document is the reference.
    order = {node: at for at, node in enumerate(link.getroottree().iter())}
    return target is not None and order.get(target, 0) < order.get(link, 0)


def _find_note(target: Element) -> Element | None:
    for node in (target, *target.iterancestors()):
        if node.tag in ("li", "p", "dd", "aside", "tr") or (node.tag == "div" and node.getparent() is not None):
            return node
        if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "section", "article", "table", "blockquote"):
            return None
    return None


def _replace_reference(link: Element, label: str) -> None:
    parent = link.getparent()
    replace(link, make_reference(label))
    if parent is not None and parent.tag in ("sup", "span") and words(parent) == label and len(parent) == 1:
        unwrap(parent)


def _move_note(tree: Element, note: Element, label: str) -> None:
    for link in list(note.iter("a")):
        text = words(link)
        if _is_internal_link(link) and (not text or BACK_LINK_TEXT.match(text) or REFERENCE_TEXT.match(text)):
            parent = link.getparent()
            remove(link)
            if parent is not None and parent is not note and is_empty(parent):
                remove(parent)
    if note.text and (found := re.match(r"[\s\].:)]+", note.text)) and found.end() < len(note.text):
        note.text = note.text[found.end() :]
    moved = make_note(label)
    moved.text, container = note.text, note.getparent()
    moved.extend(list(note))
    remove(note)
    tree.append(moved)
    while container is not None and container is not tree and is_empty(container):
        grandparent = container.getparent()
        remove(container)
        container = grandparent
