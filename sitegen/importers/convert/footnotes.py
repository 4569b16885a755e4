"""Finds the footnotes of a text, however its platform marks them up, and makes them all alike.

Afterwards a reference is `<a data-note="1">`, and a note is `<aside data-note="1">` at the end of
the tree: the writer makes `[^1]` and `[^1]: ...` of them.
"""

import re

from sitegen.importers.convert.html_tree import Element, is_empty, make, remove, replace, unwrap, words

BACK = re.compile(r"^[\s\[(]*(?:↩|↵|⤴|⏎|⇡|↑|\^|back|return|jump up)[\s\ufe0e\ufe0f\])↩]*$", re.IGNORECASE)
NUMBER = re.compile(r"^[\s\[(]*(\d{1,4}|[*†‡§]+|[a-z]|[ivx]{1,6})[\s\]).:]*$", re.IGNORECASE)


def mark_footnotes(tree: Element) -> None:
    """Turn each pair of a short link into the page and the note that it leads to into a footnote."""
    targets = {
        str(node.get("id") or node.get("name")): node for node in tree.iter() if node.get("id") or node.get("name")
    }
    number = sum(1 for note in tree.iter("aside") if note.get("data-note"))
    known: dict[Element, str] = {}
    for link in list(tree.iter("a")):
        target = targets.get((link.get("href") or "").removeprefix("#")) if _leads_inside(link) else None
        if target is None or not NUMBER.match(words(link)) or _is_back_link(link, targets):
            continue
        note = _note_around(target)
        if note is None or note is tree or link in set(note.iter("a")):
            continue
        if note not in known:
            number += 1
            known[note] = str(number)
        _set_reference(link, known[note])
    for note, label in known.items():
        _set_note(tree, note, label)


def make_reference(label: str) -> Element:
    """Return the element that refers to a footnote."""
    return make("a", label, data_note=label)


def make_note(label: str, *children: Element, text: str = "") -> Element:
    """Return the element that holds a footnote's text."""
    return make("aside", text, *children, data_note=label)


def _leads_inside(link: Element) -> bool:
    return (link.get("href") or "").startswith("#") and len(link.get("href") or "") > 1


def _is_back_link(link: Element, targets: dict[str, Element]) -> bool:
    """Return whether a link stands in a note and leads back to the note's reference."""
    target = targets.get((link.get("href") or "").removeprefix("#"))
    holders = (target, *target.iter("a")) if target is not None else ()
    own = {str(node.get("id")) for node in (link, *link.iterancestors()) if node.get("id")}
    leads_back = any((node.get("href") or "").removeprefix("#") in own for node in holders if node.get("href"))
    if not leads_back:
        return False
    # Reference and note name each other: the one that comes first is the reference.
    order = {node: at for at, node in enumerate(link.getroottree().iter())}
    return target is not None and order.get(target, 0) < order.get(link, 0)


def _note_around(target: Element) -> Element | None:
    for node in (target, *target.iterancestors()):
        if node.tag in ("li", "p", "dd", "aside", "tr") or (node.tag == "div" and node.getparent() is not None):
            return node
        if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "section", "article", "table", "blockquote"):
            return None
    return None


def _set_reference(link: Element, label: str) -> None:
    parent = link.getparent()
    replace(link, make_reference(label))
    if parent is not None and parent.tag in ("sup", "span") and words(parent) == label and len(parent) == 1:
        unwrap(parent)


def _set_note(tree: Element, note: Element, label: str) -> None:
    for link in list(note.iter("a")):
        text = words(link)
        if _leads_inside(link) and (not text or BACK.match(text) or NUMBER.match(text)):
            parent = link.getparent()
            remove(link)
            if parent is not None and parent is not note and is_empty(parent):
                remove(parent)
    if note.text and (found := re.match(r"[\s\].:)]+", note.text)) and found.end() < len(note.text):
        note.text = note.text[found.end() :]
    holder = make_note(label)
    holder.text, around = note.text, note.getparent()
    holder.extend(list(note))
    remove(note)
    tree.append(holder)
    while around is not None and around is not tree and is_empty(around):
        up = around.getparent()
        remove(around)
        around = up
