"""Normalizes a tree for Markdown: no inline elements around blocks, no emphasis within the same emphasis."""

import re

from sitegen.formats.html_elements import BLOCKS, names
from sitegen.importers.convert.html_tree import Element, has_class, make, replace, unwrap, words
from sitegen.importers.convert.inline import EMPHASIS, STRONG, InlineNodes, append, child_nodes

INLINE = names("a strong b em i span u s sup sub small mark q")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def normalize_inline(tree: Element) -> None:
    """Move links and emphasis around blocks into the blocks, and unwrap nested emphasis."""
    for node in list(tree.iter(*INLINE)):
        if node.getparent() is not None and any(below.tag in BLOCKS for below in node.iterdescendants()):
            push_into_blocks(node)
    flatten_emphasis(tree)


def flatten_emphasis(tree: Element) -> None:
    """Unwrap emphasis within the same emphasis: it has no effect, and its markers cannot be nested."""
    for tags in (STRONG, EMPHASIS):
        for node in list(tree.iter(*tags)):
            if any(around.tag in tags for around in node.iterancestors()):
                unwrap(node)


def push_into_blocks(inline: Element) -> None:
    """Replace a link or emphasis around blocks with one inside of each block."""
    _wrap_runs(inline, inline)
    unwrap(inline)


def _wrap_runs(container: Element, pattern: Element) -> None:
    nodes = child_nodes(container)
    run: InlineNodes = []
    for child in list(container):
        container.remove(child)
    container.text = None

    def flush() -> None:
        if any(not isinstance(node, str) or node.strip() for node in run) and pattern.tag != "span":
            wrapper = make(str(pattern.tag))
            for name in ("href", "title"):
                if pattern.get(name):
                    wrapper.set(name, pattern.get(name) or "")
            append(wrapper, run)
            append(container, [wrapper])
        else:
            append(container, run)
        run.clear()

    for node in nodes:
        if isinstance(node, str) or not (
            node.tag in BLOCKS or any(below.tag in BLOCKS for below in node.iterdescendants())
        ):
            run.append(node)
        else:
            flush()
            node.tail = None
            _wrap_runs(node, pattern)
            append(container, [node])
    flush()


def drop_repeated_title(tree: Element, title: str) -> bool:
    """Remove a first heading that repeats the post's title, and return whether there was one."""
    for node in tree.iter():
        if node is tree or node.tag not in (*BLOCKS, "img", "hr"):
            continue
        if node.tag in ("h1", "h2") and fold_title(words(node)) == fold_title(title) and title:
            parent = node.getparent()
            assert parent is not None
            unwrap_tail = node.tail
            parent.remove(node) if not unwrap_tail else replace(node, make("span"))
            return True
        if node.tag in HEADINGS or (words(node) and not has_class(node, "header") and not len(node)):
            return False
    return False


def lower_headings(tree: Element) -> bool:
    """Lower all headings by one level if there is one of the first, which is the post's title; return whether so."""
    if next(tree.iter("h1"), None) is None:
        return False
    for node in list(tree.iter(*HEADINGS[:-1])):
        node.tag = HEADINGS[HEADINGS.index(str(node.tag)) + 1]
    return True


def fold_title(text: str) -> str:
    """Return the letters and digits of a title in one case: two that are the same then are of one post."""
    return re.sub(r"\W+", "", text).casefold()
